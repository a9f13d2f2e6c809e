/**
 * Taking a way in out of an account.
 * @module
 */
import 'server-only'
import type { Session } from '../session/session'
import { Refused } from './account-refusal'
import { type DisconnectTarget, isHandle, planDisconnect } from './disconnect-plan'
import { endAll } from './end-access'
import type { SignInServices } from './services'
import { assertFactor, isFresh, managementApiFor, sessionMark } from './session-account'
import { type Disconnected, emitDisconnected, takeApart } from './take-apart'
import { withAccountLock } from './with-account-lock'

/**
 * Takes an identity out of the person's account, under locks on both, the own account's first. First the account records that a
 * restore is due, so that a later view of the page continues if this is interrupted. Afterwards older sessions end, and an event is
 * emitted.
 *
 * @param agreed - {@link DisconnectPlan.digest} of what the person agreed to.
 * @param isRemovalWanted - Whether to remove the account that is left behind for good, if the operator granted that.
 * @returns What was done; undefined if the identity was taken out before.
 * @throws {Refused} `reauth_required` if the last sign-in was a while ago, `own_factor_required` if the account has a second
 *   factor and the session began without it, `changed` if the account is no longer as it was shown, `outcome_unknown` if an answer
 *   was lost and the read after it failed; otherwise as {@link planDisconnect}.
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
  const actor = { by: await sessionMark(session), sid: session.sid }
  const done = await withAccountLock(services, [session.userId], async () => {
    const plan = await planDisconnect(services, api, session, target)
    if (plan) assertFactor(session, plan.account)
    if (plan && plan.digest !== agreed) throw new Refused('changed')
    // Lock the identity only once it is known to be part of the own account: a form may name any identity, and must not lock
    // another person's.
    return (
      plan &&
      withAccountLock(services, [plan.identity.user_id], () =>
        takeApart(services, api, plan, actor, isRemovalWanted && plan.canRemove),
      )
    )
  })
  if (done) {
    emitDisconnected(services, done)
    if (done.ending) await endAll(services, done.account.user_id, done.ending)
  }
  return done
}
