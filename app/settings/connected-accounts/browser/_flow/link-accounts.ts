/**
 * The link itself: one call of auth0.js, and what is known afterwards.
 * @module
 */
import type { Auth0Callback } from 'auth0-js'
import { isObject } from '@/core/identity'
import type { BrowserLinkingCode } from './code'
import type { ProvenAccount } from './proven-account'

/** What is needed of the library's `Management`. */
export interface UserApi {
  linkUser(userId: string, idToken: string, callback: Auth0Callback<unknown>): void
  getUser(userId: string, callback: Auth0Callback<unknown>): void
}

/** How long a call may take, in milliseconds. */
const DEADLINE = 15_000

/** An answer; or a failure, with the HTTP status if there was one, and `isLate` if no answer came in time. */
type Outcome = { value: unknown } | { status: number | undefined; isLate: boolean }

/** The meaning of a refusal once it is known that the link does not exist. */
const REFUSALS: Record<number, BrowserLinkingCode> = {
  400: 'link_refused',
  401: 'expired',
  403: 'missing_scope',
  404: 'link_refused',
  409: 'belongs_to_another',
  429: 'rate_limited',
}

/**
 * Makes one account part of another, in the name of the person who owns both.
 *
 * The call is not repeated here; but browsers send a request once more when a connection breaks, so that even a refusal may
 * come after a link that was made. Whatever does not show the link has the account read.
 *
 * @param api - With the access token of the account that stays.
 * @param first - The account that stays.
 * @param other - The account that becomes part of it.
 * @returns Why not; undefined if the other is now listed among the first one's identities.
 * @see {@link https://auth0.com/docs/api/management/v2/users/post-identities Link a user account}
 */
export async function linkAccounts(
  api: UserApi,
  first: ProvenAccount,
  other: ProvenAccount,
): Promise<BrowserLinkingCode | undefined> {
  // The library puts it into the path as it is, and providers' ids may hold what means something there.
  const userId = encodeURIComponent(first.userId)
  const linked = await call((callback) => api.linkUser(userId, other.idToken, callback))
  if ('value' in linked && isListed(linked.value, other.userId)) return undefined
  const { status = 0, isLate = false } = 'value' in linked ? {} : linked
  const read = await call((callback) => api.getUser(userId, callback))
  const identities = 'value' in read && isObject(read.value) ? read.value.identities : undefined
  if (isListed(identities, other.userId)) return undefined
  // A call that is still on its way may yet link them.
  if (isLate) return 'outcome_unknown'
  return REFUSALS[status] ?? (identities ? 'tenant_unreachable' : 'outcome_unknown')
}

function call(start: (callback: Auth0Callback<unknown>) => void): Promise<Outcome> {
  return new Promise((resolve) => {
    const deadline = setTimeout(resolve, DEADLINE, { status: undefined, isLate: true })
    start((error, value) => {
      clearTimeout(deadline)
      resolve(error ? { status: error.statusCode, isLate: false } : { value })
    })
  })
}

/** Whether an account's identities hold the one with this user id. Some providers' ids are numbers there. */
const isListed = (identities: unknown, userId: string): boolean =>
  Array.isArray(identities) &&
  identities.some((identity) => isObject(identity) && `${identity.provider}|${identity.user_id}` === userId)
