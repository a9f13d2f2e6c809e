/**
 * Undoes a link that an operator made, in the same way as the page does, but without a session.
 * @module
 */
import 'server-only'
import { type Ending, hash12, hasIdentity, parseEnding } from '../../../core'
import type { SettingsRefusal } from '../../../core/errors'
import type { Account } from '../../auth0/account'
import type { ManagementApi } from '../../auth0/management-api'
import { OPERATOR_WAY } from '../../events/account-event'
import { refusalOf, SettingsRefusedError } from '../account-refusal'
import { planTakingOut } from '../disconnect/disconnect-plan'
import { type Disconnected, emitDisconnected, unlinkAndRestore } from '../disconnect/take-apart'
import { emitAccountEvent } from '../emit-account-event'
import { tryEnding } from '../end-sessions/end-access'
import { finishReturn } from '../repair/repair-account'
import type { SignInServices } from '../services'
import { snapshotOf } from '../snapshots'
import { withAccountLock } from '../with-account-lock'
import type { OperatorPair } from './operator-link'

/**
 * Why an operator's undo is not made. `taken_apart`: the two accounts are no longer linked. `relinked`: the current link was
 * not made by an operator. `undo_over`: the undo period is over.
 */
export type OperatorUndoRefusal = SettingsRefusal | 'taken_apart' | 'relinked' | 'undo_over'

/** The result of an operator's undo. */
export type OperatorUndoOutcome =
  | { undone: Disconnected; found?: undefined; refused?: undefined }
  /** An earlier run, which was interrupted, had already unlinked the accounts, or had stopped before it linked them. */
  | { undone?: undefined; found: true; refused?: undefined }
  | { undone?: undefined; found?: undefined; refused: OperatorUndoRefusal }

/**
 * Undoes a link that {@link linkForOperator} made, under locks on both accounts.
 *
 * @param services - Their `linkProof` must be the operator's.
 * @param wasBegun - Whether an earlier run started this undo, or the link, and was interrupted. The accounts may then
 *   already be apart.
 */
export async function undoForOperator(
  services: SignInServices,
  pair: OperatorPair,
  wasBegun: boolean,
): Promise<OperatorUndoOutcome> {
  const api = services.managementApi()
  try {
    const done = await withAccountLock(services, [pair.primary, pair.secondary], () =>
      undo(services, api, pair, wasBegun),
    )
    if (done.outcome.undone) emitDisconnected(services, done.outcome.undone)
    else if (done.wasTakenApart) emitFound(services, pair)
    if (done.ending)
      await tryEnding(services, pair.primary, done.ending, done.noteBefore ?? done.ending.before)
    return done.outcome
  } catch (error) {
    return { refused: refusalOf(error) }
  }
}

/** What was done, and what to do once the locks are released. */
interface FinishedUndo {
  outcome: OperatorUndoOutcome
  /** Whether an earlier run, which was interrupted, had unlinked the accounts. */
  wasTakenApart?: boolean
  ending?: Ending | undefined
  /** As {@link Disconnected.noteBefore}. */
  noteBefore?: number
}

async function undo(
  services: SignInServices,
  api: ManagementApi,
  pair: OperatorPair,
  wasBegun: boolean,
): Promise<FinishedUndo> {
  const account = await api.getUser(pair.primary)
  const stored = await snapshotOf(account, pair.secondary)
  if (!hasIdentity(account, pair.secondary)) {
    if (!wasBegun) return { outcome: { refused: 'taken_apart' } }
    return finishInterruptedRun(services, api, account, stored)
  }
  if (stored?.snapshot.proof.way !== OPERATOR_WAY) return { outcome: { refused: 'relinked' } }
  const handle = await hash12(pair.secondary)
  const plan = await planTakingOut(services, api, account, { handle, isUndo: true })
  if (!plan) throw new SettingsRefusedError('not_linked')
  if (!plan.isUndo) return { outcome: { refused: 'undo_over' } }
  const undone = await unlinkAndRestore(services, api, plan, { by: undefined, sid: undefined }, false)
  return { outcome: { undone }, ending: undone.ending, noteBefore: undone.noteBefore }
}

/**
 * Finishes an interrupted run, after which the accounts are not linked. If that run had unlinked them, restores what it had
 * not restored. If it had only prepared a link, takes back what it wrote for the link.
 */
async function finishInterruptedRun(
  services: SignInServices,
  api: ManagementApi,
  account: Account,
  stored: Awaited<ReturnType<typeof snapshotOf>>,
): Promise<FinishedUndo> {
  if (stored) await finishReturn(services, api, account, stored)
  const wasTakenApart = !stored || stored.snapshot.returning !== undefined
  return { outcome: { found: true }, wasTakenApart, ending: parseEnding(account) }
}

const emitFound = (services: SignInServices, { primary, secondary }: OperatorPair) =>
  emitAccountEvent(services, {
    type: 'account.restored',
    userId: primary,
    other: { userId: secondary },
  })
