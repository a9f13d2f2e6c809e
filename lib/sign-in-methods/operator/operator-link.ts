/**
 * Links two accounts that an operator named. Rules, writes, event and ending of sessions are those of a link at a login. No
 * person proves ownership: the operator is responsible for the pair, and the snapshot records that.
 * @module
 */
import 'server-only'
import { decideLink, declineExpiry, type Ending, hasIdentity, parseEnding } from '../../../core'
import type { SettingsRefusal } from '../../../core/errors'
import type { Account } from '../../auth0/account'
import type { AccountApi } from '../../auth0/account-api'
import { ManagementApiError } from '../../auth0/management-api-error'
import { rightsCalls } from '../../auth0/rights-calls'
import { OPERATOR_WAY } from '../../events/account-event'
import { refusalOf, SettingsRefusedError } from '../account-refusal'
import type { AccountServices } from '../account-services'
import { emitAccountEvent, toEventAccount } from '../emit-account-event'
import { endAfterLink, planEnding, retryAfterEnding, tryEnding } from '../end-sessions/end-access'
import { commitOpen } from '../link/adoption'
import { commitLink, linkAccounts, toLinkIdentity } from '../link/link-accounts'
import { type LinkPlan, planLink } from '../link/plan-link'
import { nowSeconds } from '../seconds'
import { snapshotOf } from '../snapshots'
import { withAccountLock } from '../with-account-lock'

/** User ids of the primary and the secondary account. */
export interface OperatorPair {
  primary: string
  secondary: string
}

/** Why an operator's link is not made. `declined`: the person declined it at a login, or unlinked the two accounts. */
export type OperatorLinkRefusal = SettingsRefusal | 'declined'

/** The result of an operator's link. */
export type OperatorLinkOutcome =
  | { linked: LinkPlan; found?: undefined; refused?: undefined }
  /** The accounts had been linked by an earlier run, which was interrupted. */
  | { linked?: undefined; found: Account; refused?: undefined }
  | { linked?: undefined; found?: undefined; refused: OperatorLinkRefusal }

/** What an operator's link needs in addition to the pair. */
export interface OperatorLinkTerms {
  /** Whether both accounts are as they were when the operator approved the pair. */
  isAsApproved(primary: Account, secondary: Account): Promise<boolean>
  /** Whether an earlier run started this link, so that it may exist already. */
  wasBegun: boolean
}

/**
 * Links two accounts for an operator, under locks on both.
 *
 * @param services - Their `linkProof` must be the operator's.
 * @returns What was done, or why nothing was: `changed` if the accounts are not as approved, `decision_changed` if the rules
 *   now choose the other account as the primary one, `same_account` if the two were linked by other means, `not_available`
 *   if an account no longer exists, or any other refusal of a link.
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
    const done = await retryAfterEnding(services, both, () =>
      withAccountLock(services, both, () => link(services, api, pair, terms)),
    )
    emitAccountEvent(services, done.event)
    if (done.ending) await tryEnding(services, pair.primary, done.ending, done.ending.before)
    return done.outcome
  } catch (error) {
    return { refused: codeOf(error) }
  }
}

/**
 * A dry run of {@link linkForOperator}: reads and decides in the same way, but writes nothing.
 *
 * @returns The link that would be made, or why none would be.
 */
export async function checkForOperator(
  services: AccountServices,
  pair: OperatorPair,
  terms: OperatorLinkTerms,
): Promise<OperatorLinkOutcome> {
  const api = services.managementApi()
  try {
    const primary = await read(api, pair.primary)
    if (hasIdentity(primary, pair.secondary)) throw new SettingsRefusedError('same_account')
    return { linked: await planPair(services, api, primary, pair, terms) }
  } catch (error) {
    return { refused: codeOf(error) }
  }
}

const codeOf = (error: unknown): OperatorLinkRefusal =>
  error instanceof Declined ? 'declined' : refusalOf(error)

