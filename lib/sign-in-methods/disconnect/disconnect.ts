/**
 * Takes an identity out of the account of the person who is signed in.
 * @module
 */
import 'server-only'
import type { Session } from '../../session/session'
import { SettingsRefusedError } from '../account-refusal'
import { endAccessAfterUnlink } from '../end-sessions/end-access'
import type { SignInServices } from '../services'
import { assertFactor, hasRecentSignIn, managementApiFor, sessionMark } from '../session-account'
import { withAccountLock } from '../with-account-lock'
import { type DisconnectTarget, isHandle, planDisconnect } from './disconnect-plan'
import { type Disconnected, emitDisconnected, unlinkAndRestore } from './take-apart'

/**
 * Takes an identity out of the person's account, under a lock on the account and then one on the identity. First the account
 * records that a restore is due, so that a later view of the page can finish it after an interruption. Afterwards the
 * sessions of both accounts end, and an event is emitted.
 *
 * @param agreed - {@link DisconnectPlan.digest} of what the person agreed to.
 * @param isRemovalWanted - Whether to delete the unlinked account for good, if the operator granted the scope for it.
 * @returns What was done; undefined if the identity was taken out before.
 * @throws {SettingsRefusedError} `reauth_required` if the last sign-in is too old, `own_factor_required` if the account has
 *   a second factor that this session did not use, `changed` if the account is no longer as it was shown, `busy`; otherwise
 *   as {@link planDisconnect} and {@link unlinkAndRestore}.
 * @throws {ManagementApiError}
 * @throws {LinkingError} `store_unavailable`, `rate_limited`
 */
export async function disconnectAccount(
  services: SignInServices,
  session: Session,
  target: DisconnectTarget,
  agreed: string,
  isRemovalWanted: boolean,
): Promise<Disconnected | undefined> {
  if (!hasRecentSignIn(services, session)) throw new SettingsRefusedError('reauth_required')
  if (!isHandle(target.handle)) throw new SettingsRefusedError('not_linked')
  const api = managementApiFor(services, session, 'change')
  const actor = { by: await sessionMark(session), sid: session.sid }
  const done = await withAccountLock(services, [session.userId], async () => {
    const plan = await planDisconnect(services, api, session, target)
    if (plan) assertFactor(session, plan.account)
    if (plan && plan.digest !== agreed) throw new SettingsRefusedError('changed')
    // Lock the identity only when we know that it is part of the person's account. A form may contain the handle of any
    // identity, and must not lock another person's.
    return (
      plan &&
      withAccountLock(services, [plan.identity.user_id], () =>
        unlinkAndRestore(services, api, plan, actor, isRemovalWanted && plan.canRemove),
      )
    )
  })
  if (done) {
    emitDisconnected(services, done)
    if (done.ending) await endAccessAfterUnlink(services, done.account.user_id, done.ending, done.noteBefore)
  }
  return done
}
