/**
 * Takes an identity out of an account: for its owner, for the reader of a mail who reports a link, or for an operator.
 * @module
 */
import 'server-only'
import {
  type AdoptionStep,
  type Ending,
  hasIdentity,
  idOf,
  isClientError,
  type LinkingUser,
  parseUser,
} from '../../../core'
import type { AccountIdentity } from '../../auth0/account'
import { canWriteMetadata } from '../../auth0/authority'
import type { ManagementApi } from '../../auth0/management-api'
import { ManagementApiError } from '../../auth0/management-api-error'
import type { Services } from '../../link-flow/services'
import { logEvent } from '../../observability/log'
import { SettingsRefusedError } from '../account-refusal'
import { emitAccountEvent } from '../emit-account-event'
import { planEnding } from '../end-sessions/end-access'
import { adoptUndo } from '../link/adoption'
import { noteUnlink } from '../proof-life'
import { noteOnly, type UnlinkRecord } from '../repair/link-end'
import { keepForNextTime, restoreUnlinkedAccount } from '../repair/return-account'
import { nowSeconds } from '../seconds'
import type { SignInServices } from '../services'
import { announce, type UnlinkDetails, withdrawAnnouncement } from './announced-unlink'
import type { DisconnectPlan } from './disconnect-plan'

/** A disconnect that was carried out. */
export interface Disconnected extends DisconnectPlan {
  /** False if the unlinked account is not restored yet: the next view of the page restores it. */
  isReturned: boolean
  /** Whether the unlinked account was deleted. */
  isRemoved: boolean
  /** The sessions and refresh tokens that end afterwards; undefined if the operator did not grant the scopes. */
  ending: Ending | undefined
  /** The `before` that the announcement of the unlink recorded. If the restore failed, the account still has it. */
  noteBefore: number
}

/** The session in which an identity is taken out: its hash, and its `sid` at the tenant. Undefined without a session. */
export interface Actor {
  by: string | undefined
  sid: string | undefined
}

/** Longest time from the announcement of an unlink until it is done, in seconds: the budget of all API calls, plus 2 s. */
const maxUnlinkSeconds = ({ budgetMs }: Pick<ManagementApi, 'budgetMs'>) => Math.ceil(budgetMs / 1000) + 2

/**
 * Takes an identity out of its account, and restores it as an account from the link's snapshot. First the account records
 * that a restore is due, so that a later view of the page can finish it after an interruption. Call it under locks on both
 * accounts.
 *
 * @param isRemovalWanted - Whether to delete the unlinked account for good.
 * @throws {SettingsRefusedError} `last_way_in`, `management_failed`, or `outcome_unknown` if the tenant's response was lost
 *   and the account could not be read afterwards.
 * @throws {ManagementApiError}
 */
export async function unlinkAndRestore(
  services: SignInServices,
  api: ManagementApi,
  plan: DisconnectPlan,
  { by, sid }: Actor,
  isRemovalWanted: boolean,
): Promise<Disconnected> {
  const detailsOf = async (before: number): Promise<UnlinkDetails> => {
    const ending = await planEnding(services, [plan.account.user_id, plan.identity.user_id], before, [sid])
    return { at: nowSeconds(), before, change: { by, ending } }
  }
  // We do not know yet when the unlink will be done, so announce the latest possible time. If we are interrupted, that time
  // stays recorded.
  const announced = await detailsOf(api.tenantNow() + maxUnlinkSeconds(api))
  if (canWriteMetadata(services)) await announce(services, api, plan, announced, isRemovalWanted)
  const adopt = (step: AdoptionStep) =>
    adoptUndo(services, step, plan.account.user_id, plan.stored, announced.at)
  await adopt('prepare')
  const left = await unlink(api, plan).catch(async (error: unknown) => {
    if (!(error instanceof SettingsRefusedError && error.code === 'outcome_unknown')) {
      await withdrawAnnouncement(services, api, plan, announced)
      await adopt('abandon')
    }
    throw error
  })
  await noteUnlink(services, [plan.account.user_id, plan.identity.user_id])
  // The unlink is done, so record the actual time: sign-ins before the next second of the tenant's clock are not valid.
  const ended = await detailsOf(api.tenantNow() + 1)
  if (!left.some(plan.isUsable) && canWriteMetadata(services)) {
    await adopt('abandon')
    return putBack(services, api, plan, announced)
  }
  // Tell the operator's application before the snapshot is deleted: as long as the snapshot exists, a later view of the page
  // can send the message again.
  await adopt('commit')
  const isRemoved = isRemovalWanted && (await remove(api, plan))
  const isReturned = !canWriteMetadata(services) || (await returnNow(services, api, plan, ended, isRemoved))
  return { ...plan, isRemoved, isReturned, ending: ended.change.ending, noteBefore: announced.before }
}

