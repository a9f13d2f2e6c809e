/**
 * Reads and updates the marks: whether we looked for other accounts, what the person declined, and how the last attempt to link
 * ended.
 * @module
 */

import { hash12 } from '../hash'
import { type LinkingUser, normalizeEmail } from '../identity'
import { normalizedList } from '../rules/connection-list'
import type { LinkPolicy } from '../rules/policy-options'
import { MARKS_KEY, SAMPLE_KEY } from './key-names'
import type { Decline, Marks } from './marks-shape'
import { ownMetadataKey, ownValue } from './own-keys'

/** Reads a user's marks; empty if there are none. */
export const parseMarks = (user: Pick<LinkingUser, 'app_metadata'>): Marks => ({
  ...(ownValue(user, MARKS_KEY) as Marks | undefined),
})

/** The `app_metadata` key of a user's marks. */
export const marksKeyOf = (user: Pick<LinkingUser, 'app_metadata'>): string => ownMetadataKey(user, MARKS_KEY)

/**
 * A hash of everything a "looked at" mark depends on: email address, identities, and the operator's lists that keep accounts
 * from being offered. If any of them changes, for example by a link or an unlink, the mark expires. Another spelling of the
 * same lists does not change the hash.
 */
export const lookupMarkHash = (
  { email, identities }: Pick<LinkingUser, 'email' | 'identities'>,
  policy: Pick<LinkPolicy, 'trusted' | 'blocked' | 'provisioned' | 'refuseKeys'>,
): Promise<string> =>
  hash12(
    JSON.stringify([
      normalizeEmail(email),
      identities.map(({ user_id }) => user_id).sort(),
      [policy.trusted, policy.blocked, policy.provisioned, policy.refuseKeys].map(normalizedList),
    ]),
  )

/**
 * Whether this login need not look for other accounts, because an earlier one did.
 *
 * @param user - The user. The mark of Auth0's published Action counts, too.
 * @param key - {@link lookupMarkHash} of the user now.
 * @param now - Seconds since the epoch.
 * @param markLife - Seconds after which the mark of Auth0's Action expires.
 */
export function isLookedAt(user: LinkingUser, key: string, now: number, markLife: number): boolean {
  const { looked } = parseMarks(user)
  const sample = user.app_metadata[SAMPLE_KEY]
  return looked
    ? looked.key === key && now < looked.until
    : // The mark of Auth0's published Action, in milliseconds.
      typeof sample === 'number' && now < sample / 1_000 + markLife
}

/** The key of a pair's decline: the same for either order of the two. */
export const pairKey = (userId: string, otherUserId: string): Promise<string> =>
  hash12([userId, otherUserId].sort().join())

type Marked = Pick<LinkingUser, 'user_id' | 'app_metadata'>

/** Expiry of a pair's decline, in seconds since the epoch; 0 if none. Either account's marks may hold it. */
export async function declineExpiry(user: Marked, other: Marked): Promise<number> {
  const pair = await pairKey(user.user_id, other.user_id)
  return Math.max(...[user, other].map((each) => parseMarks(each).declined?.[pair]?.until ?? 0))
}

/** Returns a user's marks with a decline added for each of some other user ids. */
export async function addDeclines(user: Marked, others: string[], decline: Decline): Promise<Marks> {
  const marks = parseMarks(user)
  const declined = { ...marks.declined }
  for (const other of others) declined[await pairKey(user.user_id, other)] = decline
  return { ...marks, declined }
}
