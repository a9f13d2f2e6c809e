import 'server-only'
import { parseUrl } from '../../core/parse-url'

/** A domain of a tenant: its origin, and the two forms in which tokens name it as their issuer. */
export interface TenantDomain {
  /** `https://tenant.example.com`, without a slash at the end. */
  origin: string
  /** The origin with a slash at the end: `iss` of ID tokens and of discovery. */
  issuer: string
  /** `tenant.example.com`, with the port if one was given: `iss` of session tokens. */
  host: string
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Whether an origin is on this machine, so that plain http to it crosses no network. */
export function isLoopback(origin: string): boolean {
  return LOOPBACK.has(new URL(origin).hostname)
}

/**
 * Whether the session library can sign people in at a domain. It accepts only host names without a port, and no local ones. The
 * exception is `localhost`, which may have a port.
 *
 * @see {@link https://github.com/auth0/nextjs-auth0 nextjs-auth0}, `validateDomainHostname`
 */
export function canSignInAt({ origin }: TenantDomain): boolean {
  const { hostname, port } = new URL(origin)
  if (hostname === 'localhost') return true
  const isAddress = hostname.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(hostname)
  const isLocalName = hostname.startsWith('localhost.') || /\.(localhost|local)$/.test(hostname)
  return port === '' && !isAddress && !isLocalName
}

/**
 * Reads a tenant's domain: a bare host, as Auth0's dashboard shows it, or an http(s) origin for a local tenant.
 *
 * @param value - `tenant.example.com`, `https://localhost:4401` or `http://localhost:4400`.
 * @returns The domain, or undefined if the value carries a path, credentials or anything else.
 */
export function parseTenantDomain(value: string): TenantDomain | undefined {
  const address = /^https?:\/\//.test(value) ? value : `https://${value}`
  // URL accepts a comma as part of a host, so it would accept a list of domains as one domain.
  const url = address.includes(',') ? undefined : parseUrl(address)
  if (url?.origin !== address.toLowerCase().replace(/\/$/, '')) return undefined
  return { origin: url.origin, issuer: `${url.origin}/`, host: url.host }
}

/**
 * Reads a list of tenant domains, separated by commas.
 *
 * @param value - Each entry must have the form that {@link parseTenantDomain} reads.
 * @returns The domains in the same order, without duplicates; undefined if one cannot be read.
 */
export function parseTenantDomains(value: string): TenantDomain[] | undefined {
  const byOrigin = new Map<string, TenantDomain>()
  for (const entry of value.split(',').map((text) => text.trim())) {
    if (entry === '') continue
    const domain = parseTenantDomain(entry)
    if (!domain) return undefined
    if (!byOrigin.has(domain.origin)) byOrigin.set(domain.origin, domain)
  }
  return [...byOrigin.values()]
}
