/**
 * Linking two accounts that an operator named: the rules, the writes, the event and the ends of sessions of a login's link. What a
 * person's proof is there, is here the operator's word, and the snapshot says so.
 * @module
 */
import 'server-only'
import { decideLink, type Ending, holds, lapseOf, parseEnding } from '../../core'
import type { SettingsRefusal } from '../../core/errors'
import type { Account } from '../auth0/account'
import type { AccountApi } from '../auth0/account-api'
import { ManagementApiError } from '../auth0/management-api-error'
import { Refused, refusalOf } from './account-refusal'
import type { AccountServices } from './account-services'
import { commitOpen } from './adoption'
import { emitAccountEvent, toEventAccount } from './emit-account-event'
import { afterEnding, endAfterLink, endOnce, planEnding } from './end-access'
import { commitLink, linkAccounts, nameForTenant } from './link-accounts'
import { OPERATOR_WAY } from './link-proof'
import { type LinkPlan, planLink } from './plan-link'
import { rightsCalls } from './rights-calls'
import { nowSeconds } from './seconds'
import { snapshotOf } from './snapshots'
import { withAccountLock } from './with-account-lock'

/** User ids of two accounts: the one that stays, and the one that becomes part of it. */
export interface OperatorPair {
  primary: string
  secondary: string
}

/** Why an operator's link is not made: `declined` if the person has declined it, at a login or by taking the two apart. */
export type OperatorLinkRefusal = SettingsRefusal | 'declined'

/** What came of it. */
export type OperatorLinkOutcome =
  | { linked: LinkPlan; found?: undefined; refused?: undefined }
  /** An earlier run, which was interrupted, had linked them. */
  | { linked?: undefined; found: Account; refused?: undefined }
  | { linked?: undefined; found?: undefined; refused: OperatorLinkRefusal }

/** What an operator's link depends on beside the pair. */
export interface OperatorLinkTerms {
  /** Whether both accounts are as they were when the operator approved the pair. */
  isAsApproved(primary: Account, secondary: Account): Promise<boolean>
  /** Whether an earlier run has begun this link: then it may be there already. */
  wasBegun: boolean
}

/**
 * Links two accounts for an operator, under locks on both.
 *
 * @param services - Whose `linkProof` is the operator's.
 * @returns What was done, or why nothing was: `changed` if the accounts are not as approved, `decision_changed` if by now the other one
 *   would stay, `same_account` if they were linked by other means, `not_available` if one is gone.
 * @see docs/decisions/0046-links-that-an-operator-makes.md
 */
export async function linkForOperator(
  services: AccountServices,
  pair: OperatorPair,
  terms: OperatorLinkTerms,
): Promise<OperatorLinkOutcome> {
  const both = [pair.primary, pair.secondary]
  const api = services.managementApi()
  try {
    const done = await afterEnding(services, both, () =>
      withAccountLock(services, both, () => link(services, api, pair, terms)),
    )
    emitAccountEvent(services, done.event)
    if (done.ending) await endOnce(services, pair.primary, done.ending, done.ending.before)
    return done.outcome
  } catch (error) {
    return { refused: codeOf(error) }
  }
}

/**
 * Reads and decides as {@link linkForOperator} does, and writes nothing.
 *
 * @returns What would be done, or why nothing would be.
 */
export async function checkForOperator(
  services: AccountServices,
  pair: OperatorPair,
  terms: OperatorLinkTerms,
): Promise<OperatorLinkOutcome> {
  const api = services.managementApi()
  try {
    const primary = await read(api, pair.primary)
    if (holds(primary, pair.secondary)) throw new Refused('same_account')
    return { linked: await planPair(services, api, primary, pair, terms) }
  } catch (error) {
    return { refused: codeOf(error) }
  }
}

const codeOf = (error: unknown): OperatorLinkRefusal =>
  error instanceof Declined ? 'declined' : refusalOf(error)

/** A link of this run, or of an earlier one, and what is still to be done once the locks are open. */
interface Done {
  outcome: OperatorLinkOutcome
  event: Parameters<typeof emitAccountEvent>[1]
  /** What an earlier run has left to end. */
  ending?: Ending | undefined
}

/** The person has declined the link. */
class Declined extends Error {}

async function link(
  services: AccountServices,
  api: AccountApi,
  pair: OperatorPair,
  terms: OperatorLinkTerms,
): Promise<Done> {
  const primary = await read(api, pair.primary)
  if (holds(primary, pair.secondary)) {
    if (terms.wasBegun) return goOn(services, api, primary, pair)
    throw new Refused('same_account')
  }
  const plan = await planPair(services, api, primary, pair, terms)
  const ending = await planEnding(services, [pair.primary, pair.secondary], api.tenantNow() + 1, [])
  const written = await linkAccounts(services, api, plan, {
    identity: await nameForTenant(services, api, plan.secondary),
    ...{ by: undefined, ending },
    recheck: (one, two) => decideLink(one, two, services.policy, nowSeconds()).reason,
  })
  const before = api.tenantNow() + 1
  await commitLink(services, api, plan, written)
  const account = { user_id: pair.primary, app_metadata: { ...plan.primary.app_metadata, ...written } }
  if (ending) await endAfterLink(api, account, { ...ending, before })
  return { outcome: { linked: plan }, event: eventOf(primary, toEventAccount(plan.secondary)) }
}

/** Reads the other account, and decides as at a login. */
async function planPair(
  services: AccountServices,
  api: AccountApi,
  primary: Account,
  pair: OperatorPair,
  { isAsApproved }: OperatorLinkTerms,
): Promise<LinkPlan> {
  const secondary = await read(api, pair.secondary)
  if (!(await isAsApproved(primary, secondary))) throw new Refused('changed')
  if ((await lapseOf(primary, secondary)) > nowSeconds()) throw new Declined()
  const calls = rightsCalls(services, api)
  return planLink(services, calls, (one, two) => decide(services, one, two), primary, secondary)
}

/** The account that was approved to stay must be the one that stays, once it is known what both hold. */
function decide(
  { policy }: Pick<AccountServices, 'policy'>,
  primary: Account,
  secondary: Account,
): LinkPlan['stays'] {
  const { stays, reason } = decideLink(primary, secondary, policy, nowSeconds())
  if (reason) throw new Refused(reason)
  if (stays !== 'current' && primary.rights) throw new Refused('decision_changed')
  return stays
}

async function read(api: AccountApi, userId: string): Promise<Account> {
  try {
    return await api.getUser(userId)
  } catch (error) {
    const isGone = error instanceof ManagementApiError && error.code === 'not_found'
    throw isGone ? new Refused('not_available') : error
  }
}

/** What an interrupted run has left to do of a link that it made. A link by other means is not its own. */
async function goOn(
  services: AccountServices,
  api: AccountApi,
  account: Account,
  { secondary }: OperatorPair,
): Promise<Done> {
  const stored = await snapshotOf(account, secondary)
  if (stored?.snapshot.proof.way !== OPERATOR_WAY) throw new Refused('same_account')
  await commitOpen(services, api, account).catch(() => undefined)
  const identity = account.identities.find(({ user_id }) => user_id === secondary)
  const other = { userId: secondary, connection: identity?.connection, email: identity?.profile.email }
  return { outcome: { found: account }, event: eventOf(account, other), ending: parseEnding(account) }
}

const eventOf = (primary: Account, other: ReturnType<typeof toEventAccount>): Done['event'] => ({
  type: 'account.linked',
  userId: primary.user_id,
  email: primary.email,
  other,
})
