/**
 * Restores an unlinked account from the link's snapshot.
 * @module
 */
import 'server-only'
import {
  type BothKinds,
  type GiveBack,
  hasField,
  isPermanentFailure,
  mapMetadataKinds,
  mergeKeptRights,
  nulls,
  pickBy,
  planGiveBack,
  toStoredSnapshot,
} from '../../../core'
import { type Account, parseAccount } from '../../auth0/account'
import type { AccountApi } from '../../auth0/account-api'
import { ManagementApiError } from '../../auth0/management-api-error'
import type { Services } from '../../link-flow/services'
import { logEvent } from '../../observability/log'
import type { AccountServices } from '../account-services'
import { type StoredSnapshot, snapshotOf } from '../snapshots'
import { noteEnd, type UnlinkRecord } from './link-end'
import { returnRights } from './return-rights'
import { isGivenUp } from './return-tries'
import { withheldMetadataEntry } from './withheld-metadata'

/**
 * Whether the undo period of a link is over.
 *
 * @param at - When the link was made, in seconds since the epoch.
 */
export function isUndoPeriodOver(services: Pick<Services, 'undoPeriod'>, at: number): boolean {
  const { undoPeriod } = services
  return undoPeriod !== 0 && Date.now() / 1000 >= at + undoPeriod
}

/**
 * Works out which metadata fields the unlinked account gets back, and which the primary account loses.
 *
 * @param stored - The link's snapshot; undefined if the link was made by other means.
 * @param isUndo - Whether the link is undone, within the undo period.
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
 * Restores the metadata and the rights of an unlinked account. Then removes from the primary account what the link had given
 * it, and records the end of the link there. Each step can be repeated, and nothing is removed before it has been restored.
 *
 * @param primary - The account that the unlinked one was part of, freshly read from the tenant.
 * @param userId - User id of the unlinked account.
 * @param stored - The link's snapshot.
 * @param end - The end of the link to record; undefined if the link was never made, or if it is not known how it ended.
 * @throws {ManagementApiError} `not_found` if the unlinked account does not exist, `management_failed` if the tenant's
 *   response does not show the restored fields. The remaining steps can be done later.
 */
export async function restoreUnlinkedAccount(
  services: Pick<AccountServices, 'authorities' | 'linkProof' | 'policy'>,
  api: AccountApi,
  primary: Account,
  userId: string,
  stored: StoredSnapshot,
  end: UnlinkRecord | undefined,
): Promise<void> {
  const { give, take, heldBack } = await planReturn(services, primary, stored, end?.event === 'restored')
  const returned = await api.getUser(userId)
  const since = end?.at ?? stored.snapshot.at
  const refused = await giveTo(api, returned, give, since)
  const changedSnapshots = await returnRights(services, api, primary, returned, stored, {
    wasPart: end !== undefined,
    since,
  })
  const withheld = mapMetadataKinds((kind) => ({ ...missingIn(returned, heldBack)[kind], ...refused[kind] }))
  await api.patchUser(
    primary.user_id,
    withoutEmpty({
      user_metadata: nulls(take.user_metadata),
      app_metadata: {
        ...nulls(take.app_metadata),
        ...(await withheldMetadataEntry(primary, userId, withheld)),
        ...changedSnapshots,
        [stored.key]: null,
        ...(end && (await noteEnd(services, primary, userId, stored, end))),
      },
    }),
  )
}

/**
 * Writes to the unlinked account the fields that it lacks, and checks in the response that they were stored.
 *
 * @param since - When this was first tried, in seconds since the epoch.
 * @returns Fields that the tenant has not accepted for so long that we give up: the caller withholds them.
 * @throws {ManagementApiError} As {@link restoreUnlinkedAccount}, as long as a later attempt may succeed.
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
    if (!isGivenUp(since, isPermanentFailure(error) && error.code !== 'missing_scope')) throw error
    logEvent('not_given_back', { code: error.code, status: error.status })
    return given
  }
}

const isNothing = (fields: BothKinds): boolean => Object.keys(withoutEmpty(fields)).length === 0

/**
 * Merges the content of a snapshot into the snapshot of a newer link of the same two accounts. A login made the newer link
 * before the secondary account was restored, so the newer snapshot lacks that data.
 *
 * @param primary - The account that stores the snapshots, freshly read from the tenant.
 * @param stored - The snapshot of the earlier link.
 * @returns False if there is no newer link.
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
  const kept = mapMetadataKinds((kind) => ({ ...before.kept?.[kind], ...snapshot.kept?.[kind] }))
  const carried = mapMetadataKinds((kind) => [
    ...new Set([...(before.carried?.[kind] ?? []), ...(snapshot.carried?.[kind] ?? [])]),
  ])
  const rights = snapshot.rights && mergeKeptRights(before.rights, snapshot.rights)
  await api.patchUser(primary.user_id, {
    app_metadata: { [key]: toStoredSnapshot({ ...snapshot, kept, carried, ...(rights && { rights }) }) },
  })
  return true
}

/** Those of `fields` that an account lacks. Fields that it has are newer than the kept ones: do not overwrite them. */
function missingIn(account: Account, fields: BothKinds): BothKinds {
  return mapMetadataKinds((kind) =>
    pickBy(fields[kind], (key) => hasField(fields[kind], key) && !hasField(account[kind], key)),
  )
}

// Leave out empty objects: Auth0 would delete all of `user_metadata` or `app_metadata`.
const withoutEmpty = (patch: Partial<BothKinds>): Partial<BothKinds> =>
  Object.fromEntries(Object.entries(patch).filter(([, fields]) => Object.keys(fields).length > 0))
