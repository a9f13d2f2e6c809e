/**
 * How long a proof of ownership of an account is valid: until that account, or the current account of the person, is part of
 * an unlink.
 * @module
 */
import 'server-only'
import { hash12, parseJournal } from '../../core'
import type { Account } from '../auth0/account'
import type { Services } from '../link-flow/services'
import { fallBackIfStoreDown } from '../store/or-fallback'
import { SettingsRefusedError } from './account-refusal'

/** How long the store remembers the time of an unlink, in seconds. That is longer than a flow can be open. */
const UNLINK_NOTE_SECONDS = 3600

const keyOf = async (userId: string) => `unlinked:${await hash12(userId)}`

/**
 * Remembers in the store that two accounts were unlinked just now, by our clock: earlier proofs of ownership are then no
 * longer valid. Does nothing if the store is down.
 *
 * @param userIds - User ids of both accounts.
 */
export async function noteUnlink(services: Pick<Services, 'store'>, userIds: string[]): Promise<void> {
  const now = String(Date.now())
  await Promise.all(
    userIds.map(async (id) =>
      fallBackIfStoreDown(services.store.set(await keyOf(id), now, UNLINK_NOTE_SECONDS), undefined),
    ),
  )
}

/**
 * Whether one of the accounts was part of an unlink after `provenAt`. False if the store has forgotten the unlink or is
 * down.
 *
 * @param provenAt - Milliseconds since the epoch, by our clock.
 */
export async function wasUnlinkedSince(
  services: Pick<Services, 'store'>,
  userIds: string[],
  provenAt: number,
): Promise<boolean> {
  const times = await Promise.all(
    userIds.map(async (id) => fallBackIfStoreDown(services.store.get(await keyOf(id)), undefined)),
  )
  return times.some((time) => Number(time ?? 0) > provenAt)
}

/**
 * Checks that neither account was part of an unlink after the proof. Otherwise a page that is still open in another tab
 * could link the accounts again after the person unlinked them.
 *
 * @param current - The account of the person who is signed in, freshly read from the tenant.
 * @param other - The account that was proven, freshly read from the tenant.
 * @param provenAt - When it was proven, in milliseconds since the epoch by our clock.
 * @throws {SettingsRefusedError} `already_used` if there was an unlink since
 */
export async function assertProofHolds(
  services: Pick<Services, 'store'>,
  current: Account,
  other: Account,
  provenAt: number,
): Promise<void> {
  const both = [current, other]
  // The account's journal (its history of ended links) has whole seconds. The store has milliseconds, which also orders
  // events within one second.
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
    throw new SettingsRefusedError('already_used')
}
