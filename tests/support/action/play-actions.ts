/**
 * Changes the Actions of a running tenant.
 * @module
 */
import type { RunningTenant } from '@/local-tenant/start'
import { actionFixture } from '../tenant/tenant'

/**
 * Replaces the tenant's Actions and their additional secrets.
 *
 * @param actions - Names of Action fixtures, in order.
 */
export function playActions(
  { state }: RunningTenant,
  actions: string[],
  secrets: Record<string, string> = {},
): void {
  state.settings.actions.splice(0, Number.POSITIVE_INFINITY, ...actions.map(actionFixture))
  for (const name of Object.keys(state.settings.secrets)) delete state.settings.secrets[name]
  Object.assign(state.settings.secrets, secrets)
  state.startActions()
}

/**
 * Replaces the tenant's Actions by one with the given code.
 *
 * @param execute - Body of `onExecutePostLogin`.
 * @param proceed - Body of `onContinuePostLogin`.
 */
export function scriptAction(tenant: RunningTenant, execute: string, proceed = ''): void {
  playActions(tenant, ['scripted'], { EXECUTE: execute, CONTINUE: proceed })
}

/** Code for an Action that redirects the user to the service with a token. */
export const SEND_WITH_TOKEN = `
  const token = api.redirect.encodeToken({
    secret: event.secrets.SESSION_TOKEN_SHARED_SECRET, payload: { asked: 'something' } })
  api.redirect.sendUserTo(event.secrets.ACCOUNT_LINKING_SERVICE_URL, { query: { session_token: token } })`

/** Code for an Action that puts the response token's claims into a claim of the ID token. */
export const TAKE_ANSWER = `
  const answer = api.redirect.validateToken({
    secret: event.secrets.SESSION_TOKEN_SHARED_SECRET, tokenParameterName: 'session_token' })
  api.idToken.setCustomClaim('https://example.com/answer', answer)`
