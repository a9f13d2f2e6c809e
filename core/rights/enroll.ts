/**
 * Asks a person to set up a second factor again, if a link has ended the account that had it.
 * @module
 */
import { hasIdentity, isObject, isString, type LinkingUser } from '../identity'
import { parseMarks } from '../records/marks'
import type { Marks } from '../records/marks-shape'
import type { KeptRights } from '../records/snapshot'
import type { LinkPolicy } from '../rules/policy-options'

/** The name that Actions use for each factor, by the type of the authentication method in the Management API. */
const FACTORS: Readonly<Record<string, string>> = {
  phone: 'phone',
  push: 'push-notification',
  'push-notification': 'push-notification',
  guardian: 'push-notification',
  'webauthn-roaming': 'webauthn-roaming',
  'webauthn-platform': 'webauthn-platform',
}

/**
 * The mark (our note in an account's `app_metadata`) that a link leaves if the person is to set up a factor again.
 *
 * @param plan - What happens to the rights of the secondary account.
 * @param at - Seconds since the epoch.
 * @param endingId - User id of the secondary account.
 * @returns The mark with the factors to choose from, or an empty object if there is nothing to set up. A one-time code is always
 *   among the factors: if only a passkey was lost, there would be nothing to choose, because a passkey is no second factor.
 */
export function enrollAfter(
  { dropped }: KeptRights,
  { factors }: Pick<LinkPolicy, 'factors'>,
  at: number,
  endingId: string,
): Pick<Marks, 'enroll'> {
  if (factors !== 'enroll' || !dropped.factors) return {}
  const names = dropped.factors.flatMap((type) => FACTORS[type] ?? [])
  return { enroll: { at, of: endingId, factors: [...new Set(['otp', ...names])] } }
}

/**
 * The second factors that a person is to be asked to set up.
 *
 * @param user - The account. Once it has a second factor, or is no longer linked, no factor is due.
 * @returns Undefined if none is due.
 * @see {@link https://auth0.com/docs/actions/reference/post-login/post-login-api-object api.authentication.enrollWithAny}
 */
export function factorsToEnroll(
  user: Pick<LinkingUser, 'app_metadata' | 'identities' | 'multifactor'>,
): string[] | undefined {
  const { enroll } = parseMarks(user)
  if (!isObject(enroll) || user.multifactor?.length || !Array.isArray(enroll.factors)) return undefined
  // The link was not made, or was undone.
  if (!hasIdentity(user, enroll.of)) return undefined
  const factors = enroll.factors.filter(isString)
  return factors.length > 0 ? factors : undefined
}
