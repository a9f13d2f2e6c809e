/**
 * Finishes links and unlinks that were interrupted, and deletes data that is no longer needed. This happens after a view of
 * the page, after the Action reports a link, and in background jobs.
 * @module
 */
import 'server-only'
import { hasIdentity, hasNoRights, nulls, parseMarks, type Snapshot, toStoredSnapshot } from '../../../core'
import { LinkingError } from '../../../core/errors'
import type { Account } from '../../auth0/account'
import type { AccountApi } from '../../auth0/account-api'
import { ManagementApiError } from '../../auth0/management-api-error'
import type { Services } from '../../link-flow/services'
import { logEvent } from '../../observability/log'
import { SettingsRefusedError } from '../account-refusal'
import type { AccountServices } from '../account-services'
import { abandonOrUndo, adoptUndo, commitOpen } from '../link/adoption'
import { nowSeconds } from '../seconds'
import { readSnapshots, type StoredSnapshot, snapshotOf } from '../snapshots'
import { withAccountLock } from '../with-account-lock'
import { noteOnly, type UnlinkRecord } from './link-end'
import { isUndoPeriodOver, planReturn, restoreUnlinkedAccount } from './return-account'
import { takeBackRights } from './return-rights'
import { withheldMetadataOlderThan } from './withheld-metadata'

/** How long after its start an unlink counts as interrupted, in seconds. */
const INTERRUPTED_AFTER_SECONDS = 60
/**
 * If an identity is not linked and its snapshot is older than this, in seconds, the link was never made. `given` applies if
 * the primary account was given rights for the link: the Action does that within 20 s, and the rest allows for clocks that
 * differ. `prepared` applies if the operator's application was asked and did not hear the result: its `prepare` has then
 * expired. `otherwise` is longer than a login can wait for the person.
 */
const NEVER_MADE_AFTER_SECONDS = { given: 40, prepared: 15 * 60, otherwise: 3600 }

/**
 * What must be done with a snapshot. `return`: restore the unlinked account. `withdraw`: remove the announcement of an unlink
 * that failed. `commit`: tell the operator's application that the link was made. `shorten`: delete what is kept only for an
 * undo.
 */
type Due = 'return' | 'withdraw' | 'commit' | 'shorten' | undefined

function dueOf(
  services: Pick<Services, 'adopt' | 'undoPeriod'>,
  account: Account,
  { snapshot }: StoredSnapshot,
): Due {
  const now = Date.now() / 1000
  const { adoption, returning } = snapshot
  if (returning && now < returning.at + INTERRUPTED_AFTER_SECONDS) return undefined
  if (!hasIdentity(account, snapshot.user_id)) {
    return returning || now > snapshot.at + neverMadeAfter(services, snapshot) ? 'return' : undefined
  }
  if (returning) return 'withdraw'
  if (isUndoPeriodOver(services, snapshot.at) && (snapshot.kept || snapshot.carried)) return 'shorten'
  return services.adopt && adoption && !adoption.ended ? 'commit' : undefined
}

function neverMadeAfter({ adopt }: Pick<Services, 'adopt'>, { adoption, rights }: Snapshot): number {
  const { given, prepared, otherwise } = NEVER_MADE_AFTER_SECONDS
  if (!hasNoRights(rights?.given ?? {})) return given
  return adopt && adoption && !adoption.ended ? prepared : otherwise
}

/**
 * Repairs an account. Restores an account if an unlink was interrupted or made by other means, takes back what was carried
 * over for a link that was never made, tells the operator's application of links that it has not confirmed, and deletes kept
 * metadata after the undo period. Never throws.
 *
 * @param account - Freshly read from the tenant. To change a snapshot, the account is read again under a lock.
 */
export async function repairAccount(services: AccountServices, account: Account): Promise<void> {
  if (services.linkingAuthority === 'user') return
  for (const stored of await readSnapshots(account))
    if (dueOf(services, account, stored))
      await repairSnapshot(services, account.user_id, stored.snapshot.user_id)
  const { undoPeriod } = services
  const overdue = undoPeriod === 0 ? [] : withheldMetadataOlderThan(account, nowSeconds() - undoPeriod)
  if (overdue.length > 0) await quietly(() => drop(services, account.user_id, overdue))
}

const drop = (services: Pick<AccountServices, 'managementApi'>, userId: string, keys: string[]) =>
  services.managementApi().patchUser(userId, {
    app_metadata: Object.fromEntries(keys.map((key) => [key, null])),
  })

/** Reads an account again, and does what is due with one of its snapshots. Never throws. */
export const repairSnapshot = (services: AccountServices, accountId: string, identityId: string) =>
  quietly(() =>
    withAccountLock(services, [accountId, identityId], async () => {
      const api = services.managementApi()
      const account = await api.getUser(accountId)
      const stored = await snapshotOf(account, identityId)
      if (stored) await carryOut(services, api, account, stored)
    }),
  )

