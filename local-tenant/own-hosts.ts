/**
 * Whom the tenant answers: programs and pages of this machine, and no page of another site that a browser on it has open.
 * @module
 */
import type { Context, MiddlewareHandler } from 'hono'
import type { TenantState } from './state'
import type { TenantEnv } from './tenant-env'

/** The hosts of this machine; a port may follow. Nobody else can make a browser call these by a name of their own. */
const OWN = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i

/** Methods that change nothing. */
const SAFE = ['GET', 'HEAD', 'OPTIONS']

/** Values of `Sec-Fetch-Site` that say that another origin's page makes the call. */
const FOREIGN_SITES = ['cross-site', 'same-site']

/**
 * Answers 421 unless the request is for a host of this machine or a custom host of the options. With a name of their own that
 * they point to 127.0.0.1 (DNS rebinding), other sites could otherwise call everything here as if it were theirs.
 *
 * @param state - The tenant, for its custom hosts.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-15.5.20 RFC 9110, section 15.5.20}
 */
export function ownHostsOnly(state: TenantState): MiddlewareHandler<TenantEnv> {
  return async (context, next) => {
    const hosts = [context.req.header('host'), new URL(context.req.url).host]
    if (hosts.every((host) => host === undefined || isOwn(state, host))) return next()
    return context.text('The local tenant answers at localhost, 127.0.0.1 and [::1] only.', 421)
  }
}

/**
 * Answers 403 to a call that changes something and comes from a page of another origin. Browsers say so in `Sec-Fetch-Site` or
 * `Origin`, whatever the body's type; programs send neither.
 *
 * @see {@link https://www.w3.org/TR/fetch-metadata/ Fetch Metadata Request Headers}
 */
export function ownPagesOnly(): MiddlewareHandler<TenantEnv> {
  return async (context, next) => {
    if (SAFE.includes(context.req.method) || !isOfOtherOrigin(context)) return next()
    const message = 'The control API takes changes from its own pages and from programs only.'
    return context.json({ error: 'forbidden', message }, 403)
  }
}

function isOwn({ options }: TenantState, host: string): boolean {
  return OWN.test(host) || options.custom_hosts.some((custom) => host.replace(/:\d{1,5}$/, '') === custom)
}

function isOfOtherOrigin({ req }: Context<TenantEnv>): boolean {
  const origin = req.header('origin')
  return (
    FOREIGN_SITES.includes(req.header('sec-fetch-site') ?? '') ||
    (origin !== undefined && origin !== new URL(req.url).origin)
  )
}
