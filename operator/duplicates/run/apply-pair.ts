/**
 * Links one pair of an approved plan, or refuses it with a reason. It writes to the journal before and after the link.
 * @module
 */
import type { PairToLink } from '../../../lib/jobs/account-work'
import { asApproved } from '../../../lib/sign-in-methods/operator/link-pair'
import { checkForOperator } from '../../../lib/sign-in-methods/operator/operator-link'
import type { SignInServices } from '../../../lib/sign-in-methods/services'
import type { PlannedPair } from '../plan/plan-file'
import type { JournalWriter } from './journal'
import { isOpen, isPassing, type JournalState, type PairState } from './journal-state'
import { type Linker, pairId } from './linker'

/** The outcome of a pair: `linked`, or `linkable` in a dry run, or the code of a refusal. */
export type PairOutcome = 'linked' | (string & {})

/** Whether a plan has nothing left to do for a pair: it is linked, undone, or refused for a reason that will not pass. */
export function isDone({ pairs }: JournalState, { secondary }: PlannedPair, planId: string): boolean {
  const state = pairs.get(secondary)
  return state !== undefined && isSettled(state, planId)
}

/** For how many pairs of a plan nothing is left to do. */
export const doneOf = ({ pairs }: JournalState, planId: string): number =>
  [...pairs.values()].filter((state) => isSettled(state, planId)).length

function isSettled({ last, begun, plan }: PairState, planId: string): boolean {
  if (!last || begun || plan !== planId) return false
  return last.step !== 'refused' || last.act !== 'apply' || !isPassing(last.code)
}

/**
 * The states (`accountState`) in which a pair counts as approved: those in the plan. A link changes the primary account, so
 * for that account also its state after the last link of this plan.
 */
function approvedOf(
  { states }: JournalState,
  { primary, states: planned }: PlannedPair,
): PairToLink['approved'] {
  const since = states.get(primary)
  return { primary: [planned.primary, ...(since === undefined ? [] : [since])], secondary: planned.secondary }
}

/** What all pairs of a run have in common. */
export type RunTerms = Pick<PairToLink, 'by' | 'rules' | 'share'> & { planId: string }

/**
 * Links a pair.
 *
 * @param isLast - Whether the plan links no further account to the primary one.
 */
export async function applyPair(
  linker: Linker,
  journal: JournalWriter,
  { planId, ...terms }: RunTerms,
  planned: PlannedPair,
  isLast: boolean,
): Promise<PairOutcome> {
  const { primary, secondary } = planned
  const id = await pairId(planId, secondary)
  const before = journal.state.pairs.get(secondary)
  // Keep a job that an interrupted run of this plan may have left in the queue. Remove any other job with this id.
  if (before?.begun !== 'apply' || before.plan !== planId) await linker.forget(id)
  const line = { act: 'apply', pair: secondary, primary } as const
  journal.write({ ...line, step: 'begun', plan: planId })
  const wasBegun = before !== undefined && isOpen(before)
  const approved = approvedOf(journal.state, planned)
  const pair = { ...terms, primary, secondary, approved, wasBegun, isLast }
  const { refused, calls, state } = await linker.link(id, pair)
  if (refused) journal.write({ ...line, step: 'refused', code: refused, calls })
  else journal.write({ ...line, step: 'linked', calls, ...(state !== undefined && { state }) })
  await linker.forget(id)
  return refused ?? 'linked'
}

/** Reads both accounts again and decides about a pair. Writes nothing. */
export async function checkPair(
  services: SignInServices,
  state: JournalState,
  planned: PlannedPair,
): Promise<PairOutcome> {
  const { primary, secondary } = planned
  const terms = { isAsApproved: asApproved(approvedOf(state, planned)), wasBegun: false }
  const { refused } = await checkForOperator(services, { primary, secondary }, terms)
  return refused ?? 'linkable'
}
