/**
 * A person at the page, and a flow of theirs.
 * @module
 */

import type { Session } from '@/lib/session/session'
import type { ProvenFlow } from '@/lib/sign-in-methods/connect/proven-account'

/** Seconds since the epoch, of the clock that a test may have set. */
export const now = () => Math.floor(Date.now() / 1000)

/**
 * A session of Ann's, who signed in just now.
 *
 * @param fields - What matters to the test.
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
 * A flow of Ann's in which she signed in to her Google account just now.
 *
 * @param fields - What matters to the test.
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
