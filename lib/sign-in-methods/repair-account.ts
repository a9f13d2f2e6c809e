/**
 * Finishing what was interrupted, and dropping what need not be kept any longer. This happens when the page is viewed.
 * @module
 */
import 'server-only'
import { holds, isNone, nulls, parseMarks, type Snapshot, toStoredSnapshot } from '../../core'
import { LinkingError } from '../../core/errors'
import type { Account } from '../auth0/account'
import type { ManagementApi } from '../auth0/management-api'
import { ManagementApiError } from '../auth0/management-api-error'
import type { Services } from '../link-flow/services'
import { logEvent } from '../observability/log'
import { Refused } from './account-refusal'
import { abandonOrUndo, adoptUndo, commitOpen } from './adoption'
import { type LinkEnd, noteOnly } from './link-end'
import { giveBack, isOver, planReturn } from './return-account'
import { takeBackRights } from './return-rights'
import { nowSeconds } from './seconds'
import type { SignInServices } from './services'
import { readSnapshots, type StoredSnapshot, snapshotOf } from './snapshots'
import { withAccountLock } from './with-account-lock'
import { withheldMetadataOlderThan } from './withheld-metadata'

/** How long after its start an unlink counts as interrupted, in seconds. */
const INTERRUPTED_AFTER_SECONDS = 60
/** How long a link may take to appear, in seconds; a login that waits for its answer lasts less. If rights were given for it, a minute is enough. */
const NEVER_MADE_AFTER_SECONDS = 3600

/** What must be done with a snapshot. */
type Due = 'return' | 'calm' | 'commit' | 'shorten' | undefined

function dueOf(
  services: Pick<Services, 'adopt' | 'undoPeriod'>,
  account: Account,
  { snapshot }: StoredSnapshot,
): Due {
  const now = Date.now() / 1000
  const { returning } = snapshot
  if (returning && now < returning.at + INTERRUPTED_AFTER_SECONDS) return undefined
  if (!holds(account, snapshot.user_id)) {
    const isGiven = !isNone(snapshot.rights?.given ?? {})
    const after = isGiven ? INTERRUPTED_AFTER_SECONDS : NEVER_MADE_AFTER_SECONDS
    return returning || now > snapshot.at + after ? 'return' : undefined
  }
  if (returning) return 'calm'
  const { adoption } = snapshot
  if (isOver(services, snapshot.at) && (snapshot.kept || snapshot.carried)) return 'shorten'
  return services.adopt && adoption && !adoption.ended ? 'commit' : undefined
}

/**
 * Repairs an account after links and unlinks: restores what an interrupted unlink, or one made by other means, did not; takes back
 * what a link that was never made had carried over; drops metadata whose time is over. Never throws.
 *
 * @param account - As just read; it is read again before anything is done.
 */
export async function repairAccount(services: SignInServices, account: Account): Promise<void> {
  if (services.linkingAuthority === 'user') return
  for (const stored of await readSnapshots(account))
    if (dueOf(services, account, stored))
      await repairSnapshot(services, account.user_id, stored.snapshot.user_id)
  const { undoPeriod } = services
  const overdue = undoPeriod === 0 ? [] : withheldMetadataOlderThan(account, nowSeconds() - undoPeriod)
  if (overdue.length > 0) await quietly(() => drop(services, account.user_id, overdue))
}

const drop = (services: Pick<SignInServices, 'managementApi'>, userId: string, keys: string[]) =>
  services.managementApi().patchUser(userId, {
    app_metadata: Object.fromEntries(keys.map((key) => [key, null])),
  })

const repairSnapshot = (services: SignInServices, accountId: string, identityId: string) =>
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
      error instanceof ManagementApiError || error instanceof Refused || error instanceof LinkingError
    logEvent('not_tidied', { code: isKnown ? error.code : 'internal' })
  }
}

async function carryOut(
  services: Pick<SignInServices, 'adopt' | 'authorities' | 'linkProof' | 'policy' | 'undoPeriod'>,
  api: ManagementApi,
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
    case 'calm':
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
 * Restores what an interrupted unlink, or one made by other means, did not. Call it under locks on both accounts.
 *
 * @param account - As just read; the identity is not part of it.
 * @param stored - What the link kept.
 * @throws {ManagementApiError}
 */
export async function finishReturn(
  services: Pick<SignInServices, 'adopt' | 'authorities' | 'linkProof' | 'policy' | 'undoPeriod'>,
  api: ManagementApi,
  account: Account,
  stored: StoredSnapshot,
): Promise<void> {
  const { at, user_id: userId, returning } = stored.snapshot
  const { changed } = parseMarks(account)
  const end: LinkEnd | undefined = returning && {
    event: returning.undo ? 'restored' : 'unlinked',
    at: returning.at,
    // The announcement recorded the latest possible time.
    before: changed?.at === returning.at ? changed.before : undefined,
  }
  if (returning) await adoptUndo(services, 'commit', account.user_id, stored, returning.at)
  const left = returning ? stored : await abandonOrUndo(services, api, account.user_id, stored)
  try {
    await giveBack(services, api, account, userId, left, end)
  } catch (error) {
    const isGone = error instanceof ManagementApiError && error.code === 'not_found'
    if (!isGone) throw error
    if (end && returning?.remove) await noteOnly(services, api, account, userId, stored, end)
    // The link was never made, because another account linked that one at the same moment: what this one copied is not its own.
    else if (!end) await takeBackCopied(services, api, account, left)
    // The account no longer exists: its snapshot is deleted once the time for an undo is over.
    else if (isOver(services, at))
      await api.patchUser(account.user_id, { app_metadata: { [stored.key]: null } })
  }
}

/**
 * Takes back what was copied from an account that another one linked. What was kept of it stays until its time is over: it may exist
 * nowhere else.
 */
async function takeBackCopied(
  services: Pick<Services, 'authorities' | 'policy' | 'undoPeriod'>,
  api: ManagementApi,
  account: Account,
  stored: StoredSnapshot,
): Promise<void> {
  const { take } = await planReturn(services, account, stored, false)
  const isTaking =
    take.user_metadata.length + take.app_metadata.length > 0 || !isNone(stored.snapshot.rights?.given ?? {})
  const isDropped = isOver(services, stored.snapshot.at)
  if (!isTaking && !isDropped) return
  await takeBackRights(services, api, account, stored)
  // Take it back once only: a later value that is equal is the account's own.
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