/** A link of this run or an earlier one, and what to do once the locks are released. */
interface FinishedLink {
  outcome: OperatorLinkOutcome
  event: Parameters<typeof emitAccountEvent>[1]
  /** The sessions and refresh tokens that an earlier run did not end. */
  ending?: Ending | undefined
}

/** Thrown if the person has declined the link. */
class Declined extends Error {}

async function link(
  services: AccountServices,
  api: AccountApi,
  pair: OperatorPair,
  terms: OperatorLinkTerms,
): Promise<FinishedLink> {
  const primary = await read(api, pair.primary)
  if (hasIdentity(primary, pair.secondary)) {
    if (terms.wasBegun) return finishInterruptedLink(services, api, primary, pair)
    throw new SettingsRefusedError('same_account')
  }
  const plan = await planPair(services, api, primary, pair, terms)
  const ending = await planEnding(services, [pair.primary, pair.secondary], api.tenantNow() + 1, [])
  const written = await linkAccounts(services, api, plan, {
    identity: await toLinkIdentity(services, api, plan.secondary),
    ...{ by: undefined, ending },
    recheck: (one, two) => decideLink(one, two, services.policy, nowSeconds()).reason,
  })
  const before = api.tenantNow() + 1
  await commitLink(services, api, plan, written)
  const account = { user_id: pair.primary, app_metadata: { ...plan.primary.app_metadata, ...written } }
  if (ending) await endAfterLink(api, account, { ...ending, before })
  return { outcome: { linked: plan }, event: eventOf(primary, toEventAccount(plan.secondary)) }
}

/** Reads the secondary account, and applies the rules of a link at a login. */
async function planPair(
  services: AccountServices,
  api: AccountApi,
  primary: Account,
  pair: OperatorPair,
  { isAsApproved }: OperatorLinkTerms,
): Promise<LinkPlan> {
  const secondary = await read(api, pair.secondary)
  if (!(await isAsApproved(primary, secondary))) throw new SettingsRefusedError('changed')
  if ((await declineExpiry(primary, secondary)) > nowSeconds()) throw new Declined()
  const calls = rightsCalls(services, api)
  return planLink(services, calls, (one, two) => decide(services, one, two), primary, secondary)
}

/**
 * Decides by the rules which account stays. Refuses with `decision_changed` if that is not the primary account that the
 * operator approved, but only once the rights of the accounts have been read: rights can change which account stays.
 */
function decide(
  { policy }: Pick<AccountServices, 'policy'>,
  primary: Account,
  secondary: Account,
): LinkPlan['stays'] {
  const { stays, reason } = decideLink(primary, secondary, policy, nowSeconds())
  if (reason) throw new SettingsRefusedError(reason)
  if (stays !== 'current' && primary.rights) throw new SettingsRefusedError('decision_changed')
  return stays
}

async function read(api: AccountApi, userId: string): Promise<Account> {
  try {
    return await api.getUser(userId)
  } catch (error) {
    const isGone = error instanceof ManagementApiError && error.code === 'not_found'
    throw isGone ? new SettingsRefusedError('not_available') : error
  }
}

/** Finishes a link that an interrupted run made. Refuses if the link was made by other means. */
async function finishInterruptedLink(
  services: AccountServices,
  api: AccountApi,
  account: Account,
  { secondary }: OperatorPair,
): Promise<FinishedLink> {
  const stored = await snapshotOf(account, secondary)
  if (stored?.snapshot.proof.way !== OPERATOR_WAY) throw new SettingsRefusedError('same_account')
  await commitOpen(services, api, account).catch(() => undefined)
  const identity = account.identities.find(({ user_id }) => user_id === secondary)
  const other = { userId: secondary, connection: identity?.connection, email: identity?.profile.email }
  return { outcome: { found: account }, event: eventOf(account, other), ending: parseEnding(account) }
}

const eventOf = (primary: Account, other: ReturnType<typeof toEventAccount>): FinishedLink['event'] => ({
  type: 'account.linked',
  userId: primary.user_id,
  email: primary.email,
  other,
})
