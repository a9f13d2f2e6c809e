/**
 * Finds the login that a page of the tenant belongs to.
 * @module
 */
import type { Context } from 'hono'
import type { StoredConnection } from '../model'
import { errorPage } from '../pages/login-pages'
import type { TenantEnv } from '../tenant-env'
import type { Endpoint, TenantParts } from '../tenant-parts'
import { readBrowserCookie } from './browser-cookies'
import { canLogIn } from './can-log-in'
import { findOrganization, mayUse } from './organization'
import type { LoginTransaction } from './transactions'

/**
 * Wraps a page of a login so that only the browser that started the login sees it.
 *
 * @param parts - The tenant.
 * @param answer - Handles the request and renders the page.
 */
export function withPendingLogin(
  parts: TenantParts,
  answer: (
    context: Context<TenantEnv>,
    transaction: LoginTransaction,
    form: Record<string, string>,
  ) => Response | Promise<Response>,
): Endpoint {
  return async (context) => {
    const transaction = parts.transactions.logins.get(context.req.query('state') ?? '')
    if (!transaction || readBrowserCookie(context, transaction.door, 'browser') !== transaction.browser) {
      return context.html(errorPage('invalid_request', 'This sign-in is not open in this browser.'), 400)
    }
    context.header('cache-control', 'no-store')
    const form = context.req.method === 'POST' ? await context.req.parseBody() : {}
    const texts = Object.entries(form).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    )
    return answer(context, transaction, Object.fromEntries(texts))
  }
}

/**
 * Returns the connections that a login may use.
 *
 * @param parts - The tenant.
 * @param transaction - The login. If its request names a connection, only that one is returned.
 */
export function connectionsOf(
  { state }: TenantParts,
  { request, client }: LoginTransaction,
): StoredConnection[] {
  const organization = findOrganization(state, request.organization)
  return state.connections.filter(
    (connection) =>
      canLogIn(connection, client) &&
      mayUse(organization, connection.name) &&
      (request.connection ?? connection.name) === connection.name,
  )
}
