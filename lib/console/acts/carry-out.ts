/**
 * Plans and carries out acts. The preview and the change come from the same plan.
 * @module
 */
import 'server-only'
import { logEvent } from '../../observability/log'
import { SettingsRefusedError } from '../../sign-in-methods/account-refusal'
import { hasRecentSignIn } from '../../sign-in-methods/session-account'
import { noteAct } from '../audit'
import { assertOperatorAllowed } from '../limits'
import { isOperator } from '../operator'
import type { ConsoleServices } from '../services'
import type { ConsoleSession } from '../session'
import type { ActKind, OperatorAct } from './act'
import { planClearDecline } from './clear-decline'
import { planEndSessions } from './end-sessions'
import { planGiveBackWithheld } from './give-back'
import { planLinkForOwner } from './link'
import { planOffers } from './offers'
import type { ActPlan, PlanAct } from './plan'
import { planTakeOut } from './take-out'

const PLANS: Record<ActKind, PlanAct> = {
  undo: planTakeOut(true),
  disconnect: planTakeOut(false),
  'clear-decline': planClearDecline,
  'give-back': planGiveBackWithheld,
  'end-sessions': planEndSessions,
  link: planLinkForOwner,
  'pause-offers': planOffers(false),
  'resume-offers': planOffers(true),
}

/** The oldest sign-in with which an operator may carry out an act, in seconds. */
const ACT_AGE_SECONDS = 10 * 60

/** Whether the operator signed in recently enough to carry out an act. */
export const mayAct = ({ authTime }: ConsoleSession): boolean =>
  hasRecentSignIn({ stepUpAge: ACT_AGE_SECONDS }, { authTime })

/** Plans an act. It throws the same errors as {@link PlanAct}. */
export const planAct = (
  services: ConsoleServices,
  { kind, userId, target = '' }: OperatorAct,
): Promise<ActPlan> => PLANS[kind](services, services.managementApi(), userId, target)

/**
 * Carries out an act if it would still do exactly what the preview showed, and records it.
 *
 * @param agreed - The digest of the plan that the preview showed.
 * @param reason - The reason that the operator typed.
 * @returns User id of the account to show afterwards.
 * @throws {SettingsRefusedError} `reauth_required` if the operator signed in too long ago, `blocked` if they may no longer use the console,
 *   `bad_request` without a reason, `changed` if the act would do something else by now, or a code of the act itself.
 * @throws {LinkingError} `rate_limited`, `store_unavailable`
 * @throws {ManagementApiError}
 */
export async function carryOut(
  services: ConsoleServices,
  session: ConsoleSession,
  act: OperatorAct,
  { agreed, reason }: { agreed: string; reason: string },
): Promise<string> {
  if (!mayAct(session)) throw new SettingsRefusedError('reauth_required')
  if (reason === '') throw new SettingsRefusedError('bad_request')
  await assertOperatorAllowed(services, 'act', session)
  const plan = await planAct(services, act)
  if (plan.digest !== agreed) throw new SettingsRefusedError('changed')
  // The permission is checked last, because it may have been removed while the form was open, or a moment ago.
  if (!(await isOperator(services, services.managementApi(), session.userId))) {
    logEvent('console_refused', { code: 'not_operator' })
    throw new SettingsRefusedError('blocked')
  }
  const { shown = act.userId } = await plan.carryOut()
  noteAct(services, session, {
    ...{ act: act.kind, reason },
    userId: act.userId || session.userId,
    other: otherOf(act),
  })
  return shown
}

/** The second account or identity that an act is about, if there is one. */
const otherOf = ({ kind, target }: OperatorAct): string | undefined =>
  kind === 'undo' || kind === 'disconnect' || kind === 'link' ? target : undefined
