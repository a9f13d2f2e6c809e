/**
 * Rate limits of the console. The table in docs/reference/http.md lists the same numbers.
 * @module
 */
import 'server-only'
import { assertWithin, type Limit } from '../limits/rate-limit'
import type { ConsoleServices } from './services'
import type { ConsoleSession } from './session'

const LIMITS = {
  /** Requests under `/console`. */
  view: { name: 'console-views', count: 120, seconds: 60 },
  /** Acts. Each act changes an account, or pauses or resumes offers. */
  act: { name: 'console-acts', count: 20, seconds: 60 },
} satisfies Record<string, Limit>

/**
 * Counts a request or an act of a session. If the operator signs in again in the same browser, the count continues.
 *
 * @throws {LinkingError} `rate_limited`
 */
export const assertOperatorAllowed = (
  services: Pick<ConsoleServices, 'store'>,
  limit: keyof typeof LIMITS,
  { id }: Pick<ConsoleSession, 'id'>,
): Promise<void> => assertWithin(services.store, LIMITS[limit], id)
