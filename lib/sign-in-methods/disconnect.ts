/**
 * Taking a way in out of an account.
 * @module
 */
import 'server-only'
import {
  type Ending,
  holds,
  idOf,
  isRefusal,
  type LinkingUser,
  marksKeyOf,
  parseMarks,
  parseUser,
  toStoredSnapshot,
} from '../../core'
import type { AccountIdentity } from '../auth0/account'
import { type ManagementApi, REQUEST_BUDGET_MS } from '../auth0/management-api'
import { ManagementApiError } from '../auth0/management-api-error'
import type { Services } from '../link-flow/services'
import { logEvent } from '../observability/log'
import type { Session } from '../session/session'
import { Refused } from './account-refusal'
import {
  canWrite,
  type DisconnectPlan,
  type DisconnectTarget,
  isHandle,
  planDisconnect,
} from './disconnect-plan'
import { emitAccountEvent } from './emit-account-event'
import { endAll, planEnding } from './end-access'
import { noteUnlink } from './proof-life'
import { type Change, giveBack, keepForNextTime, type LinkEnd, marksOfEnd, noteOnly } from './return-account'
import { nowSeconds } from './seconds'
import type { SignInServices } from './services'
import { assertFactor, isFresh, managementApiFor, sessionMark } from './session-account'
import { withAccountLock } from './with-account-lock'

/** What became of it. */
export interface Disconnected extends DisconnectPlan {
  /** False where the identity is out and its saved details are still to be given back: the next view of the page does that. */
  isReturned: boolean
  /** Whether the account that was left behind was removed. */
  isRemoved: boolean
  /** What ends with it; undefined if the operator does not let us. */
  ending: Ending | undefined
}

/**
 * Takes an identity out of the person's account, under locks on both: the own account's first. First the account notes that it is about to give back, so
 * that whatever interrupts this, a later view of the page goes on. Then what was open before ends, and the operator is told.
 *
 * @param agreed - {@link DisconnectPlan.digest} of what the person agreed to.
 * @param isRemovalWanted - Whether the account that is left behind is removed for good, where the operator lets us.
 * @returns What was done; undefined where the identity was taken out before.
 * @throws {Refused} `reauth_required` where the last sign-in was a while ago, `own_factor_required` if the account has a second
 *   factor and the session began without it, `changed` where the account is no longer as it was
 *   shown; else as {@link planDisconnect}; `outcome_unknown` where an answer was lost and the read after it failed.
 * @throws {ManagementApiError}
 * @throws {LinkingError} `store_unavailable`
 */
export async function disconnectAccount(
  services: SignInServices,
  session: Session,
  target: DisconnectTarget,
  agreed: string,
  isRemovalWanted: boolean,
): Promise<Disconnected | undefined> {
  if (!isFresh(services, session)) throw new Refused('reauth_required')
  if (!isHandle(target.handle)) throw new Refused('not_linked')
  const api = managementApiFor(services, session, 'change')
  const done = await withAccountLock(services, [session.userId], async () => {
    const plan = await planDisconnect(services, api, session, target)
    if (plan) assertFactor(session, plan.account)
    if (plan && plan.digest !== agreed) throw new Refused('changed')
    // Not before it is known to be part of the own account: a form may name any identity, and others must not find it locked.
    return (
      plan &&
      withAccountLock(services, [plan.identity.user_id], () =>
        carryOut(services, api, plan, session, isRemovalWanted && plan.canRemove),
      )
    )
  })
  if (done) {
    emitDisconnected(services, done)
    if (done.ending) await endAll(services, done.account.user_id, done.ending)
  }
  return done
}

/** An unlink as the account notes it: when, and what ends with it. */
type Noted = Omit<LinkEnd, 'event' | 'change'> & { before: number; change: Change }

/** How long an unlink takes at most from its announcement on, in seconds: all calls of a request, and the second in which it ends. */
const MAX_UNLINK_SECONDS = REQUEST_BUDGET_MS / 1000 + 2

