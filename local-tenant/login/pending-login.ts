/**
 * Finds the login a page of the tenant belongs to.
 * @module
 */
import type { Context } from 'hono'
import type { StoredConnection } from '../model'
import { errorPage } from '../pages/login-pages'
import type { TenantEnv } from '../tenant-env'
import type { Endpoint, TenantParts } from '../tenant-parts'
import { readBrowserCookie } from './browser-cookies'
import { canLogIn } from './can-log-in'
import type { LoginTransaction } from './transactions'

/**
 * Wraps a page of a login: it is shown to the browser the login started in, and to nobody else.
 *
 * @param parts - The tenant.
 * @param answer - The page.
 */
export function ofPendingLogin(
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
 * The connections a login may use.
 *
 * @param parts - The tenant.
 * @param transaction - The login; when it asks for one connection, that one only.
 */
export function connectionsOf(
  { state }: TenantParts,
  { request, client }: LoginTransaction,
): StoredConnection[] {
  return state.connections.filter(
    (connection) =>
      canLogIn(connection, client) && (request.connection ?? connection.name) === connection.name,
  )
}
