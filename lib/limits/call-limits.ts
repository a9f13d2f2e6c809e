/**
 * Limits how many Management API calls one session and one account may cause. We count API calls and not pages, because all
 * people share the tenant's rate limit.
 * @module
 */
import 'server-only'
import { LinkingError } from '../../core/errors'
import type { CallSubject } from '../auth0/management-calls'
import { isScarce, untilTurn, waitForViewQuota } from '../auth0/tenant-quota'
import { fingerprint } from '../observability/log'
import type { Session } from '../session/session'
import { fallBackIfStoreDown } from '../store/or-fallback'
import type { Count, Store } from '../store/store-contract'

/**
 * What API calls are made for: to show something (`view`) or to change something (`change`). Removing a sign-in method, undoing a
 * link and declining an offer count as changes from the first step on, including the confirmation page and the fresh sign-in.
 * People must always be able to do these, because an intruder may be in their account.
 */
export type CallPurpose = 'view' | 'change'

interface CallLimits {
  /** For one session at the tenant, for any purpose. */
  session: number
  /** For pages of one session that only show something. It is lower than `session`, so that there is always room for a change. */
  sessionViews: number
  /** For one account across all its sessions. Enforced only while more than a quarter of the tenant's own rate limit is used. */
  person: number
  /**
   * A session may make this many API calls for changes even if `person` is reached, so that an intruder cannot block the owner.
   */
  sessionOwn: number
}

/**
 * The most API calls within {@link CALL_PERIOD_SECONDS}, by what they are about. The table in docs/reference/http.md has the same
 * numbers. Linking two accounts takes about three times as many calls for their rights (roles, permissions, memberships and factors)
 * as for everything else. They count apart, so that requests that need no rights cannot use them up.
 */
const CALL_LIMITS: Record<CallSubject, CallLimits> = {
  account: { session: 60, sessionViews: 50, person: 120, sessionOwn: 20 },
  rights: { session: 180, sessionViews: 120, person: 360, sessionOwn: 60 },
}
const SUBJECTS: readonly CallSubject[] = ['account', 'rights']
/** The period in which API calls are counted, in seconds. */
const CALL_PERIOD_SECONDS = 60

const NO_CALLS: Count = { count: 0, secondsLeft: CALL_PERIOD_SECONDS }

/**
 * Refuses a request if its session or account has no API calls left. A view also waits until at least half of the tenant's
 * rate limit is left, and is refused if that takes longer than two seconds.
 *
 * @throws {LinkingError} `rate_limited`, with the time to wait.
 */
export async function assertCallsLeft(store: Store, session: Session, purpose: CallPurpose): Promise<void> {
  const wait = await longestWait(store, session, purpose)
  if (wait) throw new LinkingError('rate_limited', { retryAfter: Math.max(1, Math.ceil(wait)) })
  if (purpose === 'view' && !(await waitForViewQuota()))
    throw new LinkingError('rate_limited', { retryAfter: 1 })
}

/**
 * Makes a function that counts the API calls of one view or one change.
 *
 * @returns A function to run before each API call. It throws a {@link LinkingError} `rate_limited` if the limit is reached. A
 *   change is refused only before its first API call, so that it is never left half done.
 */
export function callCounter(
  store: Store,
  session: Session,
  purpose: CallPurpose,
): (subject: CallSubject) => Promise<void> {
  let isFirst = true
  return async (subject) => {
    const isBegun = !isFirst
    isFirst = false
    const wait = waitFor(await countOf(store, session, subject, 1), subject, purpose, 0)
    // A change that is begun is finished, so before it begins there must be calls left for its later steps, too.
    const isRefused =
      purpose === 'view' ? wait : !isBegun && (wait ?? (await longestWait(store, session, purpose, subject)))
    if (isRefused) {
      // The API call is not made, so take it off the count. Views must not use up the calls that are reserved for changes.
      await countOf(store, session, subject, -1)
      throw new LinkingError('rate_limited')
    }
    await untilTurn()
  }
}

/**
 * Seconds until a session has API calls left for every subject; undefined if it has some left now.
 *
 * @param except - A subject to leave out.
 */
async function longestWait(
  store: Store,
  session: Session,
  purpose: CallPurpose,
  except?: CallSubject,
): Promise<number | undefined> {
  const waits = await Promise.all(
    SUBJECTS.filter((subject) => subject !== except).map(async (subject) =>
      waitFor(await countOf(store, session, subject, 0), subject, purpose, 1),
    ),
  )
  const due = waits.filter((wait) => wait !== undefined)
  return due.length > 0 ? Math.max(...due) : undefined
}

/** Prefixes of the store's keys for the counts of a session (`own`) and of an account across all its sessions (`all`). */
const KEYS: Record<CallSubject, { own: string; all: string }> = {
  account: { own: 'calls', all: 'personcalls' },
  rights: { own: 'rightscalls', all: 'personrightscalls' },
}

/** Adds `by` to the counts of a session and of its account, and returns both. If the store is down, both are zero: no limit. */
async function countOf(
  store: Store,
  { sid, userId }: Session,
  subject: CallSubject,
  by: number,
): Promise<{ own: Count; all: Count }> {
  const count = (key: string) => fallBackIfStoreDown(store.count(key, CALL_PERIOD_SECONDS, by), NO_CALLS)
  const [own, all] = await Promise.all([
    count(`${KEYS[subject].own}:${fingerprint(sid ?? userId)}`),
    count(`${KEYS[subject].all}:${fingerprint(userId)}`),
  ])
  return { own, all }
}

/** Seconds until an API call is allowed; undefined if it is allowed now. `more` is the number of calls not yet counted. */
function waitFor(
  { own, all }: { own: Count; all: Count },
  subject: CallSubject,
  purpose: CallPurpose,
  more: number,
): number | undefined {
  const { session, sessionViews, person, sessionOwn } = CALL_LIMITS[subject]
  if (own.count + more > (purpose === 'view' ? sessionViews : session)) return own.secondsLeft
  const isWithinReserve = purpose === 'change' && own.count + more <= sessionOwn
  return !isWithinReserve && all.count + more > person && isScarce() ? all.secondsLeft : undefined
}