async function carryOut(
  services: SignInServices,
  api: ManagementApi,
  plan: DisconnectPlan,
  session: Session,
  isRemovalWanted: boolean,
): Promise<Disconnected> {
  const by = await sessionMark(session)
  const noteOf = async (before: number): Promise<Noted> => {
    const ending = await planEnding(services, [plan.account.user_id, plan.identity.user_id], before, [
      session.sid,
    ])
    return { at: nowSeconds(), before, change: { by, ending } }
  }
  // Until it is known when it ended, it counts as ended at the latest moment it can: so it stands there if this is interrupted.
  const announced = await noteOf(api.tenantNow() + MAX_UNLINK_SECONDS)
  if (canWrite(services)) await announce(services, api, plan, announced, isRemovalWanted)
  const left = await unlink(api, plan).catch(async (error: unknown) => {
    if (!(error instanceof Refused && error.code === 'outcome_unknown'))
      await takeBack(services, api, plan, announced)
    throw error
  })
  await noteUnlink(services, [plan.account.user_id, plan.identity.user_id])
  // The tenant's answer is of the second before this at the latest: whoever signed in before it does not count any more.
  const ended = await noteOf(api.tenantNow() + 1)
  if (!left.some(plan.isUsable) && canWrite(services)) return putBack(services, api, plan, announced)
  const isRemoved = isRemovalWanted && (await remove(api, plan))
  const isReturned = !canWrite(services) || (await returnNow(services, api, plan, ended, isRemoved))
  return { ...plan, isRemoved, isReturned, ending: ended.change.ending }
}

/**
 * Takes back that an unlink was announced which was not made: no sign-in is too old then, and nothing is to be ended. What another
 * one noted meanwhile stays.
 */
async function takeBack(
  services: Pick<Services, 'linkingAuthority'>,
  api: ManagementApi,
  { account, stored }: DisconnectPlan,
  announced: Noted,
): Promise<void> {
  if (!canWrite(services)) return
  const { changed, ending } = parseMarks(account)
  try {
    const marks = parseMarks(await api.getUser(account.user_id))
    if (marks.changed?.at !== announced.at || marks.changed.before !== announced.before) return
    await api.patchUser(account.user_id, {
      app_metadata: {
        ...(stored && { [stored.key]: toStoredSnapshot(stored.snapshot) }),
        [marksKeyOf(account)]: { ...marks, changed, ending },
      },
    })
  } catch (error) {
    // Then older sessions end although nothing changed.
    if (!(error instanceof ManagementApiError)) throw error
  }
}

function emitDisconnected(
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
 * Notes that the identity is about to be taken out, so that giving back and ending can be gone on with, and the pair is not offered
 * again meanwhile.
 */
async function announce(
  services: Pick<SignInServices, 'linkProof'>,
  api: ManagementApi,
  { account, identity, stored, isUndo }: DisconnectPlan,
  noted: Noted,
  isRemovalWanted: boolean,
): Promise<void> {
  const returning = { at: noted.at, undo: isUndo, ...(isRemovalWanted && { remove: true }) }
  await api.patchUser(account.user_id, {
    app_metadata: {
      ...(stored && { [stored.key]: toStoredSnapshot({ ...stored.snapshot, returning }) }),
      [marksKeyOf(account)]: await marksOfEnd(services, account, identity.user_id, noted),
    },
  })
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

/** Gives back what is to be given, and notes the end, on the account as it is by now. */
async function returnNow(
  services: Pick<SignInServices, 'linkProof' | 'policy'>,
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
      // A login that links the two again may have ended the other account meanwhile: then the next reading shows it.
      if (error instanceof ManagementApiError && error.code === 'not_found') return returnOnce()
      throw error
    })
    return true
  } catch (error) {
    if (!(error instanceof ManagementApiError)) throw error
    logEvent('not_given_back', { code: error.code, status: error.status })
    // What was removed gets nothing back; that it is noted is left for a later view.
    return isRemoved
  }
}

/**
 * Removes what is left behind. Its saved details go with it; what was carried over stays.
 *
 * @returns False where it could not be removed, so that it gets its details back.
 */
async function remove(api: ManagementApi, { identity }: DisconnectPlan): Promise<boolean> {
  try {
    const { identities } = await api.getUser(identity.user_id)
    // Linked to anything meanwhile, it is more than what was left behind.
    if (identities.length !== 1) return false
    await api.deleteUser(identity.user_id)
    return true
  } catch (error) {
    if (!(error instanceof ManagementApiError)) throw error
    logEvent('not_removed', { code: error.code, status: error.status })
    return false
  }
}
