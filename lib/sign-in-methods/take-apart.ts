/**
 * Taking an identity out of an account, whether its owner asked for it or an operator.
 * @module
 */
import 'server-only'
import {
  type AdoptionStep,
  type Ending,
  holds,
  idOf,
  isRefusal,
  type LinkingUser,
  parseUser,
} from '../../core'
import type { AccountIdentity } from '../auth0/account'
import type { ManagementApi } from '../auth0/management-api'
import { ManagementApiError } from '../auth0/management-api-error'
import type { Services } from '../link-flow/services'
import { logEvent } from '../observability/log'
import { Refused } from './account-refusal'
import { adoptUndo } from './adoption'
import { announce, type Noted, takeBack } from './announced-unlink'
import { canWrite, type DisconnectPlan } from './disconnect-plan'
import { emitAccountEvent } from './emit-account-event'
import { planEnding } from './end-access'
import { type LinkEnd, noteOnly } from './link-end'
import { noteUnlink } from './proof-life'
import { giveBack, keepForNextTime } from './return-account'
import { nowSeconds } from './seconds'
import type { SignInServices } from './services'

/** The result of a disconnect. */
export interface Disconnected extends DisconnectPlan {
  /** False if the identity was taken out but its saved details are not restored yet: the next view of the page does that. */
  isReturned: boolean
  /** Whether the account that was left behind was removed. */
  isRemoved: boolean
  /** The sessions and tokens that end with it; undefined if the operator did not grant the scopes. */
  ending: Ending | undefined
}

/** Who takes an identity out: the mark of their session, and the tenant's name of it, which goes on. An operator has neither. */
export interface Actor {
  by: string | undefined
  sid: string | undefined
}

/** Longest time from the announcement of an unlink to its end, in seconds: all calls, and the second in which it ends. */
const maxUnlinkSeconds = ({ budgetMs }: Pick<ManagementApi, 'budgetMs'>) => Math.ceil(budgetMs / 1000) + 2

/**
 * Takes an identity out of its account, and restores what the link had kept. First the account records that a restore is due, so that
 * a later view of the page continues if this is interrupted. Call it under locks on both accounts.
 *
 * @param isRemovalWanted - Whether to remove the account that is left behind for good.
 * @throws {Refused} `last_way_in`, `management_failed`, or `outcome_unknown` if an answer was lost and the read after it failed.
 * @throws {ManagementApiError}
 */
export async function takeApart(
  services: SignInServices,
  api: ManagementApi,
  plan: DisconnectPlan,
  { by, sid }: Actor,
  isRemovalWanted: boolean,
): Promise<Disconnected> {
  const noteOf = async (before: number): Promise<Noted> => {
    const ending = await planEnding(services, [plan.account.user_id, plan.identity.user_id], before, [sid])
    return { at: nowSeconds(), before, change: { by, ending } }
  }
  // Until we know when it ended, record the latest moment at which it can have ended: that remains if this is interrupted.
  const announced = await noteOf(api.tenantNow() + maxUnlinkSeconds(api))
  if (canWrite(services)) await announce(services, api, plan, announced, isRemovalWanted)
  const adopt = (step: AdoptionStep) =>
    adoptUndo(services, step, plan.account.user_id, plan.stored, announced.at)
  await adopt('prepare')
  const left = await unlink(api, plan).catch(async (error: unknown) => {
    if (!(error instanceof Refused && error.code === 'outcome_unknown')) {
      await takeBack(services, api, plan, announced)
      await adopt('abandon')
    }
    throw error
  })
  await noteUnlink(services, [plan.account.user_id, plan.identity.user_id])
  // The tenant answered in the second before this at the latest: earlier sign-ins no longer count.
  const ended = await noteOf(api.tenantNow() + 1)
  if (!left.some(plan.isUsable) && canWrite(services)) {
    await adopt('abandon')
    return putBack(services, api, plan, announced)
  }
  // Before the snapshot goes: until then a later view of the page sends it once more.
  await adopt('commit')
  const isRemoved = isRemovalWanted && (await remove(api, plan))
  const isReturned = !canWrite(services) || (await returnNow(services, api, plan, ended, isRemoved))
  return { ...plan, isRemoved, isReturned, ending: ended.change.ending }
}

/** Emits what {@link takeApart} did. */
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
    emitAccountEvent(services, { type: 'account.removed', userId: other.userId, email: other.email })
}

/**
 * Takes the identity out. Not repeated: if the answer is lost, a read shows what happened.
 *
 * @returns The identities that are left.
 */
async function unlink(api: ManagementApi, { account, identity }: DisconnectPlan): Promise<AccountIdentity[]> {
  const leftIn = (now: Pick<LinkingUser, 'identities'>) =>
    account.identities.filter(({ user_id }) => holds(now, user_id))
  try {
    const now = parseUser({ identities: await api.unlinkIdentity(account.user_id, identity) })
    if (!holds(now, identity.user_id)) return leftIn(now)
  } catch (error) {
    if (error instanceof ManagementApiError && isRefusal(error) && error.code !== 'not_found') throw error
  }
  const now = await api.getUser(account.user_id).catch(() => undefined)
  if (!now) throw new Refused('outcome_unknown')
  if (holds(now, identity.user_id)) throw new Refused('management_failed')
  return leftIn(now)
}

/** Concurrent disconnects may each rely on the identity the other removes; the later one relinks its own. */
async function putBack(
  services: Pick<Services, 'linkingAuthority'>,
  api: ManagementApi,
  plan: DisconnectPlan,
  announced: Noted,
): Promise<never> {
  const { account, identity } = plan
  const { provider, user_id } = identity
  await api.linkIdentity(account.user_id, { provider, user_id: idOf(user_id) })
  await takeBack(services, api, plan, announced)
  throw new Refused('last_way_in')
}

/** Restores the saved details and records the end, on the account as it is now. */
async function returnNow(
  services: Pick<SignInServices, 'authorities' | 'linkProof' | 'policy'>,
  api: ManagementApi,
  { account, identity, stored, isUndo }: DisconnectPlan,
  ended: Noted,
  isRemoved: boolean,
): Promise<boolean> {
  const end: LinkEnd = { ...ended, event: isUndo ? 'restored' : 'unlinked' }
  const returnOnce = async () => {
    const now = await api.getUser(account.user_id)
    if (!stored || isRemoved) await noteOnly(services, api, now, identity.user_id, stored, end)
    else if (!(await keepForNextTime(api, now, stored)))
      await giveBack(services, api, now, identity.user_id, stored, end)
  }
  try {
    await returnOnce().catch((error: unknown) => {
      // A login that links the two again may have ended the other account in the meantime: the next read shows that.
      if (error instanceof ManagementApiError && error.code === 'not_found') return returnOnce()
      throw error
    })
    return true
  } catch (error) {
    if (!(error instanceof ManagementApiError)) throw error
    logEvent('not_given_back', { code: error.code, status: error.status })
    // An account that was removed gets nothing back; a later view records the end.
    return isRemoved
  }
}

/**
 * Removes the account that is left behind. Its saved details go with it; what was carried over stays.
 *
 * @returns False if it could not be removed, so that its details are restored.
 */
async function remove(api: ManagementApi, { identity }: DisconnectPlan): Promise<boolean> {
  try {
    const { identities } = await api.getUser(identity.user_id)
    // If it was linked in the meantime, it is more than the account that was left behind.
    if (identities.length !== 1) return false
    await api.deleteUser(identity.user_id)
    return true
  } catch (error) {
    if (!(error instanceof ManagementApiError)) throw error
    logEvent('not_removed', { code: error.code, status: error.status })
    return false
  }
}
