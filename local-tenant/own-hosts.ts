/**
 * Protects the tenant from pages of other sites that are open in a browser on this machine.
 * @module
 */
import type { Context, MiddlewareHandler } from 'hono'
import type { TenantState } from './state'
import type { TenantEnv } from './tenant-env'

/** The loopback hosts, with or without a port. No other site can own one of these names. */
const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i

/** Methods that change nothing. */
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

/** Values of `Sec-Fetch-Site` in requests from a page of another origin. */
const FOREIGN_SITES = ['cross-site', 'same-site']

/**
 * Responds with 421 unless the request is for a loopback host or a host of the option `custom_hosts`. Without this check,
 * another site could point one of its own host names to 127.0.0.1 (DNS rebinding), and its scripts could then use the tenant
 * as if it were of their own origin.
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
 * Responds with 403 if a page of another origin sends a request that changes something. Browsers reveal the page's origin in
 * `Sec-Fetch-Site` or `Origin`, whatever the content type of the body. Programs send neither header.
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
