/**
 * The two addresses of the one tenant.
 * @module
 */
import type { TenantSettings } from './settings'

/** The address a request came in by. Everything answered or issued through it carries its issuer. */
export interface Door {
  name: 'login' | 'canonical'
  /** Without a trailing slash. */
  origin: string
  /** `origin` with a trailing slash. */
  issuer: string
}

/**
 * The door a request came in by: TLS is the canonical one, however the loopback host is spelled.
 *
 * @param settings - Where the tenant lives.
 * @param url - The request's URL.
 */
export function doorOf(settings: TenantSettings, url: string): Door {
  const name = new URL(url).protocol === 'https:' ? 'canonical' : 'login'
  const origin = name === 'canonical' ? settings.canonicalOrigin : settings.loginOrigin
  return { name, origin, issuer: `${origin}/` }
}
