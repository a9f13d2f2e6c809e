/**
 * How often an operator may do something in the console. The table in docs/reference/http.md says the same.
 * @module
 */
import 'server-only'
import { assertWithin, type Limit } from '../limits/rate-limit'
import type { ConsoleServices } from './services'

const LIMITS = {
  /** Requests under `/console`. */
  view: { name: 'console-views', count: 60, seconds: 60 },
  /** Acts: each changes an account, or switches offers. */
  act: { name: 'console-acts', count: 20, seconds: 60 },
} satisfies Record<string, Limit>

/**
 * Counts something for an operator, over all of their sessions.
 *
 * @throws {LinkingError} `rate_limited`
 */
export const assertOperatorAllowed = (
  services: Pick<ConsoleServices, 'store'>,
  limit: keyof typeof LIMITS,
  { userId }: { userId: string },
): Promise<void> => assertWithin(services.store, LIMITS[limit], userId)
