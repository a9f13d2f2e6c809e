/**
 * How often a person may do something on the page of sign-in methods. The table in docs/reference/http.md says the same.
 * @module
 */
import 'server-only'
import { assertWithin, type Limit } from '../limits/rate-limit'
import type { Services } from '../link-flow/services'
import type { Report } from '../mail/report-token'
import type { Session } from '../session/session'

const SESSION_LIMITS = {
  /** Requests under `/settings`. */
  view: { name: 'views', count: 100, seconds: 60 },
  /** Sign-ins started from there. */
  start: { name: 'starts', count: 20, seconds: 60 },
  /** Forms there that change something. */
  change: { name: 'changes', count: 30, seconds: 60 },
} satisfies Record<string, Limit>

/** Mails to confirm the account's own address. */
const MAIL_LIMIT: Limit = { name: 'mails', count: 3, seconds: 3_600 }

/** Reports of one mail that act. */
const REPORT_LIMIT: Limit = { name: 'reports', count: 10, seconds: 60 }

/**
 * Counts something that is done on the page. Sessions of one sign-in at the tenant count together, and those of another sign-in
 * apart: a stolen session does not keep its owner out.
 *
 * @throws {LinkingError} `rate_limited`
 */
export function assertSessionAllowed(
  services: Pick<Services, 'store'>,
  limit: keyof typeof SESSION_LIMITS,
  { sid, userId }: Session,
): Promise<void> {
  return assertWithin(services.store, SESSION_LIMITS[limit], sid ?? userId)
}

/**
 * Counts a mail that is about to be sent. It is counted for the account, not for the session: the address may not belong to the
 * person who is signed in.
 *
 * @throws {LinkingError} `rate_limited`
 */
export function assertMailAllowed(
  services: Pick<Services, 'store'>,
  { userId }: Pick<Session, 'userId'>,
): Promise<void> {
  return assertWithin(services.store, MAIL_LIMIT, userId)
}

/**
 * Counts a report that is about to act, for the two accounts that it names.
 *
 * @throws {LinkingError} `rate_limited`
 */
export function assertReportAllowed(
  services: Pick<Services, 'store'>,
  { userId, otherId }: Pick<Report, 'userId' | 'otherId'>,
): Promise<void> {
  return assertWithin(services.store, REPORT_LIMIT, `${userId} ${otherId}`)
}
