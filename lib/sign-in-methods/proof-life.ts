/**
 * How long the proof of an account is valid: until an identity is taken out of it, or out of the account it was proven for.
 * @module
 */
import 'server-only'
import { hash12, parseJournal } from '../../core'
import type { Account } from '../auth0/account'
import type { Services } from '../link-flow/services'
import { orFallback } from '../store/or-fallback'
import { Refused } from './account-refusal'

/** How long an unlink is remembered to the millisecond, in seconds: longer than a flow can be open. */
const UNLINK_NOTE_SECONDS = 3600

const keyOf = async (userId: string) => `unlinked:${await hash12(userId)}`

/**
 * Remembers that accounts were taken apart just now, by our clock: earlier proofs of them are no longer valid.
 *
 * @param userIds - Of both.
 */
export async function noteUnlink(services: Pick<Services, 'store'>, userIds: string[]): Promise<void> {
  const now = String(Date.now())
  await Promise.all(
    userIds.map(async (id) =>
      orFallback(services.store.set(await keyOf(id), now, UNLINK_NOTE_SECONDS), undefined),
    ),
  )
}

/**
 * Whether an identity was taken out of one of some accounts since a moment, as far as this service remembers.
 *
 * @param provenAt - Milliseconds since the epoch, by our clock.
 */
export async function wasUnlinkedSince(
  services: Pick<Services, 'store'>,
  userIds: string[],
  provenAt: number,
): Promise<boolean> {
  const times = await Promise.all(
    userIds.map(async (id) => orFallback(services.store.get(await keyOf(id)), undefined)),
  )
  return times.some((time) => Number(time ?? 0) > provenAt)
}

/**
 * Passes a proof that was made since the last unlink of both accounts. A question that is still open in another tab must not link
 * again what was taken apart since: the person had read it, and proved the account, before.
 *
 * @param current - The account in use, read now.
 * @param other - The account that was proven, read now.
 * @param provenAt - When, in milliseconds since the epoch by our clock.
 * @throws {Refused} `already_used`
 */
export async function assertProofHolds(
  services: Pick<Services, 'store'>,
  current: Account,
  other: Account,
  provenAt: number,
): Promise<void> {
  const both = [current, other]
  // The account's own record has whole seconds; what this service remembers has milliseconds and orders events of one second.
  const isNoted = both
    .flatMap(parseJournal)
    .some(({ event, at }) => event !== 'linked' && at * 1000 > provenAt)
  if (
    isNoted ||
    (await wasUnlinkedSince(
      services,
      both.map(({ user_id }) => user_id),
      provenAt,
    ))
  )
    throw new Refused('already_used')
}