async function quietly(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const isKnown =
      error instanceof ManagementApiError ||
      error instanceof SettingsRefusedError ||
      error instanceof LinkingError
    logEvent('not_tidied', { code: isKnown ? error.code : 'internal' })
  }
}

async function carryOut(
  services: Pick<AccountServices, 'adopt' | 'authorities' | 'linkProof' | 'policy' | 'undoPeriod'>,
  api: AccountApi,
  account: Account,
  stored: StoredSnapshot,
): Promise<void> {
  const { key, snapshot } = stored
  const { returning, ...rest } = snapshot
  const write = (value: Snapshot) =>
    api.patchUser(account.user_id, { app_metadata: { [key]: toStoredSnapshot(value) } })
  switch (dueOf(services, account, stored)) {
    case 'return':
      await finishReturn(services, api, account, stored)
      return
    case 'withdraw':
      await write(rest)
      return
    case 'commit':
      await commitOpen(services, api, account)
      return
    case 'shorten': {
      const { at, user_id, proof, adoption } = snapshot
      await write({ at, user_id, proof, ...(adoption && { adoption }) })
      return
    }
    default:
  }
}

/**
 * Restores the account of a snapshot whose identity is no longer linked: the unlink was interrupted or made by other means,
 * or the link was never made. Also tells the operator's application (adoption). Call it under locks on both accounts.
 *
 * @param account - The account that has the snapshot, freshly read from the tenant. The identity is not part of it.
 * @param stored - The link's snapshot.
 * @param endByOthers - The end of the link to record, if we know that others ended it.
 * @throws {ManagementApiError}
 */
export async function finishReturn(
  services: Pick<AccountServices, 'adopt' | 'authorities' | 'linkProof' | 'policy' | 'undoPeriod'>,
  api: AccountApi,
  account: Account,
  stored: StoredSnapshot,
  endByOthers?: UnlinkRecord,
): Promise<void> {
  const { at, user_id: userId, returning } = stored.snapshot
  const { changed } = parseMarks(account)
  const ownEnd: UnlinkRecord | undefined = returning && {
    event: returning.undo ? 'restored' : 'unlinked',
    at: returning.at,
    // The announcement of the unlink recorded the latest time at which it can have been done.
    before: changed?.at === returning.at ? changed.before : undefined,
  }
  const end = ownEnd ?? endByOthers
  if (returning) await adoptUndo(services, 'commit', account.user_id, stored, returning.at)
  const left = returning ? stored : await abandonOrUndo(services, api, account.user_id, stored)
  try {
    await restoreUnlinkedAccount(services, api, account, userId, left, end)
  } catch (error) {
    const isGone = error instanceof ManagementApiError && error.code === 'not_found'
    if (!isGone) throw error
    if (end && returning?.remove) await noteOnly(services, api, account, userId, stored, end)
    // The secondary account is gone, and no unlink is known: the link was never made, for example because another account
    // linked the secondary one at the same moment. Take back what was copied for the link.
    else if (!end) await takeBackCopied(services, api, account, left)
    // The unlinked account no longer exists. Keep its snapshot until the undo period is over.
    else if (isUndoPeriodOver(services, at))
      await api.patchUser(account.user_id, { app_metadata: { [stored.key]: null } })
  }
}

/**
 * Takes back from the primary account the fields and rights that it got for a link that was never made. The snapshot stays
 * until the undo period is over, because it may be the only copy of the secondary account's data.
 */
async function takeBackCopied(
  services: Pick<Services, 'authorities' | 'policy' | 'undoPeriod'>,
  api: AccountApi,
  account: Account,
  stored: StoredSnapshot,
): Promise<void> {
  const { take } = await planReturn(services, account, stored, false)
  const isTaking =
    take.user_metadata.length + take.app_metadata.length > 0 ||
    !hasNoRights(stored.snapshot.rights?.given ?? {})
  const isDropped = isUndoPeriodOver(services, stored.snapshot.at)
  if (!isTaking && !isDropped) return
  await takeBackRights(services, api, account, stored)
  // Record that they were taken back, so that this happens only once: an equal value that appears later is the account's
  // own.
  const { rights, ...snapshot } = stored.snapshot
  const rest = {
    ...snapshot,
    carried: { user_metadata: [], app_metadata: [] },
    ...(rights && { rights: { ...rights, given: {} } }),
  }
  await api.patchUser(account.user_id, {
    ...(take.user_metadata.length > 0 && { user_metadata: nulls(take.user_metadata) }),
    app_metadata: { ...nulls(take.app_metadata), [stored.key]: isDropped ? null : toStoredSnapshot(rest) },
  })
}
