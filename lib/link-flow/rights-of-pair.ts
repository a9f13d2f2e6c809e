/**
 * What a link of Auth0's published Actions would lose. They read and move nothing, so the service looks before it signs the answer.
 * @module
 */
import 'server-only'
import {
  decidingKinds,
  isUnread,
  type LinkingUser,
  type LinkPolicy,
  lossOf,
  parseUser,
  type RightsCalls,
  withRights,
} from '@/core'
import { toManagementApiError } from '../auth0/management-api-error'
import { callByPath } from '../auth0/path-call'
import { fetchCounted } from '../auth0/tenant-quota'
import { logEvent } from '../observability/log'
import { pairOf } from './flow-identities'
import { Refusal, resumeFromFlow } from './refusal'
import type { Services } from './services'
import type { FlowCandidate, LinkTransaction } from './transaction-shape'

/** Longest wait for a call, in seconds. */
const CALL_TIMEOUT_SECONDS = 2.5

/**
 * Passes if nothing is lost that the operator wants kept. What would be carried cannot be, so it counts as lost.
 *
 * @param proven - The candidate that was proven.
 * @throws {Refusal} `not_linkable_here`
 */
export async function assertNothingLost(
  services: Pick<Services, 'authorities' | 'policy'>,
  transaction: LinkTransaction,
  proven: FlowCandidate,
): Promise<void> {
  const { primary, secondary } = pairOf(transaction, proven)
  const policy = withoutMoving(services.policy)
  const [staying, ending] = await holdings(services, policy, primary.userId, secondary.userId)
  if (staying && ending && !isUnread(ending, policy) && !lossOf(staying, ending, policy)) return
  throw new Refusal('not_linkable_here', { resume: resumeFromFlow(transaction) })
}

/** The same rules, as far as they can be kept without moving anything. */
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

/** Both accounts with what they hold. If the tenant does not answer, nothing is known of it. */
async function holdings(
  services: Pick<Services, 'authorities'>,
  policy: LinkPolicy,
  primaryId: string,
  secondaryId: string,
): Promise<Pick<LinkingUser, 'rights'>[]> {
  const users = [primaryId, secondaryId].map((user_id) => parseUser({ user_id, identities: [] }))
  try {
    return await withRights(rightsCalls(services), users, decidingKinds(policy), [secondaryId])
  } catch (error) {
    const { code, status } = toManagementApiError(error)
    logEvent('rights_not_read', { code, status })
    return users.map((user) => ({ ...user, rights: {} }))
  }
}

function rightsCalls({ authorities }: Pick<Services, 'authorities'>): RightsCalls {
  const { origin, token } = authorities.server()
  return {
    async call(method, path, body) {
      const options = { token: await token(), timeoutInSeconds: CALL_TIMEOUT_SECONDS, fetch: fetchCounted }
      try {
        return await callByPath({ ...options, baseUrl: `${origin}/api/v2`, method, path, body })
      } catch (error) {
        throw toManagementApiError(error)
      }
    },
    isGranted: (scopes) => authorities.areGranted(scopes),
  }
}
