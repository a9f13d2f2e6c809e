/**
 * Restoring what was kept of an account after it was disconnected.
 * @module
 */
import 'server-only'
import {
  type BothKinds,
  type GiveBack,
  hasField,
  isFinal,
  mergeKeptRights,
  nulls,
  ofBoth,
  pick,
  planGiveBack,
  toStoredSnapshot,
} from '../../core'
import { type Account, parseAccount } from '../auth0/account'
import type { AccountApi } from '../auth0/account-api'
import { ManagementApiError } from '../auth0/management-api-error'
import type { Services } from '../link-flow/services'
import { logEvent } from '../observability/log'
import type { AccountServices } from './account-services'
import { type LinkEnd, noteEnd } from './link-end'
import { returnRights } from './return-rights'
import { nowSeconds } from './seconds'
import { type StoredSnapshot, snapshotOf } from './snapshots'
import { withheldMetadataEntry } from './withheld-metadata'

/** Whether a link can still be undone: its snapshot is there, and the time for an undo is not over. */
export function canUndo(services: Pick<Services, 'undoPeriod'>, { snapshot }: StoredSnapshot): boolean {
  return snapshot.kept !== undefined && !isOver(services, snapshot.at)
}

/** Whether the time for undoing a link is over. */
export function isOver(services: Pick<Services, 'undoPeriod'>, at: number): boolean {
  const { undoPeriod } = services
  return undoPeriod !== 0 && Date.now() / 1000 >= at + undoPeriod
}

/**
 * What an account would get back, and what the account it was part of would give up.
 *
 * @param stored - What the link kept; undefined if it was made by other means.
 * @param isUndo - Whether the link is undone, within its time.
 */
export function planReturn(
  services: Pick<Services, 'policy'>,
  primary: Account,
  stored: StoredSnapshot | undefined,
  isUndo: boolean,
): Promise<GiveBack> {
  return planGiveBack(primary, stored?.snapshot, services.policy, isUndo)
}

/**
 * Restores an account, with its rights, then takes what was restored from the account it was part of, and records there what happened. Each step
 * can be repeated, and nothing is taken before it was given.
 *
 * @param primary - The account it was part of, read now.
 * @param userId - The account that is on its own again.
 * @param stored - What the link kept.
 * @param end - What to record; undefined if the link was never made or was ended by other means.
 * @throws {ManagementApiError} `not_found` if the account does not exist, `management_failed` if the answer does not show what was
 *   given; the remaining steps can be done later.
 */
export async function giveBack(
  services: Pick<AccountServices, 'authorities' | 'linkProof' | 'policy'>,
  api: AccountApi,
  primary: Account,
  userId: string,
  stored: StoredSnapshot,
  end: LinkEnd | undefined,
): Promise<void> {
  const { give, take, heldBack } = await planReturn(services, primary, stored, end?.event === 'restored')
  const returned = await api.getUser(userId)
  const refused = await giveTo(api, returned, give, end?.at ?? stored.snapshot.at)
  const heirs = await returnRights(services, api, primary, returned, stored, end !== undefined)
  const withheld = ofBoth((kind) => ({ ...missingIn(returned, heldBack)[kind], ...refused[kind] }))
  await api.patchUser(
    primary.user_id,
    withoutEmpty({
      user_metadata: nulls(take.user_metadata),
      app_metadata: {
        ...nulls(take.app_metadata),
        ...(await withheldMetadataEntry(primary, userId, withheld)),
        ...heirs,
        [stored.key]: null,
        ...(end && (await noteEnd(services, primary, userId, stored, end))),
      },
    }),
  )
}

/**
 * Gives an account what it lacks. Nothing is taken elsewhere before the answer shows that it arrived.
 *
 * @param since - Since when this is due, in seconds since the epoch.
 * @returns What the tenant has not accepted for so long that it is withheld instead: nothing waits forever.
 * @throws {ManagementApiError} As {@link giveBack}, while there is time left.
 */
async function giveTo(
  api: AccountApi,
  returned: Account,
  give: BothKinds,
  since: number,
): Promise<BothKinds> {
  const given = missingIn(returned, give)
  if (isNothing(given)) return given
  try {
    const written = parseAccount(await api.patchUser(returned.user_id, withoutEmpty(given)))
    const missing = written ? missingIn(written, given) : given
    if (isNothing(missing)) return missing
    if (!isGivenUp(since, true)) throw new ManagementApiError('management_failed')
    logEvent('not_given_back', { code: 'management_failed' })
    return missing
  } catch (error) {
    if (!(error instanceof ManagementApiError) || error.code === 'not_found') throw error
    if (!isGivenUp(since, isFinal(error) && error.code !== 'missing_scope')) throw error
    logEvent('not_given_back', { code: error.code, status: error.status })
    return given
  }
}

/** How long a restore is retried that the tenant refuses, and one that it does not answer, in seconds. */
const RETURN_TRIES_SECONDS = { refused: 86_400, unanswered: 30 * 86_400 }

function isGivenUp(since: number, isRefused: boolean): boolean {
  return nowSeconds() - since >= (isRefused ? RETURN_TRIES_SECONDS.refused : RETURN_TRIES_SECONDS.unanswered)
}

const isNothing = (fields: BothKinds): boolean => Object.keys(withoutEmpty(fields)).length === 0

/**
 * Keeps what should be restored with the snapshot of a newer link of the two accounts, which a login made in the meantime: that link
 * found the other account empty, and ends it once more.
 *
 * @param primary - The account that keeps it, read now.
 * @param stored - What the earlier link kept.
 * @returns False if there is no such link.
 * @throws {ManagementApiError}
 */
export async function keepForNextTime(
  api: AccountApi,
  primary: Account,
  { snapshot: before }: StoredSnapshot,
): Promise<boolean> {
  const again = await snapshotOf(primary, before.user_id)
  if (!again || again.snapshot.returning) return false
  const { key, snapshot } = again
  const kept = ofBoth((kind) => ({ ...before.kept?.[kind], ...snapshot.kept?.[kind] }))
  const carried = ofBoth((kind) => [
    ...new Set([...(before.carried?.[kind] ?? []), ...(snapshot.carried?.[kind] ?? [])]),
  ])
  const rights = snapshot.rights && mergeKeptRights(before.rights, snapshot.rights)
  await api.patchUser(primary.user_id, {
    app_metadata: { [key]: toStoredSnapshot({ ...snapshot, kept, carried, ...(rights && { rights }) }) },
  })
  return true
}

/** The fields that an account lacks. Those that it has now are newer than the kept ones. */
function missingIn(account: Account, fields: BothKinds): BothKinds {
  return ofBoth((kind) =>
    pick(fields[kind], (key) => hasField(fields[kind], key) && !hasField(account[kind], key)),
  )
}

// An empty object would clear the whole field.
const withoutEmpty = (patch: Partial<BothKinds>): Partial<BothKinds> =>
  Object.fromEntries(Object.entries(patch).filter(([, fields]) => Object.keys(fields).length > 0))
