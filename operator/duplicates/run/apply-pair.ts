/**
 * One pair of an approved plan: linked, or refused with a reason, with each step in the journal first.
 * @module
 */
import type { PairToLink } from '../../../lib/jobs/account-work'
import { asApproved } from '../../../lib/sign-in-methods/operator/link-pair'
import { checkForOperator } from '../../../lib/sign-in-methods/operator/operator-link'
import type { SignInServices } from '../../../lib/sign-in-methods/services'
import type { PlannedPair } from '../plan/plan-file'
import type { Journal } from './journal'
import { isOpen, isPassing, type JournalState, type PairState } from './journal-state'
import { type Linker, pairId } from './linker'

/** What came of a pair: linked, or the code of a refusal. */
export type PairOutcome = 'linked' | (string & {})

/** Whether an earlier run of a plan is done with a pair. */
export function isDone({ pairs }: JournalState, { secondary }: PlannedPair, planId: string): boolean {
  const state = pairs.get(secondary)
  return state !== undefined && isOver(state, planId)
}

/** How many pairs of a plan earlier runs are done with. */
export const doneOf = ({ pairs }: JournalState, planId: string): number =>
  [...pairs.values()].filter((state) => isOver(state, planId)).length

function isOver({ last, begun, plan }: PairState, planId: string): boolean {
  if (!last || begun || plan !== planId) return false
  return last.step !== 'refused' || last.act !== 'apply' || !isPassing(last.code)
}

/** What the plan says of a pair, but for what was done since by this plan itself. */
function approvedOf(
  { states }: JournalState,
  { primary, states: planned }: PlannedPair,
): PairToLink['approved'] {
  const since = states.get(primary)
  return { primary: [planned.primary, ...(since === undefined ? [] : [since])], secondary: planned.secondary }
}

/** What holds for every pair of a run. */
export type RunTerms = Pick<PairToLink, 'by' | 'rules' | 'share'> & { planId: string }

/**
 * Links a pair.
 *
 * @param isLast - Whether no other account of the plan is to be linked with the one that stays.
 */
export async function applyPair(
  linker: Linker,
  journal: Journal,
  { planId, ...terms }: RunTerms,
  planned: PlannedPair,
  isLast: boolean,
): Promise<PairOutcome> {
  const { primary, secondary } = planned
  const id = await pairId(planId, secondary)
  const before = journal.state.pairs.get(secondary)
  // If the queue has it from a run that was interrupted, it is not put there again.
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

/** Decides about a pair on fresh reads, and writes nothing. */
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
