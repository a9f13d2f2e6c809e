/**
 * Rate limits of the page "Sign-in methods". The table in docs/reference/http.md says the same.
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
  /** Sign-ins that the person starts from the page. */
  start: { name: 'starts', count: 20, seconds: 60 },
  /** Forms on the page that change something. */
  change: { name: 'changes', count: 30, seconds: 60 },
} satisfies Record<string, Limit>

/** Verification mails to the account's own email address. */
const MAIL_LIMIT: Limit = { name: 'mails', count: 3, seconds: 3_600 }

/** "This wasn't me" reports that are carried out, for one pair of accounts. */
const REPORT_LIMIT: Limit = { name: 'reports', count: 10, seconds: 60 }

/**
 * Counts a use of the page. Our sessions that belong to the same tenant session (`sid`) are counted together. Other sessions
 * of the account have counts of their own, so a stolen session cannot use up the owner's limit.
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
 * Counts a verification mail before it is sent. It is counted for the account and not for the session, because the email
 * address may belong to someone else, who must not get a mail for each new session.
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
 * Counts a report before it is carried out, for the two accounts in it.
 *
 * @throws {LinkingError} `rate_limited`
 */
export function assertReportAllowed(
  services: Pick<Services, 'store'>,
  { userId, otherId }: Pick<Report, 'userId' | 'otherId'>,
): Promise<void> {
  return assertWithin(services.store, REPORT_LIMIT, `${userId} ${otherId}`)
}
