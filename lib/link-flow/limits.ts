/**
 * The rate limits of the redirect flow: how many flows the logins of one account may open in a minute, and how many requests
 * one flow may make in a minute. The table in docs/reference/http.md has the same numbers.
 * @module
 */
import 'server-only'
import { LinkingError } from '@/core/errors'
import { assertWithin, type Limit } from '../limits/rate-limit'
import { Refusal, type RefusalDetails, resumeFromFlow } from './refusal'
import type { Services } from './services'
import type { LinkTransaction } from './transaction-shape'

/** Flows that may be opened for one account. */
const OPENINGS: Limit = { name: 'openings', count: 600, seconds: 60 }
/** Requests for pages and forms of one flow. */
const STEPS: Limit = { name: 'steps', count: 60, seconds: 60 }

/**
 * Counts a flow that is about to be opened.
 *
 * @param sub - The current account's user id, from a genuine session token.
 * @param details - How the login resumes if the limit is reached.
 * @throws {Refusal} `rate_limited`
 */
export function assertOpeningAllowed(
  services: Pick<Services, 'store'>,
  sub: string,
  details: RefusalDetails,
): Promise<void> {
  return assertFlowWithin(services, OPENINGS, sub, details)
}

/**
 * Counts a step of a flow. Do not use this for response tokens that link nothing: the person must always be able to resume the
 * login.
 *
 * @throws {Refusal} `rate_limited`, with how the login resumes.
 */
export function assertStepAllowed(
  services: Pick<Services, 'store'>,
  transaction: LinkTransaction,
): Promise<void> {
  return assertFlowWithin(services, STEPS, transaction.handle, {
    resume: resumeFromFlow(transaction),
    canRetry: true,
  })
}

async function assertFlowWithin(
  services: Pick<Services, 'store'>,
  limit: Limit,
  subject: string,
  details: RefusalDetails,
): Promise<void> {
  try {
    await assertWithin(services.store, limit, subject)
  } catch (error) {
    if (!(error instanceof LinkingError)) throw error
    throw new Refusal(error.code, { ...details, ...error.details })
  }
}
