import 'server-only'
import {
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import { appUrl } from '../http/redirects'
import { providerOf } from '../session/flow-identities'
import type { AuthorizationAttempt, FlowCandidate, LinkTransaction } from '../session/transaction-shape'
import { linkingClient } from './tenant-metadata'

/** Asks the tenant for a second factor. */
const MULTI_FACTOR = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor'
/** Providers whose sign-in is the tenant's own form; every other one has a list of accounts of its own. */
const OWN_FORM = new Set(['auth0', 'email', 'sms'])

/** The path at which the tenant's answer arrives; registered at the tenant as an allowed callback. */
export const CALLBACK_PATH = '/link/callback'

/**
 * Starts the authorization that is to prove a candidate.
 *
 * @param transaction - Its state is carried in the tenant's, so that the answer finds its flow.
 * @param index - Of the candidate, in the transaction's list.
 * @param candidate - The candidate itself.
 * @returns The address to send the browser to, and what to keep for the answer.
 * @throws {LinkingError} `tenant_unreachable` | `bad_issuer`
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest OpenID Connect Core, 3.1.2.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7636 RFC 7636}
 */
export async function startAuthorization(
  transaction: LinkTransaction,
  index: number,
  candidate: FlowCandidate,
): Promise<{ url: string; attempt: AuthorizationAttempt }> {
  const attempt: AuthorizationAttempt = {
    candidate: index,
    state: `${transaction.handle}.${randomState()}`,
    nonce: randomNonce(),
    verifier: randomPKCECodeVerifier(),
    startedAt: Math.floor(Date.now() / 1000),
  }
  const isOwnForm = OWN_FORM.has(providerOf(candidate.userId))
  const url = buildAuthorizationUrl(await linkingClient(), {
    redirect_uri: appUrl(CALLBACK_PATH),
    scope: 'openid email',
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: await calculatePKCECodeChallenge(attempt.verifier),
    code_challenge_method: 'S256',
    connection: candidate.connection,
    max_age: '0',
    // After a wrong account a provider would sign the same one in again, unless it is asked for its list.
    prompt: transaction.wrong && !isOwnForm ? 'select_account' : 'login',
    ...(transaction.email && { login_hint: transaction.email }),
    ...(candidate.mfa && { acr_values: MULTI_FACTOR }),
  })
  return { url: url.href, attempt }
}
