/**
 * The rate limits of Auth0's plans, for users, clients, connections and organizations.
 * @module
 */
import type { PlanName } from '../world/options'

/** One token bucket. */
export interface RateLimit {
  /** The bucket's size. */
  burst: number
  per_second: number
  /** Whether the bucket is refilled once a second, as at Auth0 for limits per minute. */
  isBySecond?: boolean
  /** Whether the message of the 429 speaks of a global limit or an endpoint's limit. */
  of?: 'global' | 'endpoint' | undefined
}

interface EndpointLimit {
  methods: string[]
  /** Matches the path after `/api/v2`. */
  path: RegExp
  limit: RateLimit
}

const perMinute = (burst: number, requests: number): RateLimit => ({
  burst,
  per_second: requests / 60,
  isBySecond: true,
  of: 'endpoint',
})

const WRITE_USERS = perMinute(20, 200)

const USERS = /^\/users(\/[^/]+)?$/

const LINKS = /^\/users\/[^/]+\/identities/

const ORGANIZATION = /^\/organizations\/[^/]+$/

/** The limits for members of organizations and their roles. They are the same in every plan that has such limits. */
const membersAndRoles = (): EndpointLimit[] =>
  [
    { path: /^\/organizations\/[^/]+\/members$/, reading: perMinute(40, 500) },
    { path: /^\/organizations\/[^/]+\/members\/[^/]+\/roles$/, reading: perMinute(20, 200) },
  ].flatMap(({ path, reading }) => [
    { methods: ['GET'], path, limit: reading },
    { methods: ['POST', 'DELETE'], path, limit: perMinute(20, 200) },
  ])

const PLANS: Record<PlanName, { global?: RateLimit; endpoints: EndpointLimit[]; others?: RateLimit }> = {
  free: { global: { burst: 2, per_second: 2, of: 'global' }, endpoints: [] },
  // The plans Essentials and Professional.
  essentials: {
    endpoints: [
      { methods: ['GET'], path: USERS, limit: perMinute(40, 500) },
      { methods: ['POST', 'PATCH'], path: USERS, limit: WRITE_USERS },
      { methods: ['DELETE'], path: USERS, limit: perMinute(20, 200) },
      { methods: ['GET'], path: /^\/clients(\/[^/]+)?$/, limit: perMinute(5, 100) },
      { methods: ['GET'], path: /^\/connections(\/[^/]+)?$/, limit: perMinute(5, 50) },
      { methods: ['GET'], path: ORGANIZATION, limit: perMinute(20, 200) },
      ...membersAndRoles(),
    ],
    others: perMinute(10, 150),
  },
  // The plan Enterprise in the public cloud, for production tenants.
  enterprise: {
    global: { burst: 50, per_second: 16, of: 'global' },
    endpoints: [
      { methods: ['GET'], path: ORGANIZATION, limit: perMinute(10, 100) },
      { methods: ['GET'], path: /^\/users\/[^/]+\/organizations$/, limit: perMinute(40, 500) },
      ...membersAndRoles(),
    ],
  },
}

/**
 * Returns the limits that a request counts toward, in the order in which Auth0 checks them: the limit of the whole API, then
 * the limit of the endpoint. The same limit is always the same object, so it can be the key of a map.
 *
 * @param plan - The tenant's plan.
 * @param method - HTTP method.
 * @param path - The path after `/api/v2`.
 * @param linksCountAs - Which limit linking and unlinking count toward if there is a limit for writing users. Auth0's tables
 *   do not say.
 * @see https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy/rate-limit-configurations
 */
export function limitsOf(
  plan: PlanName,
  method: string,
  path: string,
  linksCountAs: 'others' | 'write_users',
): RateLimit[] {
  const { global, endpoints, others } = PLANS[plan]
  const isLink = others !== undefined && linksCountAs === 'write_users' && LINKS.test(path)
  const row = endpoints.find((each) => each.methods.includes(method) && each.path.test(path))
  const own = isLink ? WRITE_USERS : (row?.limit ?? others)
  return [global, own].filter((limit) => limit !== undefined)
}
