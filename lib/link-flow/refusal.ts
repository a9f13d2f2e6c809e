import 'server-only'
import { type ErrorDetails, LinkingError, type LinkingErrorCode } from '@/core/errors'
import { chooseContinueDomain } from './continue-url'
import type { Services } from './services'
import { stepPlaceOf } from './step-place'
import type { SharedKeyName } from './tokens/shared-key'
import type { VerifiedAnswer } from './tokens/verify-response-token'
import type { GenuineToken } from './tokens/verify-session-token'
import type { LinkTransaction } from './transaction-shape'

/**
 * How a paused login resumes without a link: what the response token (our signed answer to the Action) says, and where it is
 * sent. An error page that has this data has the button "Continue signing in without linking".
 */
export interface ResumeLogin {
  sub: string
  state: string
  transactionId: string | undefined
  key: SharedKeyName
  /** Host of the domain at which the login runs; undefined if it is not known. */
  domain: string | undefined
  uiLocales: string | undefined
  /** Id of the organization that the person signs in to, if the token names one. */
  organization?: string | undefined
  /** How far the tenant's clock is ahead of ours, in seconds, if that is known. */
  ahead?: number | undefined
  /**
   * The application that the person signs in to, and the connection of the account that a link would add, as fields of log
   * lines.
   */
  place?: { client_id: string | undefined; connection?: string | undefined } | undefined
  /** The open flow that ends when the person posts the response token. */
  flow?: { handle: string; csrf: string }
}

/** What a refusal holds besides its error code. */
export interface RefusalDetails extends ErrorDetails {
  /** How the owner of a genuine token or an open flow resumes the login. */
  resume?: ResumeLogin
  /** Whether the request names a flow. The error page then does not offer to resume another login of this browser. */
  isOfFlow?: boolean
  /** Whether the browser keeps no cookies, so that the login can only resume without a link. */
  isCookieless?: boolean
  /** `Set-Cookie` lines for the error page. */
  cookies?: string[]
  /** Whether the error page has a link to the flow's prompt, to try again. */
  canRetry?: boolean
  cause?: unknown
}

/** An error of the redirect flow that says how the login resumes. */
export class Refusal extends LinkingError {
  /**
   * @param code - What went wrong.
   * @param details - How the login resumes, and what the error page needs besides the code.
   */
  constructor(
    code: LinkingErrorCode,
    override readonly details: RefusalDetails,
  ) {
    super(code, details)
  }
}

/** How the owner of a genuine session token resumes the login. */
export function resumeFromToken(
  services: Pick<Services, 'auth0Domain' | 'loginDomains' | 'managementDomain'>,
  genuine: GenuineToken,
  state: string,
): ResumeLogin {
  const { sub, transactionId, key, uiLocales, organization, ahead, clientId } = genuine
  const domain = chooseContinueDomain(services, genuine)
  const place = { client_id: clientId }
  return { sub, state, transactionId, key, uiLocales, organization, ahead, domain, place }
}

/**
 * How the owner of a response token that we signed resumes the login.
 *
 * @param domain - Host of the domain at which the login runs, from the form.
 */
export function resumeFromAnswer({ claims, key }: VerifiedAnswer, domain: string | undefined): ResumeLogin {
  const { sub, state, transactionId, ahead } = claims
  return { sub, state, transactionId, key, domain, ahead, uiLocales: undefined }
}

/** How the owner of a flow resumes the login. */
export function resumeFromFlow(transaction: LinkTransaction): ResumeLogin {
  const { sub, state, transactionId, key, domain, uiLocales, organization, handle, csrf } = transaction
  const place = stepPlaceOf(transaction)
  return { sub, state, transactionId, key, domain, uiLocales, organization, place, flow: { handle, csrf } }
}

/**
 * Turns any error into a refusal that says how the flow's login resumes.
 *
 * @param cookies - `Set-Cookie` lines for the error page.
 */
export function refusalOfFlow(error: unknown, transaction: LinkTransaction, cookies: string[] = []): Refusal {
  const code = error instanceof LinkingError ? error.code : 'internal'
  const cause = error instanceof LinkingError ? error.cause : error
  return new Refusal(code, { resume: resumeFromFlow(transaction), cookies, canRetry: true, cause })
}
