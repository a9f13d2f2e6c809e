/**
 * How often one person may do what costs something. It is counted by account, by flow or by sign-in, and only where a genuine
 * token, a flow of this browser or a session stands behind it: nobody can use up what is somebody else's, and people who share
 * an address share nothing.
 * @module
 */
import 'server-only'
import { fingerprint } from '../log'
import type { Session } from '../session/session'
import type { LinkTransaction } from '../session/transaction-shape'
import { store } from '../store/store'
import { unlessUnavailable } from '../store/unless-unavailable'
import { Refusal, type RefusalDetails, wayOnOfFlow } from './refusal'

/** How often within {@link PERIOD}. The table in docs/reference/http.md says the same. */
const LIMITS = {
  /** Flows opened for an account. */
  opening: 600,
  /** Pages and forms of a flow. */
  step: 60,
  /** Requests under `/settings`. */
  view: 100,
  /** Sign-ins started from there. */
  start: 20,
  /** Forms there that change something. */
  change: 30,
  /** Mails to confirm the own address, in an hour. */
  mail: 3,
}
/** Seconds. */
const PERIOD = 60
const PERIODS: Partial<Record<Limit, number>> = { mail: 3600 }

type Limit = keyof typeof LIMITS

/**
 * Counts a flow that is about to be opened.
 *
 * @param sub - The account, as a genuine token names it.
 * @param details - What goes with the refusal.
 * @throws {Refusal} `rate_limited`
 */
export function assertOpeningAllowed(sub: string, details: RefusalDetails): Promise<void> {
  return assertWithin('opening', sub, details)
}

/**
 * Counts a step of a flow. Answers that link nothing are no steps: they are how its owner gets on.
 *
 * @throws {Refusal} `rate_limited`, with the way on.
 */
export function assertStepAllowed(transaction: LinkTransaction): Promise<void> {
  return assertWithin('step', transaction.handle, { wayOn: wayOnOfFlow(transaction), canRetry: true })
}

/**
 * Counts something that is done on the settings page. Sessions of one sign-in at the tenant count together, and those of
 * another one for themselves: a stolen session does not keep its owner out.
 *
 * @throws {Refusal} `rate_limited`
 */
export function assertSessionAllowed(
  limit: Exclude<Limit, 'opening' | 'step' | 'mail'>,
  { sid, userId }: Session,
): Promise<void> {
  return assertWithin(limit, sid ?? userId, {})
}

/**
 * Counts a mail that is about to be sent. It is counted for the account, not for the session: the address may not belong to the person who is signed in.
 *
 * @throws {Refusal} `rate_limited`
 */
export function assertMailAllowed({ userId }: Pick<Session, 'userId'>): Promise<void> {
  return assertWithin('mail', userId, {})
}

/** Where the store does not answer nothing is limited: a login must not wait for it. */
async function assertWithin(limit: Limit, who: string, details: RefusalDetails): Promise<void> {
  const counted = await unlessUnavailable(
    store().count(`${limit}s:${fingerprint(who)}`, PERIODS[limit] ?? PERIOD),
    undefined,
  )
  if (!counted || counted.count <= LIMITS[limit]) return
  throw new Refusal('rate_limited', { ...details, retryAfter: Math.max(1, Math.ceil(counted.secondsLeft)) })
}