/** Emits the events for what {@link unlinkAndRestore} did. */
export function emitDisconnected(
  services: Pick<SignInServices, 'events' | 'linkProof'>,
  { account, identity, fields, isUndo, isRemoved }: Disconnected,
): void {
  const { user_id: userId, email } = account
  const { connection, profile } = identity
  const other = { userId: identity.user_id, connection, email: profile.email }
  emitAccountEvent(services, {
    type: isUndo ? 'account.restored' : 'account.unlinked',
    userId,
    email,
    other,
    heldBack: [...Object.keys(fields.heldBack.user_metadata), ...Object.keys(fields.heldBack.app_metadata)],
  })
  if (isRemoved)
    emitAccountEvent(services, {
      type: 'account.removed',
      userId: other.userId,
      email: other.email,
      isEmailVerified: profile.email_verified,
      formerlyIn: userId,
    })
}

/**
 * Sends the unlink request once. If the response is lost, it reads the account to find out what happened.
 *
 * @returns The identities that are left in the account.
 */
async function unlink(api: ManagementApi, { account, identity }: DisconnectPlan): Promise<AccountIdentity[]> {
  const leftIn = (now: Pick<LinkingUser, 'identities'>) =>
    account.identities.filter(({ user_id }) => hasIdentity(now, user_id))
  try {
    const now = parseUser({ identities: await api.unlinkIdentity(account.user_id, identity) })
    if (!hasIdentity(now, identity.user_id)) return leftIn(now)
  } catch (error) {
    if (error instanceof ManagementApiError && isClientError(error) && error.code !== 'not_found') throw error
  }
  const now = await api.getUser(account.user_id).catch(() => undefined)
  if (!now) throw new SettingsRefusedError('outcome_unknown')
  if (hasIdentity(now, identity.user_id)) throw new SettingsRefusedError('management_failed')
  return leftIn(now)
}

/**
 * Links the identity again, because no other usable one is left: two disconnects at the same time may each rely on the
 * identity that the other one takes out.
 *
 * @throws {SettingsRefusedError} `last_way_in`, always.
 */
async function putBack(
  services: Pick<Services, 'linkingAuthority'>,
  api: ManagementApi,
  plan: DisconnectPlan,
  announced: UnlinkDetails,
): Promise<never> {
  const { account, identity } = plan
  const { provider, user_id } = identity
  await api.linkIdentity(account.user_id, { provider, user_id: idOf(user_id) })
  await withdrawAnnouncement(services, api, plan, announced)
  throw new SettingsRefusedError('last_way_in')
}

/** Reads the primary account again, restores the unlinked one, and records the end of the link. False if that failed. */
async function returnNow(
  services: Pick<SignInServices, 'authorities' | 'linkProof' | 'policy'>,
  api: ManagementApi,
  { account, identity, stored, isUndo }: DisconnectPlan,
  ended: UnlinkDetails,
  isRemoved: boolean,
): Promise<boolean> {
  const end: UnlinkRecord = { ...ended, event: isUndo ? 'restored' : 'unlinked' }
  const returnOnce = async () => {
    const now = await api.getUser(account.user_id)
    if (!stored || isRemoved) await noteOnly(services, api, now, identity.user_id, stored, end)
    else if (!(await keepForNextTime(api, now, stored)))
      await restoreUnlinkedAccount(services, api, now, identity.user_id, stored, end)
  }
  try {
    await returnOnce().catch((error: unknown) => {
      // A login may have linked the two again in the meantime, so the unlinked account is gone. Reading shows that.
      if (error instanceof ManagementApiError && error.code === 'not_found') return returnOnce()
      throw error
    })
    return true
  } catch (error) {
    if (!(error instanceof ManagementApiError)) throw error
    logEvent('not_given_back', { code: error.code, status: error.status })
    // A deleted account does not have to be restored. A later view of the page records the end of the link.
    return isRemoved
  }
}

/**
 * Deletes the unlinked account, which is then not restored. What the link carried over stays in the primary account.
 *
 * @returns False if the account could not be deleted, so that the caller restores it.
 */
async function remove(api: ManagementApi, { identity }: DisconnectPlan): Promise<boolean> {
  try {
    const { identities } = await api.getUser(identity.user_id)
    // With more identities, another account was linked into it in the meantime. Do not delete that one.
    if (identities.length !== 1) return false
    await api.deleteUser(identity.user_id)
    return true
  } catch (error) {
    if (!(error instanceof ManagementApiError)) throw error
    logEvent('not_removed', { code: error.code, status: error.status })
    return false
  }
}
