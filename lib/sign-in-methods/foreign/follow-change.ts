/**
 * The background job that reacts to a link or an unlink that someone else made: in Auth0's dashboard, with a script, or with
 * one of Auth0's published Actions. It records the change, emits an event and tells the operator's application (adoption).
 * It decides by the account as it is now, so the order in which the tenant sends its events does not matter.
 *
 * @see docs/reference/links-by-others.md
 * @module
 */
import 'server-only'
import {
  hash12,
  hashHex,
  hasIdentity,
  ownMetadataKey,
  parseJournal,
  type Snapshot,
  snapshotKeyOf,
  standsAloneAgain,
  toStoredSnapshot,
} from '../../../core'
import { LinkingError } from '../../../core/errors'
import { type Account, parseAccount } from '../../auth0/account'
import type { AccountApi } from '../../auth0/account-api'
import { accountOrNone } from '../../auth0/account-or-none'
import { ManagementApiError } from '../../auth0/management-api-error'
import type { AccountEvent } from '../../events/account-event'
import type { ForeignChange } from '../../jobs/account-work'
import { logEvent } from '../../observability/log'
import { SettingsRefusedError } from '../account-refusal'
import type { AccountServices } from '../account-services'
import { commitOpen } from '../link/adoption'
import { FOREIGN_WAY, type PageProof } from '../link-proof'
import { noteEnd, type UnlinkRecord } from '../repair/link-end'
import { finishReturn } from '../repair/repair-account'
import { nowSeconds } from '../seconds'
import { type StoredSnapshot, snapshotOf } from '../snapshots'
import { withAccountLock } from '../with-account-lock'

/** The client is empty: the events of the tenant do not always say who made a link. */
const FOREIGN_PROOF: PageProof = { way: FOREIGN_WAY, client_id: '', client_name: '' }
/** How many seconds an unlink may be dated before the tenant's event about it, because two clocks are involved. */
const SKEW = 120
/** Greatest age of an account that an unlink may have created again just now, in seconds: events may arrive late. */
const RECENT_SECONDS = 86_400
/** How long we remember that an event was emitted, in seconds. The job is retried for about 90 minutes. */
const TOLD_SECONDS = 86_400

/**
 * Reads an account again, and handles each identity that it may have got or lost. A linked identity that has a snapshot was
 * linked by us, or its link is recorded already. Can be repeated.
 *
 * @returns Whether nothing is left to do. Never throws.
 */
export async function followForeignChange(
  services: AccountServices,
  { accountId, at, identities }: ForeignChange,
): Promise<boolean> {
  const ours = { ...services, linkProof: FOREIGN_PROOF }
  try {
    for (const { id, wasHeld } of identities)
      await withAccountLock(services, [accountId, id], () => followOne(ours, accountId, at, id, wasHeld))
    return true
  } catch (error) {
    // The account was deleted, or is part of another account now. The tenant sends other events about that.
    if (error instanceof ManagementApiError && error.code === 'not_found') return true
    const isKnown =
      error instanceof ManagementApiError ||
      error instanceof SettingsRefusedError ||
      error instanceof LinkingError
    logEvent('foreign_change_failed', { code: isKnown ? error.code : 'internal' })
    return false
  }
}

async function followOne(
  services: AccountServices,
  accountId: string,
  at: number,
  identityId: string,
  wasHeld: boolean,
): Promise<void> {
  const api = services.managementApi()
  const account = await api.getUser(accountId)
  const stored = await snapshotOf(account, identityId)
  if (hasIdentity(account, identityId)) {
    if (stored ? isOfThisChange(stored.snapshot, at) : !wasHeld)
      await followLink(services, api, account, identityId, at, stored)
  } else if (stored) await followUnlink(services, api, account, stored, at)
  else if (wasHeld) await recordUnlink(services, api, account, identityId, at)
}

/** Whether an earlier attempt of this job recorded the link in this snapshot, perhaps without emitting the event. */
const isOfThisChange = ({ proof, at: linkedAt, returning }: Snapshot, at: number): boolean =>
  proof.way === FOREIGN_WAY && linkedAt === at && !returning

/**
 * Records a link in a snapshot without any metadata of the secondary account, because that account is gone. Then emits the
 * event and tells the operator's application.
 */
