import 'server-only'
import { z } from 'zod'
import { parseMarks } from '../../core'
import type { Account } from '../auth0/account'
import { Seconds } from './seconds'

// Any program with the right scope can write metadata, so what stands there is checked before it is shown.
const Outcome = z.object({
  result: z.enum(['failed', 'unknown']),
  at: Seconds,
  /** Only of what would not succeed the next time either: the person is not asked again for a while. */
  reason: z.enum(['metadata_too_large', 'link_refused', 'missing_scope']).optional().catch(undefined),
})

/**
 * How the last attempt to connect an account at sign-in ended, where the Action noted that it did not end well.
 *
 * @param account - The user as just read.
 */
export function lastOutcome(account: Account): z.infer<typeof Outcome> | undefined {
  return Outcome.safeParse(parseMarks(account).last).data
}
