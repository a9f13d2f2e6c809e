/**
 * Asking a person for a second factor again whose account had one that ended with a link.
 * @module
 */
import { holds, isObject, isText, type LinkingUser } from '../identity'
import { parseMarks } from '../records/marks'
import type { Marks } from '../records/marks-shape'
import type { KeptRights } from '../records/snapshot'
import type { LinkPolicy } from '../rules/policy-options'

/** What an Action calls the factors that it can ask for, by the type of an authentication method. */
const FACTORS: Readonly<Record<string, string>> = {
  phone: 'phone',
  push: 'push-notification',
  'push-notification': 'push-notification',
  guardian: 'push-notification',
  'webauthn-roaming': 'webauthn-roaming',
  'webauthn-platform': 'webauthn-platform',
}

/**
 * What the marks of an account say after a link, if the person is to set up a factor again.
 *
 * @param plan - What becomes of the rights of the account that ends.
 * @param at - Seconds since the epoch.
 * @param endingId - User id of the account that ends.
 * @returns The factors to choose from. A one-time code is always among them, because a passkey is no second factor.
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
 * The factors that a person is to be asked for.
 *
 * @param user - The account; once it has a second factor, or is no longer linked, nothing is asked.
 * @returns Undefined if none is due.
 * @see {@link https://auth0.com/docs/actions/reference/post-login/post-login-api-object api.authentication.enrollWithAny}
 */
export function dueFactors(
  user: Pick<LinkingUser, 'app_metadata' | 'identities' | 'multifactor'>,
): string[] | undefined {
  const { enroll } = parseMarks(user)
  if (!isObject(enroll) || user.multifactor?.length || !Array.isArray(enroll.factors)) return undefined
  // The link was not made, or was undone.
  if (!holds(user, enroll.of)) return undefined
  const factors = enroll.factors.filter(isText)
  return factors.length > 0 ? factors : undefined
}
