/**
 * A session of a person at the page "Sign-in methods", and a connect flow of that person.
 * @module
 */

import type { Session } from '@/lib/session/session'
import type { ProvenFlow } from '@/lib/sign-in-methods/connect/proven-account'

/** Seconds since the epoch, by the clock of the test. */
export const now = () => Math.floor(Date.now() / 1000)

/**
 * A session of Ann's, who has just signed in.
 *
 * @param fields - Fields that the test sets.
 */
export function aSession(fields: Partial<Session> = {}): Session {
  return {
    userId: 'auth0|ann',
    authTime: now(),
    hasUsedMfa: false,
    stepUpsWithoutFactor: 0,
    since: now(),
    sid: 'own-session',
    organization: undefined,
    accessToken: 'own-token',
    ...fields,
  }
}

/**
 * A connect flow in which Ann has just signed in to her Google account.
 *
 * @param fields - Fields that the test sets.
 */
export function aFlow(fields: Partial<ProvenFlow> = {}): ProvenFlow {
  return {
    handle: '0123456789abcdef',
    sub: 'auth0|ann',
    openedAt: now(),
    chosen: { connection: 'google-oauth2', provider: 'google-oauth2' },
    proof: { userId: 'google-oauth2|ann-g', email: 'ann@example.com', hasUsedMfa: false },
    ...fields,
  }
}
