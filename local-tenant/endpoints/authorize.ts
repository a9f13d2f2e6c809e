/**
 * `/authorize`: reuses the browser's session, or redirects to the login page.
 * @module
 */
import type { Context } from 'hono'
import { parseAuthorizationRequest } from '../login/authorization-request'
import { authorizationResponse } from '../login/authorization-response'
import { readBrowserCookie, setBrowserCookie } from '../login/browser-cookies'
import { enterActions } from '../login/login-flow'
import { browserSession, isReusable } from '../login/sso-session'
import { type LoginTransaction, randomToken } from '../login/transactions'
import { errorPage } from '../pages/login-pages'
import type { TenantEnv } from '../tenant-env'
import { doorFor, type Endpoint, type TenantParts } from '../tenant-parts'

/**
 * Handles an authorization request by GET or POST.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthorizationEndpoint OpenID Connect Core section 3.1.2}
 */
export function authorize(parts: TenantParts): Endpoint {
  return async (context) => {
    const { state, transactions } = parts
    const parsed = parseAuthorizationRequest(state, await parametersOf(context))
    if (!('request' in parsed)) {
      return context.html(errorPage(parsed.problem.error, parsed.problem.description), 403)
    }
    const { client, request, problem } = parsed
    if (problem) {
      return authorizationResponse(parts, context, request, {
        error: problem.error,
        error_description: problem.description,
      })
    }
    const door = doorFor(parts, context)
    const browser = readBrowserCookie(context, door, 'browser') ?? randomToken()
    setBrowserCookie(context, door, 'browser', browser)
    const transaction: LoginTransaction = { id: randomToken(), door, browser, client, request }

    const session = browserSession(state, context, door)
    if (session && isReusable(state, session, request)) {
      if (!state.users.get(session.user_id)?.blocked) {
        return enterActions(parts, context, transaction, session)
      }
      return authorizationResponse(parts, context, request, {
        error: 'unauthorized',
        error_description: 'user is blocked',
      })
    }
    if (request.prompt.includes('none')) {
      return authorizationResponse(parts, context, request, {
        error: 'login_required',
        error_description: 'Login required',
      })
    }
    transactions.logins.set(transaction.id, transaction)
    context.header('cache-control', 'no-store')
    return context.redirect(`${firstPage(parts, transaction)}?state=${transaction.id}`, 302)
  }
}

async function parametersOf(context: Context<TenantEnv>): Promise<Record<string, string>> {
  if (context.req.method !== 'POST') return context.req.query()
  const form = await context.req.parseBody()
  const texts = Object.entries(form).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return Object.fromEntries(texts)
}

function firstPage({ state }: TenantParts, { request }: LoginTransaction): string {
  const strategy = state.connections.find(({ name }) => name === request.connection)?.strategy
  if (strategy === undefined || strategy === 'auth0') return '/u/login'
  return strategy === 'email' ? '/u/passwordless' : '/u/identity-provider'
}
