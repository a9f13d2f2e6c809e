/**
 * Logins in which an Action asks the user to enroll a second factor.
 * @module
 */
import type { Context } from 'hono'
import type { AuthenticationMethod } from '../model'
import type { TenantState } from '../state'
import type { TenantEnv } from '../tenant-env'
import type { TenantParts } from '../tenant-parts'
import type { PostLogin } from './transactions'

/**
 * Sends the browser to the page on which the user enrolls.
 *
 * @param login - The login. It must have a browser.
 * @param factors - Auth0's names of the factors to choose from; at least one.
 * @throws {Error} If the login has no browser.
 */
export function askToEnroll(
  { transactions }: TenantParts,
  context: Context<TenantEnv>,
  login: PostLogin,
  factors: string[],
): Response {
  const { transactionId: id, door, browser = '', client, request } = login
  if (!request) throw new Error('a login without a browser cannot enroll')
  transactions.logins.set(id, { id, door, browser, client, request, enrolling: { login, factors } })
  context.header('cache-control', 'no-store')
  return context.redirect(`/u/mfa-enroll?state=${id}`, 302)
}

/** Records in a login, and in its session, that the user has proven a factor. */
export function recordFactor(state: TenantState, login: PostLogin, factor: AuthenticationMethod): void {
  login.methods.push(factor)
  const stored = login.session && state.sessions.get(login.session.id)
  for (const session of new Set([login.session, stored]))
    if (session) session.amr = [...session.amr, factor.name]
}
