/**
 * Limits the tenant to programs and pages of this machine. Pages of other sites, open in a browser on this machine, are
 * refused.
 * @module
 */
import type { Context, MiddlewareHandler } from 'hono'
import type { TenantState } from './state'
import type { TenantEnv } from './tenant-env'

/** The loopback hosts, with or without a port. No other site can own one of these names. */
const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i

/** Methods that change nothing. */
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

/** Values of `Sec-Fetch-Site` for calls that a page of another origin makes. */
const FOREIGN_SITES = ['cross-site', 'same-site']

/**
 * Answers 421 unless the request names a loopback host or a custom host of the options. Otherwise another site could point a
 * name of its own to 127.0.0.1 (DNS rebinding) and call the tenant as if it were the same origin.
 *
 * @param state - The tenant, for its custom hosts.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-15.5.20 RFC 9110, section 15.5.20}
 */
export function ownHostsOnly(state: TenantState): MiddlewareHandler<TenantEnv> {
  return async (context, next) => {
    const hosts = [context.req.header('host'), new URL(context.req.url).host]
    if (hosts.every((host) => host === undefined || isOwn(state, host))) return next()
    return context.text('The local tenant can be reached at localhost, 127.0.0.1 and [::1] only.', 421)
  }
}

/**
 * Answers 403 if a page of another origin makes a call that changes something. Browsers reveal this in `Sec-Fetch-Site` or
 * `Origin`, whatever the body's type; programs send neither header.
 *
 * @see {@link https://www.w3.org/TR/fetch-metadata/ Fetch Metadata Request Headers}
 */
export function ownPagesOnly(): MiddlewareHandler<TenantEnv> {
  return async (context, next) => {
    if (SAFE_METHODS.includes(context.req.method) || !isOfOtherOrigin(context)) return next()
    const message = 'Only programs and pages of the tenant can change something through the control API.'
    return context.json({ error: 'forbidden', message }, 403)
  }
}

function isOwn({ options }: TenantState, host: string): boolean {
  return (
    LOOPBACK_HOST.test(host) ||
    options.custom_hosts.some((custom) => host.replace(/:\d{1,5}$/, '') === custom)
  )
}

function isOfOtherOrigin({ req }: Context<TenantEnv>): boolean {
  const origin = req.header('origin')
  return (
    FOREIGN_SITES.includes(req.header('sec-fetch-site') ?? '') ||
    (origin !== undefined && origin !== new URL(req.url).origin)
  )
}
