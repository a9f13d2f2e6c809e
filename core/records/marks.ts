/**
 * What a user's `app_metadata` keeps between logins, in one key: that the account was looked at, what the person declined, and how
 * the last attempt ended.
 * @module
 */

import { hash12 } from '../hash'
import { type LinkingUser, normalizeEmail } from '../identity'
import { normalizedList } from '../rules/connection-list'
import type { LinkPolicy } from '../rules/policy-options'
import { MARKS_KEY, SAMPLE_KEY } from './key-names'
import type { Decline, Marks } from './marks-shape'
import { keyFor, ownValue } from './own-keys'

/** Reads the marks of a user; empty if there are none. */
export const parseMarks = (user: Pick<LinkingUser, 'app_metadata'>): Marks => ({
  ...(ownValue(user, MARKS_KEY) as Marks | undefined),
})

/** The key that a user's marks stand under, or may be written under. */
export const marksKeyOf = (user: Pick<LinkingUser, 'app_metadata'>): string => keyFor(user, MARKS_KEY)

/**
 * What a "looked at" mark is about: the address, the identities, and what keeps accounts from being offered: the lists of
 * connections and the keys of `app_metadata`. A change of any of them, so also a link or an unlink, makes the mark lapse;
 * another spelling of the same lists does not.
 */
export const lookedKey = (
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
 * Whether a user need not be looked at again.
 *
 * @param user - The user; the mark of Auth0's published Action is honoured too.
 * @param key - {@link lookedKey} of the user now.
 * @param now - Seconds since the epoch.
 * @param markLife - Seconds after which that older mark lapses.
 */
export function isLookedAt(user: LinkingUser, key: string, now: number, markLife: number): boolean {
  const { looked } = parseMarks(user)
  const sample = user.app_metadata[SAMPLE_KEY]
  return looked
    ? looked.key === key && now < looked.until
    : // The mark of Auth0's published Action, in milliseconds.
      typeof sample === 'number' && now < sample / 1_000 + markLife
}

/** The name under which a decline of two accounts is kept, the same from both sides. */
export const pairKey = (userId: string, otherUserId: string): Promise<string> =>
  hash12([userId, otherUserId].sort().join())

type Marked = Pick<LinkingUser, 'user_id' | 'app_metadata'>

/** When the decline of two accounts expires, or expired. Either of them may keep it; 0 if neither does. */
export async function lapseOf(user: Marked, other: Marked): Promise<number> {
  const pair = await pairKey(user.user_id, other.user_id)
  return Math.max(...[user, other].map((each) => parseMarks(each).declined?.[pair]?.until ?? 0))
}

/** Whether the owner of one of two accounts said that a link of them was not theirs. Either of them may keep that. */
export async function isDisputed(user: Marked, other: Marked): Promise<boolean> {
  const pair = await pairKey(user.user_id, other.user_id)
  return [user, other].some((each) => parseMarks(each).declined?.[pair]?.disputed === true)
}

/** The marks of a user with one decline for some other accounts, by their user ids. */
export async function addDeclines(user: Marked, others: string[], decline: Decline): Promise<Marks> {
  const marks = parseMarks(user)
  const declined = { ...marks.declined }
  for (const other of others) declined[await pairKey(user.user_id, other)] = decline
  return { ...marks, declined }
}
