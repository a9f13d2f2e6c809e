/**
 * How often an operator may do something in the console. The table in docs/reference/http.md says the same.
 * @module
 */
import 'server-only'
import { assertWithin, type Limit } from '../limits/rate-limit'
import type { ConsoleServices } from './services'
import type { ConsoleSession } from './session'

const LIMITS = {
  /** Requests under `/console`. */
  view: { name: 'console-views', count: 120, seconds: 60 },
  /** Acts: each changes an account, or switches offers. */
  act: { name: 'console-acts', count: 20, seconds: 60 },
} satisfies Record<string, Limit>

/**
 * Counts something for a session. A new sign-in in the same browser goes on with its count.
 *
 * @throws {LinkingError} `rate_limited`
 */
export const assertOperatorAllowed = (
  services: Pick<ConsoleServices, 'store'>,
  limit: keyof typeof LIMITS,
  { id }: Pick<ConsoleSession, 'id'>,
): Promise<void> => assertWithin(services.store, LIMITS[limit], id)
