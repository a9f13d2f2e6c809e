/**
 * Makes the link with one call of auth0.js, and finds out whether it exists afterwards.
 * @module
 */
import type { Auth0Callback } from 'auth0-js'
import { isObject } from '@/core/identity'
import type { BrowserLinkingCode } from './code'
import type { ProvenAccount } from './proven-account'

/** The part of auth0.js's `Management` that is needed here. */
export interface UserApi {
  linkUser(userId: string, idToken: string, callback: Auth0Callback<unknown>): void
  getUser(userId: string, callback: Auth0Callback<unknown>): void
}

/** How long an API call may take, in milliseconds. */
const DEADLINE = 15_000

/** The response to an API call; or a failure, with the HTTP status if there is one, and `isLate` if no response came in time. */
type Outcome = { value: unknown } | { status: number | undefined; isLate: boolean }

/** Our code for each HTTP status, once a read has shown that the link does not exist. */
const REFUSALS: Record<number, BrowserLinkingCode> = {
  400: 'link_refused',
  401: 'expired',
  403: 'missing_scope',
  404: 'link_refused',
  409: 'belongs_to_another',
  429: 'rate_limited',
}

/**
 * Links two accounts with the person's own token.
 *
 * We do not repeat the API call, but a browser sends a request again when a connection breaks. So even a refusal may be the
 * second response, after the link was made. If the response does not show the link, this function reads the account.
 *
 * @param api - The API with the access token of the account that stays.
 * @param first - The account that stays (primary).
 * @param other - The account that becomes part of it (secondary).
 * @returns Why the link was not made; undefined if the first account's identities now include the other account.
 * @see {@link https://auth0.com/docs/api/management/v2/users/post-identities Link a user account}
 */
export async function linkAccounts(
  api: UserApi,
  first: ProvenAccount,
  other: ProvenAccount,
): Promise<BrowserLinkingCode | undefined> {
  // auth0.js does not encode the user id in the path, and providers' ids may hold characters with a meaning there.
  const userId = encodeURIComponent(first.userId)
  const linked = await call((callback) => api.linkUser(userId, other.idToken, callback))
  if ('value' in linked && isListed(linked.value, other.userId)) return undefined
  const { status = 0, isLate = false } = 'value' in linked ? {} : linked
  const read = await call((callback) => api.getUser(userId, callback))
  const identities = 'value' in read && isObject(read.value) ? read.value.identities : undefined
  if (isListed(identities, other.userId)) return undefined
  // An API call that is still under way may yet make the link.
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

/** Whether an account's identities include a user id. The ids of some providers are numbers in this list. */
const isListed = (identities: unknown, userId: string): boolean =>
  Array.isArray(identities) &&
  identities.some((identity) => isObject(identity) && `${identity.provider}|${identity.user_id}` === userId)
