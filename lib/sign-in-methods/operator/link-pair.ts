/**
 * Links one pair of accounts from a plan that an operator approved, or refuses it with a reason, within a share of the
 * tenant's rate limit. Either the command `duplicates` runs this, or a process that runs the jobs of the queue.
 * @module
 */
import 'server-only'
import { accountState, hash12, withoutAttempt } from '../../../core'
import type { Account } from '../../auth0/account'
import { AccountApi } from '../../auth0/account-api'
import { RequestPacer } from '../../auth0/pace'
import { OPERATOR_WAY } from '../../events/account-event'
import type { PairResult, PairToLink } from '../../jobs/account-work'
import type { Services } from '../../link-flow/services'
import { untilWorkIsDone } from '../../observability/after-answer'
import { processMemory } from '../../process/process-memory'
import type { AccountServices } from '../account-services'
import { linkForOperator, type OperatorLinkOutcome } from './operator-link'

/**
 * Longest time for all API calls of one pair, in milliseconds. It is long because Auth0's smallest plan allows about one
 * call a second.
 */
export const PAIR_BUDGET_MS = 60_000
/** How long the locks on both accounts hold, in seconds. */
export const PAIR_LOCK_SECONDS = (2 * PAIR_BUDGET_MS) / 1000

/** A hash of the tenant and the linking rules. A pair is linked only if they are as when the operator approved it. */
export const rulesMark = ({ managementDomain, policy }: Pick<Services, 'managementDomain' | 'policy'>) =>
  hash12(JSON.stringify([managementDomain.host, policy]))

/**
 * Makes a function that says whether both accounts are as the operator approved them. What an interrupted attempt to link
 * wrote to the primary account does not count as a change.
 */
export const asApproved =
  (approved: PairToLink['approved']) =>
  async (primary: Account, secondary: Account): Promise<boolean> => {
    if ((await accountState(secondary)) !== approved.secondary) return false
    if (approved.primary.includes(await accountState(primary))) return true
    const before = await withoutAttempt(primary, secondary.user_id)
    return approved.primary.includes(await accountState(before))
  }

/**
 * Links a pair.
 *
 * @param pace - Delays API calls so that they stay within the share of the rate limit.
 * @returns The result, once the event about the link has been sent. If the process is killed, that event may be sent twice,
 *   but is not lost.
 */
export async function linkPair(
  services: Services,
  pair: PairToLink,
  pace: RequestPacer,
): Promise<PairResult> {
  const { primary, secondary, approved, wasBegun, isLast } = pair
  const meter = pace.meter()
  let calls = 0
  const count = async () => {
    calls += 1
  }
  const own: AccountServices = {
    ...services,
    linkProof: { way: OPERATOR_WAY, ...pair.by },
    lockSeconds: PAIR_LOCK_SECONDS,
    managementApi: () =>
      new AccountApi(services.authorities.server(), count, { budgetMs: PAIR_BUDGET_MS, send: meter.send }),
  }
  const terms = { isAsApproved: asApproved(approved), wasBegun }
  const outcome = await linkForOperator(own, { primary, secondary }, terms)
  await untilWorkIsDone()
  const state = outcome.refused || isLast ? undefined : await stateAfter(own, primary, outcome)
  return {
    ...(outcome.refused && { refused: outcome.refused }),
    ...(state !== undefined && { state }),
    ...{ calls, milliseconds: meter.milliseconds(), waitMs: meter.waitMs() },
  }
}

/**
 * `accountState` (a hash) of the primary account after the link. The next pair with the same primary account is approved
 * only for that state. If the account cannot be read, the next pair is refused as `changed`.
 */
async function stateAfter(
  services: Pick<AccountServices, 'managementApi'>,
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

/** One {@link RequestPacer} for each share of the rate limit: all pairs that this process links with it wait together. */
const paces = () => processMemory('pair-paces', () => new Map<number, RequestPacer>())

/**
 * Links a pair as a background job. The process that runs the job may have other settings than the command that approved the
 * plan.
 *
 * @returns The result. Refused as `operator_links_off` if operator links are off here, and as `other_policy` if the tenant
 *   or the linking rules are not those of the plan.
 */
export async function linkPairAsJob(services: Services, pair: PairToLink): Promise<PairResult> {
  const refuse = (refused: string) => ({ refused, calls: 0, milliseconds: 0, waitMs: 0 })
  if (!services.areOperatorLinksOn) return refuse('operator_links_off')
  if (pair.rules !== (await rulesMark(services))) return refuse('other_policy')
  const pace = paces().get(pair.share) ?? new RequestPacer(pair.share)
  paces().set(pair.share, pace)
  return linkPair(services, pair, pace)
}
