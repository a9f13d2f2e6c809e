/**
 * Headers that Auth0 adds to responses.
 * @module
 */
import type { Context, MiddlewareHandler } from 'hono'
import type { TenantEnv } from '../tenant-env'

/** Items per page if the query does not say. */
const DEFAULT_PAGE_SIZE = 50

/** Adds the charset to the content type of JSON responses, as Auth0 does. */
export function jsonCharset(): MiddlewareHandler<TenantEnv> {
  return async (context, next) => {
    await next()
    if (context.res.headers.get('content-type') === 'application/json')
      context.header('content-type', 'application/json; charset=utf-8')
  }
}

/**
 * Adds headers to responses of the Management API: `www-authenticate` to a 401, and `link`, with the URLs of other pages, to
 * a list without totals.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8288 RFC 8288}
 */
export function managementHeaders(): MiddlewareHandler<TenantEnv> {
  return async (context, next) => {
    await next()
    if (context.res.status === 401) context.header('www-authenticate', 'Bearer')
    const total = context.get('total')
    const { include_totals: totals, take, from } = context.req.query()
    const isOfPages = take === undefined && from === undefined && perPageOf(context) > 0
    if (total !== undefined && totals !== 'true' && isOfPages) context.header('link', linksTo(context, total))
  }
}

function perPageOf(context: Context<TenantEnv>): number {
  return Number(context.req.query('per_page') ?? DEFAULT_PAGE_SIZE)
}

function linksTo(context: Context<TenantEnv>, total: number): string {
  const url = new URL(context.req.url)
  const page = Number(url.searchParams.get('page') ?? 0)
  const perPage = perPageOf(context)
  const last = Math.max(0, Math.ceil(total / perPage) - 1)
  const link = (to: number, relation: string) => {
    // If the query already has these parameters, they move to its end.
    for (const name of ['page', 'per_page']) url.searchParams.delete(name)
    url.searchParams.set('page', String(to))
    url.searchParams.set('per_page', String(perPage))
    return `<${url.href}>; rel="${relation}"`
  }
  return [
    link(0, 'first'),
    ...(page > 0 ? [link(page - 1, 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next')] : []),
    link(last, 'last'),
  ].join(', ')
}
