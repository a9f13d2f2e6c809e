/**
 * How many calls of the Management API one session, and one person, may cause. Everyone shares the tenant's limit, so calls are
 * counted, not pages.
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
 * What calls are made for: to show something, or to change it. Everything that leads to taking a way in out of an account, undoing
 * a link or declining an offer is a change, including the page that asks and the sign-in before it: people do that when someone
 * else is in their account.
 */
export type CallPurpose = 'view' | 'change'

/** Calls within {@link CALL_PERIOD_SECONDS}. The table in docs/reference/http.md says the same. */
const CALL_LIMITS = {
  /** Of one sign-in at the tenant, for any purpose. */
  session: 240,
  /** Of those, for pages that only show something, so that the calls of one change are always left. */
  sessionViews: 160,
  /** Of one account, in all its sessions; holds while the tenant's own limit is used by more than a quarter. */
  person: 480,
  /** What each session of an account has, whatever its other sessions do: an intruder in the account cannot use it up. */
  sessionOwn: 80,
}
/** Seconds. */
const CALL_PERIOD_SECONDS = 60

const NO_CALLS: Count = { count: 0, secondsLeft: CALL_PERIOD_SECONDS }

/**
 * Passes a request whose session and person have calls left, and a view only while the tenant has more than half of its own.
 *
 * @throws {LinkingError} `rate_limited`, with the time to wait.
 */
export async function assertCallsLeft(store: Store, session: Session, purpose: CallPurpose): Promise<void> {
  const wait = waitFor(await countOf(store, session, 0), purpose, 1)
  if (wait) throw new LinkingError('rate_limited', { retryAfter: Math.max(1, Math.ceil(wait)) })
  if (purpose === 'view' && !(await mayView())) throw new LinkingError('rate_limited', { retryAfter: 1 })
}

/**
 * Counts the calls of one piece of work.
 *
 * @returns Call this before each of them. It throws a {@link LinkingError} with `rate_limited`: before any call of a
 *   view, but only before the first one of a change, so that nothing is left half done.
 */
export function callCounter(store: Store, session: Session, purpose: CallPurpose): () => Promise<void> {
  let isFirst = true
  return async () => {
    const isRefusable = isFirst || purpose === 'view'
    isFirst = false
    if (waitFor(await countOf(store, session, 1), purpose, 0) && isRefusable) {
      // A call that was not made does not count: views must not use up the calls that are left for a change.
      await countOf(store, session, -1)
      throw new LinkingError('rate_limited')
    }
    await untilTurn()
  }
}

/** How often a session and its person were counted, with `by` more. If the store does not answer, nothing is limited. */
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

/** Seconds until a call is allowed; undefined if it is allowed now. `more`: calls that are not counted yet. */
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
