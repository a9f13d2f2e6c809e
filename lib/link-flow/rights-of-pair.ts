/**
 * Whether one of Auth0's published sample Actions may link two accounts. Those Actions neither read nor move rights (roles,
 * permissions, memberships, factors), and know nothing of second factors, so the service checks before it signs the response
 * token.
 * @module
 */
import 'server-only'
import {
  decidingKinds,
  type LinkingUser,
  type LinkPolicy,
  lacksRightsScope,
  parseUser,
  readRightsOf,
  rightsLossRefusal,
} from '@/core'
import { AccountApi } from '../auth0/account-api'
import { toManagementApiError } from '../auth0/management-api-error'
import { rightsCalls } from '../auth0/rights-calls'
import { logEvent } from '../observability/log'
import { primaryAndSecondary } from './flow-identities'
import { Refusal, resumeFromFlow } from './refusal'
import type { Services } from './services'
import type { FlowCandidate, LinkTransaction } from './transaction-shape'

/**
 * Checks that no second factor is passed by: the candidate has none, or the person proved it with one, and the account that
 * logs in has none. Auth0 asks for a factor only after the Action's redirect.
 *
 * @param proven - The candidate that the person proved ownership of.
 * @throws {Refusal} `not_linkable_here` if a factor would be passed by, or if the accounts could not be read.
 */
export async function assertNoFactorPassed(
  services: Pick<Services, 'authorities'>,
  transaction: LinkTransaction,
  proven: FlowCandidate,
): Promise<void> {
  const { sub, proof } = transaction
  const unproven = proof?.hasUsedMfa ? [sub] : [sub, proven.userId]
  const api = new AccountApi(services.authorities.server())
  try {
    const accounts = await Promise.all(unproven.map((id) => api.getUser(id)))
    if (accounts.every(({ multifactor }) => !multifactor?.length)) return
  } catch (error) {
    const { code, status } = toManagementApiError(error)
    logEvent('account_not_read', { code, status })
  }
  throw new Refusal('not_linkable_here', { resume: resumeFromFlow(transaction) })
}

/**
 * Checks that the link loses no right that the operator wants kept. A right that our own Action would carry over counts as lost,
 * because the published Actions carry nothing over.
 *
 * @param proven - The candidate that the person proved ownership of.
 * @throws {Refusal} `not_linkable_here` if a right would be lost, or if the rights could not be read.
 */
export async function assertNothingLost(
  services: Pick<Services, 'authorities' | 'policy'>,
  transaction: LinkTransaction,
  proven: FlowCandidate,
): Promise<void> {
  const { primary, secondary } = primaryAndSecondary(transaction, proven)
  const policy = withoutMoving(services.policy)
  const [staying, ending] = await holdings(services, policy, primary.userId, secondary.userId)
  if (staying && ending && !lacksRightsScope(ending, policy) && !rightsLossRefusal(staying, ending, policy))
    return
  throw new Refusal('not_linkable_here', { resume: resumeFromFlow(transaction) })
}

/** The operator's policy with every rule that moves rights replaced by `refuse`. */
function withoutMoving({ roles, permissions, memberships, factors, ...policy }: LinkPolicy): LinkPolicy {
  const kept = <Rule extends string>(rule: Rule | undefined) =>
    rule === undefined || rule === 'drop' ? (rule as 'drop' | undefined) : 'refuse'
  return {
    ...policy,
    roles: kept(roles),
    permissions: kept(permissions),
    memberships: kept(memberships),
    factors: kept(factors),
  }
}

/** Both accounts with their rights. If these cannot be read, `rights` is empty, which means "not read". */
async function holdings(
  services: Pick<Services, 'authorities'>,
  policy: LinkPolicy,
  primaryId: string,
  secondaryId: string,
): Promise<Pick<LinkingUser, 'rights'>[]> {
  const users = [primaryId, secondaryId].map((user_id) => parseUser({ user_id, identities: [] }))
  try {
    const calls = rightsCalls(services, new AccountApi(services.authorities.server()))
    return await readRightsOf(calls, users, decidingKinds(policy), [secondaryId])
  } catch (error) {
    const { code, status } = toManagementApiError(error)
    logEvent('rights_not_read', { code, status })
    return users.map((user) => ({ ...user, rights: {} }))
  }
}
