/**
 * Finds out which of the tenant's two domains a request was sent to.
 * @module
 */
import type { Door } from './model'
import type { TenantSettings } from './settings'
import type { TenantOptions } from './world/options'

/**
 * Returns the domain that a request was sent to: the login domain or the canonical domain. The host name does not tell them
 * apart, because both answer at every loopback host. If only the canonical domain uses TLS, the scheme tells them apart,
 * otherwise the port. At the port of the login domain, every host counts as the login domain, except those that the option
 * `custom_hosts` declares as further custom domains.
 *
 * @param state - The tenant's origins and its custom hosts.
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

/** Returns an origin with another host name and the same scheme and port. */
export function atHost(origin: string, hostname: string): string {
  const url = new URL(origin)
  url.hostname = hostname
  return url.origin
}
