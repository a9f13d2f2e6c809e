/**
 * Taking a way in out of an account.
 * @module
 */
import 'server-only'
import type { AccountIdentity } from '../auth0/account'
import type { ManagementApi } from '../auth0/management-api'
import { ManagementApiError } from '../auth0/management-api-error'
import { holds, idOf, isRefusal, type LinkingUser, parseUser } from '../linking'
import { logEvent } from '../log'
import type { Session } from '../session/session'
import { canWrite, type DisconnectPlan, type DisconnectTarget, planDisconnect } from './disconnect-plan'
import { endAccess } from './end-access'
import { locked } from './locked'
import { Refused } from './refused'
import { bookkeeping, giveBack } from './return-account'
import { isFresh, managementApiFor } from './session-account'
import type { StoredSnapshot } from './snapshots'
import { tell } from './tell'

/** What became of it. */
export interface Disconnected extends DisconnectPlan {
  /** False where the identity is out and its saved details are still to be given back: the next view of the page does that. */
  isReturned: boolean
  /** Whether the account that was left behind was removed. */
  isRemoved: boolean
}

/**
 * Takes an identity out of the person's account, under a lock on it. First the account notes that it is about to give back, so
 * that whatever interrupts this, a later view of the page goes on. Then what was open before ends, and the operator is told.
 *
 * @param isRemovalWanted - Whether the account that is left behind is removed for good, where the operator lets us.
 * @returns What was done; undefined where the identity was taken out before.
 * @throws {Refused} `reauth_required` where the last sign-in was a while ago; else as {@link planDisconnect};
 *   `outcome_unknown` where an answer was lost and the read after it failed.
 * @throws {ManagementApiError}
 * @throws {LinkingError} `store_unavailable`
 */
export async function disconnectAccount(
  session: Session,
  target: DisconnectTarget,
  isRemovalWanted: boolean,
): Promise<Disconnected | undefined> {
  if (!isFresh(session)) throw new Refused('reauth_required')
  const api = managementApiFor(session)
  const begun = Math.floor(Date.now() / 1000)
  const done = await locked([session.userId], () => carryOut(api, session, target, isRemovalWanted))
  if (done) {
    tellOf(done)
    await endAccess([done.account.user_id, done.identity.user_id], begun, session.sid)
  }
  return done
}

async function carryOut(
  api: ManagementApi,
  session: Session,
  target: DisconnectTarget,
  isRemovalWanted: boolean,
): Promise<Disconnected | undefined> {
  const plan = await planDisconnect(api, session, target)
  if (!plan) return undefined
  if (plan.stored) await announce(api, plan, plan.stored)
  const left = await unlink(api, plan)
  if (!left.some(plan.isUsable)) return putBack(api, plan)
  const isRemoved = isRemovalWanted && plan.canRemove && (await remove(api, plan))
  return { ...plan, isRemoved, isReturned: isRemoved || !canWrite() || (await returnNow(api, plan)) }
}

function tellOf({ account, identity, fields, isUndo, isRemoved }: Disconnected): void {
  const { user_id: userId, email } = account
  const { connection, profile } = identity
  const other = { userId: identity.user_id, connection, email: profile.email }
  tell({
    type: isUndo ? 'account.restored' : 'account.unlinked',
    userId,
    email,
    other,
    heldBack: fields.heldBack,
  })
  if (isRemoved) tell({ type: 'account.removed', userId: other.userId, email: other.email })
}

/** Notes in the snapshot that the identity is about to be taken out. */
async function announce(
  api: ManagementApi,
  { account, isUndo }: DisconnectPlan,
  { key, snapshot }: StoredSnapshot,
): Promise<void> {
  const returning = { at: Math.floor(Date.now() / 1000), undo: isUndo }
  await api.patchUser(account.user_id, { app_metadata: { [key]: { ...snapshot, returning } } })
}

/**
 * Takes the identity out. Not repeated: where the answer is lost, a read tells.
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

/** Two who take out different identities at once may each have counted on the other's: the later one puts its own back. */
async function putBack(api: ManagementApi, { account, identity }: DisconnectPlan): Promise<never> {
  const { provider, user_id } = identity
  await api.linkIdentity(account.user_id, { provider, user_id: idOf(user_id) })
  throw new Refused('last_way_in')
}

async function returnNow(
  api: ManagementApi,
  { account, identity, stored, isUndo }: DisconnectPlan,
): Promise<boolean> {
  try {
    await giveBack(api, account, identity.user_id, stored, isUndo ? 'restored' : 'unlinked')
    return true
  } catch (error) {
    if (!(error instanceof ManagementApiError)) throw error
    logEvent('not_given_back', { code: error.code, status: error.status })
    return false
  }
}

/**
 * Removes what is left behind, once the account has noted it. Its saved details go with it; what was carried over stays.
 *
 * @returns False where it could not be removed, so that it gets its details back.
 */
async function remove(api: ManagementApi, { account, identity, stored }: DisconnectPlan): Promise<boolean> {
  try {
    const { identities } = await api.getUser(identity.user_id)
    // Linked to anything meanwhile, it is more than what was left behind.
    if (identities.length !== 1) return false
    await api.deleteUser(identity.user_id)
    await api.patchUser(account.user_id, {
      app_metadata: {
        ...(stored && { [stored.key]: null }),
        ...(await bookkeeping(account, identity.user_id, stored, 'unlinked')),
      },
    })
    return true
  } catch (error) {
    if (!(error instanceof ManagementApiError)) throw error
    logEvent('not_removed', { code: error.code, status: error.status })
    return false
  }
}
