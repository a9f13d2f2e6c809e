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
  /** Whether requests are added once a second, as Auth0 does if the limit is one per minute. */
  isBySecond?: boolean
  /** Whose limit the message of the 429 names. */
  of?: 'global' | 'endpoint' | undefined
}

interface EndpointLimit {
  methods: string[]
  /** Of a path after `/api/v2`. */
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

/** Members of organizations and their roles have the same limits in every plan that has any. */
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
  // Essentials and Professional.
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
  // In the public cloud, for production.
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
 * Returns the limits that a call counts for, in the order in which Auth0 looks at them: the one of the whole API, then the
 * one of the endpoint. The same limit is the same object in every call.
 *
 * @param plan - The tenant's plan.
 * @param method - HTTP method.
 * @param path - The path after `/api/v2`.
 * @param linksCountAs - What link and unlink count as if writing users has a limit. Auth0's tables do not say.
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
