/**
 * One pair of an approved plan: linked, or refused with a reason, with each step in the journal first.
 * @module
 */
import { accountState, withoutAttempt } from '../../core'
import type { Account } from '../../lib/auth0/account'
import { untilWorkIsDone } from '../../lib/observability/after-answer'
import {
  checkForOperator,
  linkForOperator,
  type OperatorLinkOutcome,
} from '../../lib/sign-in-methods/operator-link'
import type { SignInServices } from '../../lib/sign-in-methods/services'
import { isOpen, type Journal, type JournalState } from './journal'
import type { PlannedPair } from './plan-file'
import { counted } from './tenant-services'

/** Reasons that may be over in a moment, so that the next run tries the pair again. */
const PASSING: readonly string[] = [
  ...[
    'busy',
    'management_failed',
    'missing_scope',
    'tenant_unreachable',
    'store_unavailable',
    'rate_limited',
  ],
  ...['outcome_unknown', 'adoption_refused', 'rights_unread', 'internal'],
]

/** What came of a pair: linked, or the code of a refusal. */
export type PairOutcome = 'linked' | (string & {})

/** Whether an earlier run of a plan is done with a pair. */
export function isDone({ pairs }: JournalState, { secondary }: PlannedPair, planId: string): boolean {
  const { last, begun, plan } = pairs.get(secondary) ?? {}
  if (!last || begun || plan !== planId) return false
  return last.step !== 'refused' || last.act !== 'apply' || !PASSING.includes(last.code ?? '')
}

/** Says whether both accounts are as the plan found them, but for what was done since by this plan itself. */
const asApproved =
  (
    { states, pairs }: JournalState,
    { primary: primaryId, secondary: secondaryId, states: planned }: PlannedPair,
  ) =>
  async (primary: Account, secondary: Account): Promise<boolean> => {
    if ((await accountState(secondary)) !== planned.secondary) return false
    const allowed = [planned.primary, states.get(primaryId)]
    if (allowed.includes(await accountState(primary))) return true
    // An attempt that was interrupted has written to the account that stays.
    const wasBegun = pairs.get(secondaryId)?.plan !== undefined
    return wasBegun && allowed.includes(await accountState(await withoutAttempt(primary, secondaryId)))
  }

/**
 * Links a pair.
 *
 * @param planId - Of the plan.
 * @param isLast - Whether no other account of the plan is to be linked with the one that stays.
 */
export async function applyPair(
  services: SignInServices,
  journal: Journal,
  planned: PlannedPair,
  planId: string,
  isLast: boolean,
): Promise<PairOutcome> {
  const { primary, secondary } = planned
  const pair = { primary, secondary }
  const before = journal.state.pairs.get(secondary)
  const line = { act: 'apply', pair: secondary, primary } as const
  journal.write({ ...line, step: 'begun', plan: planId })
  const { services: own, calls } = counted(services)
  const terms = {
    isAsApproved: asApproved(journal.state, planned),
    wasBegun: before !== undefined && isOpen(before),
  }
  const outcome = await linkForOperator(own, pair, terms)
  // The event is sent before the journal says that this is done: after a kill it is rather sent twice than lost.
  await untilWorkIsDone()
  if (outcome.refused) {
    journal.write({ ...line, step: 'refused', code: outcome.refused, calls: calls() })
    return outcome.refused
  }
  const state = isLast ? undefined : await stateAfter(own, primary, outcome)
  journal.write({ ...line, step: 'linked', calls: calls(), ...(state !== undefined && { state }) })
  return 'linked'
}

/** What the account that stays is like now: another one is to be linked with it. Without an answer that one is refused as changed. */
async function stateAfter(
  services: SignInServices,
  primary: string,
  { found }: OperatorLinkOutcome,
): Promise<string | undefined> {
  const account =
    found ??
    (await services
      .managementApi()
      .getUser(primary)
      .catch(() => undefined))
  return account && accountState(account)
}

/** Decides about a pair on fresh reads, and writes nothing. */
export async function checkPair(
  services: SignInServices,
  state: JournalState,
  planned: PlannedPair,
): Promise<PairOutcome> {
  const { primary, secondary } = planned
  const terms = { isAsApproved: asApproved(state, planned), wasBegun: false }
  const { refused } = await checkForOperator(services, { primary, secondary }, terms)
  return refused ?? 'linkable'
}