async function followLink(
  services: AccountServices,
  api: AccountApi,
  account: Account,
  identityId: string,
  at: number,
  stored: StoredSnapshot | undefined,
): Promise<void> {
  let recorded = account
  if (!stored) {
    const id = await hashHex(JSON.stringify([account.user_id, identityId, FOREIGN_WAY, at]), 16)
    const { client_name: _none, ...proof } = FOREIGN_PROOF
    const adoption = services.adopt && { adoption: { id } }
    const snapshot: Snapshot = { v: 2, at, user_id: identityId, proof, ...adoption }
    const key = ownMetadataKey(account, await snapshotKeyOf(identityId))
    const body = { app_metadata: { [key]: toStoredSnapshot(snapshot) } }
    recorded = parseAccount(await api.patchUser(account.user_id, body)) ?? account
  }
  await tellOnce(services, 'account.linked', account, otherOf(account, identityId), at)
  await commitOpen(services, api, recorded)
}

/**
 * Handles a snapshot whose identity is not part of the account. If the unlinked account exists again, restores it and
 * records the unlink. Otherwise does nothing: the link may still be under way, or was never made, or we are undoing it.
 * Other jobs, logins and the page handle these cases.
 */
async function followUnlink(
  services: AccountServices,
  api: AccountApi,
  account: Account,
  stored: StoredSnapshot,
  at: number,
): Promise<void> {
  const { snapshot } = stored
  if (snapshot.returning) return
  const own = await accountOrNone(api, snapshot.user_id)
  if (!own || !standsAloneAgain(snapshot, own)) return
  const end: UnlinkRecord = { event: 'unlinked', at, isByOthers: true }
  await finishReturn(services, api, account, stored, end)
  await tellOnce(services, 'account.unlinked', account, toOther(own), at)
}

/**
 * Records the unlink of an identity without a snapshot, and emits the event. Does nothing if the journal has it as an unlink
 * of ours. The tenant's event alone is no evidence: the account must have been created again in the last 24 hours, as an
 * unlink does.
 */
async function recordUnlink(
  services: AccountServices,
  api: AccountApi,
  account: Account,
  identityId: string,
  at: number,
): Promise<void> {
  const handle = await hash12(identityId)
  const noted = parseJournal(account).findLast(
    (entry) => entry.identity === handle && entry.event !== 'linked' && entry.at >= at - SKEW,
  )
  if (noted && !(noted.way === FOREIGN_WAY && noted.at === at)) return
  const own = await accountOrNone(api, identityId)
  const createdAt = Date.parse(own?.created_at ?? '') / 1000
  if (!own || !(createdAt >= Math.max(at - SKEW, nowSeconds() - RECENT_SECONDS))) return
  if (!noted) {
    const end: UnlinkRecord = { event: 'unlinked', at, isByOthers: true }
    const app_metadata = await noteEnd(services, account, identityId, undefined, end)
    await api.patchUser(account.user_id, { app_metadata })
  }
  await tellOnce(services, 'account.unlinked', account, toOther(own), at)
}

/**
 * Emits an event about a change, unless the store says that it was emitted. If the process ends before it tells the store,
 * the event is emitted again with the same id.
 *
 * @throws {LinkingError} `store_unavailable`
 */
async function tellOnce(
  { store, events }: Pick<AccountServices, 'store' | 'events'>,
  type: 'account.linked' | 'account.unlinked',
  { user_id: userId, email }: Account,
  other: NonNullable<AccountEvent['other']>,
  at: number,
): Promise<void> {
  const id = await hashHex(JSON.stringify([type, userId, other.userId, at]), 16)
  const key = `foreign_told:${id}`
  if (await store.isTaken(key)) return
  events.emit({ id: `foreign_${id}`, type, userId, email, other, way: FOREIGN_WAY, clientId: '' })
  await store.take(key, TOLD_SECONDS)
}

function otherOf(account: Account, identityId: string): NonNullable<AccountEvent['other']> {
  const identity = account.identities.find(({ user_id }) => user_id === identityId)
  return { userId: identityId, connection: identity?.connection, email: identity?.profile.email }
}

const toOther = ({ user_id: userId, email, identities: [own] }: Account) => ({
  ...{ userId, email, connection: own?.connection },
})
