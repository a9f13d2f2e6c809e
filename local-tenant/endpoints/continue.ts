/**
 * `/continue`: resumes a login that an Action suspended by a redirect.
 * @module
 */
import type { Context } from 'hono'
import { runPostLogin } from '../actions/post-login'
import { readBrowserCookie } from '../login/browser-cookies'
import { answerLogin } from '../login/login-flow'
import type { SuspendedLogin } from '../login/transactions'
import { errorPage } from '../pages/login-pages'
import type { TenantEnv } from '../tenant-env'
import { actionRequest, type Endpoint, type TenantParts } from '../tenant-parts'

/**
 * Resumes a login when its browser returns, by GET or POST, and runs the rest of its Actions.
 *
 * @see https://auth0.com/docs/customize/actions/redirect-with-actions
 */
export function continueLogin(parts: TenantParts): Endpoint {
  return async (context) => {
    const query = context.req.query()
    const body = context.req.method === 'POST' ? await bodyOf(context) : {}
    const suspended = findSuspended(parts, context, query, body)
    if (typeof suspended === 'string') return context.html(errorPage('invalid_request', suspended), 400)

    if (parts.state.options.answers.continue_twice === 'invalid_request') {
      parts.transactions.suspended.delete(suspended.state)
    }
    const login = structuredClone(suspended.login)
    const request = actionRequest(parts, context, { method: context.req.method, query, body })
    return answerLogin(parts, context, login, await runPostLogin(parts, login, request, suspended))
  }
}

/** Returns the login to resume, or a sentence that says why there is none. */
function findSuspended(
  { state, transactions }: TenantParts,
  context: Context<TenantEnv>,
  query: Record<string, string>,
  body: Record<string, string>,
): SuspendedLogin | string {
  const { answers } = state.options
  const id = query.state ?? (answers.continue_state_in_body ? body.state : undefined)
  if (id === undefined || id === '') return 'The state parameter is missing.'
  const suspended = transactions.suspended.get(id)
  if (!suspended) return 'The state parameter is not valid, or the sign-in was resumed before.'
  const { browser, door } = suspended.login
  if (answers.continue_cookie && readBrowserCookie(context, door, 'browser') !== browser) {
    return 'You may have pressed the back button, or this sign-in was started in another browser.'
  }
  if (state.now() - suspended.startedAt > answers.continue_lifetime * 1000) {
    transactions.suspended.delete(id)
    return 'The sign-in took too long and its session was not found.'
  }
  return suspended
}

async function bodyOf(context: Context<TenantEnv>): Promise<Record<string, string>> {
  const form = await context.req.parseBody()
  return Object.fromEntries(
    Object.entries(form).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}
