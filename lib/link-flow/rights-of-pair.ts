/**
 * Whether one of Auth0's published sample Actions may link two accounts. Those Actions neither read nor move rights (roles,
 * permissions, memberships, factors), and know nothing of second factors, so the service checks before it signs the response
 * token.
 * @module
 */
import 'server-only'
import { z } from 'zod'
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
import { cached } from '../store/cached'
import { primaryAndSecondary } from './flow-identities'
import { Refusal, resumeFromFlow } from './refusal'
import type { Services } from './services'
import type { FlowCandidate, LinkTransaction } from './transaction-shape'

/** For how many seconds a decision is used again. A browser may view the page sixty times a minute. */
const DECISION_SECONDS = 60

/**
 * Checks that a published Action may link the account that logs in and the candidate.
 *
 * @param proven - The candidate that the person proved ownership of.
 * @throws {Refusal} `not_linkable_here` if the link would lose rights or pass by a second factor, or if the accounts could not be read.
 */
export async function assertMayLink(
  services: Pick<Services, 'authorities' | 'policy' | 'sealer' | 'store'>,
  transaction: LinkTransaction,
  proven: FlowCandidate,
): Promise<void> {
  const { handle, proof } = transaction
  const key = `may-link:${handle}:${proof?.candidate}:${proof?.hasUsedMfa === true}`
  const mayLink = await cached(services, key, DECISION_SECONDS, z.boolean(), async () =>
    (
      await Promise.all([
        isFactorUsed(services, transaction, proven),
        isNothingLost(services, transaction, proven),
      ])
    ).every(Boolean),
  )
  if (!mayLink) throw new Refusal('not_linkable_here', { resume: resumeFromFlow(transaction) })
}

/**
 * Whether no second factor is passed by: the candidate has none, or the person proved it with one, and the account that logs
 * in has none. Auth0 asks for a factor only after the Action's redirect. False if the accounts could not be read.
 */
async function isFactorUsed(
  { authorities }: Pick<Services, 'authorities'>,
  { sub, proof }: LinkTransaction,
  proven: FlowCandidate,
): Promise<boolean> {
  const unproven = proof?.hasUsedMfa ? [sub] : [sub, proven.userId]
  const api = new AccountApi(authorities.server())
  try {
    const accounts = await Promise.all(unproven.map((id) => api.getUser(id)))
    return accounts.every(({ multifactor }) => !multifactor?.length)
  } catch (error) {
    const { code, status } = toManagementApiError(error)
    logEvent('account_not_read', { code, status })
    return false
  }
}

/**
 * Whether the link loses no right that the operator wants kept. A right that our own Action would carry over counts as lost,
 * because the published Actions carry nothing over. False if the rights could not be read.
 */
async function isNothingLost(
  services: Pick<Services, 'authorities' | 'policy'>,
  transaction: LinkTransaction,
  proven: FlowCandidate,
): Promise<boolean> {
  const { primary, secondary } = primaryAndSecondary(transaction, proven)
  const policy = withoutMoving(services.policy)
  const [staying, ending] = await holdings(services, policy, primary.userId, secondary.userId)
  return (
    staying !== undefined &&
    ending !== undefined &&
    !lacksRightsScope(ending, policy) &&
    !rightsLossRefusal(staying, ending, policy)
  )
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
