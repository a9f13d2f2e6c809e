/**
 * Limits how many Management API calls one session and one account may cause. We count API calls and not pages, because all
 * people share the tenant's rate limit.
 * @module
 */
import 'server-only'
import { LinkingError } from '../../core/errors'
import { isScarce, mayView, untilTurn } from '../auth0/tenant-quota'
import { fingerprint } from '../observability/log'
import type { Session } from '../session/session'
import { orFallback } from '../store/or-fallback'
import type { Count, Store } from '../store/store-contract'

/**
 * What API calls are made for: to show something (`view`) or to change something (`change`). Removing a sign-in method, undoing a
 * link and declining an offer count as changes from the first step on, including the confirmation page and the fresh sign-in.
 * People must always be able to do these, because an intruder may be in their account.
 */
export type CallPurpose = 'view' | 'change'

/** The most API calls within {@link CALL_PERIOD_SECONDS}. The table in docs/reference/http.md has the same numbers. */
const CALL_LIMITS = {
  /** For one session at the tenant, for any purpose. */
  session: 240,
  /** For pages of one session that only show something. It is lower than `session`, so that there is always room for a change. */
  sessionViews: 160,
  /** For one account across all its sessions. Enforced only while more than a quarter of the tenant's own rate limit is used. */
  person: 480,
  /**
   * A session may make this many API calls for changes even if `person` is reached, so that an intruder cannot block the owner.
   */
  sessionOwn: 80,
}
/** The period in which API calls are counted, in seconds. */
const CALL_PERIOD_SECONDS = 60

const NO_CALLS: Count = { count: 0, secondsLeft: CALL_PERIOD_SECONDS }

/**
 * Refuses a request if its session or account has no API calls left. A view is also refused while less than half of the tenant's
 * rate limit is left.
 *
 * @throws {LinkingError} `rate_limited`, with the time to wait.
 */
export async function assertCallsLeft(store: Store, session: Session, purpose: CallPurpose): Promise<void> {
  const wait = waitFor(await countOf(store, session, 0), purpose, 1)
  if (wait) throw new LinkingError('rate_limited', { retryAfter: Math.max(1, Math.ceil(wait)) })
  if (purpose === 'view' && !(await mayView())) throw new LinkingError('rate_limited', { retryAfter: 1 })
}

/**
 * Makes a function that counts the API calls of one view or one change.
 *
 * @returns A function to run before each API call. It throws a {@link LinkingError} `rate_limited` if the limit is reached. A
 *   change is refused only before its first API call, so that it is never left half done.
 */
export function callCounter(store: Store, session: Session, purpose: CallPurpose): () => Promise<void> {
  let isFirst = true
  return async () => {
    const isRefusable = isFirst || purpose === 'view'
    isFirst = false
    if (waitFor(await countOf(store, session, 1), purpose, 0) && isRefusable) {
      // The API call is not made, so take it off the count. Views must not use up the calls that are reserved for changes.
      await countOf(store, session, -1)
      throw new LinkingError('rate_limited')
    }
    await untilTurn()
  }
}

/** Adds `by` to the counts of a session and of its account, and returns both. If the store is down, both are zero: no limit. */
async function countOf(
  store: Store,
  { sid, userId }: Session,
  by: number,
): Promise<{ own: Count; all: Count }> {
  const count = (key: string) => orFallback(store.count(key, CALL_PERIOD_SECONDS, by), NO_CALLS)
  const [own, all] = await Promise.all([
    count(`calls:${fingerprint(sid ?? userId)}`),
    count(`personcalls:${fingerprint(userId)}`),
  ])
  return { own, all }
}

/** Seconds until an API call is allowed; undefined if it is allowed now. `more` is the number of calls not yet counted. */
function waitFor(
  { own, all }: { own: Count; all: Count },
  purpose: CallPurpose,
  more: number,
): number | undefined {
  const most = purpose === 'view' ? CALL_LIMITS.sessionViews : CALL_LIMITS.session
  if (own.count + more > most) return own.secondsLeft
  const isOwn = purpose === 'change' && own.count + more <= CALL_LIMITS.sessionOwn
  return !isOwn && all.count + more > CALL_LIMITS.person && isScarce() ? all.secondsLeft : undefined
}
