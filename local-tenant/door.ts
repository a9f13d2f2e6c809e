/**
 * The addresses of the one tenant.
 * @module
 */
import type { Door } from './model'
import type { TenantSettings } from './settings'
import type { TenantOptions } from './world/options'

/**
 * The door a request came in by, however the loopback host is spelled. If only the canonical door has TLS, the scheme tells
 * them apart, otherwise the port does. At the login door every host is the one login domain, but for those that are set to be
 * custom domains of their own.
 *
 * @param state - Where the tenant lives, and its custom hosts.
 * @param url - The request's URL.
 */
export function doorOf(
  { settings, options }: { settings: TenantSettings; options: TenantOptions },
  url: string,
): Door {
  const { protocol, port, hostname } = new URL(url)
  const login = new URL(settings.loginOrigin)
  const isCanonical = login.protocol === 'https:' ? port !== login.port : protocol === 'https:'
  if (isCanonical) return door('canonical', settings.canonicalOrigin)
  const isCustom = options.custom_hosts.some((host) => host === hostname)
  return door('login', isCustom ? atHost(settings.loginOrigin, hostname) : settings.loginOrigin)
}

const door = (name: Door['name'], origin: string): Door => ({ name, origin, issuer: `${origin}/` })

/** The same address at another spelling of the host. */
export function atHost(origin: string, hostname: string): string {
  const url = new URL(origin)
  url.hostname = hostname
  return url.origin
}
