import 'server-only'
import { z } from 'zod'
import { parseMarks } from '../../core'
import type { Account } from '../auth0/account'
import { Seconds } from './seconds'

// Any program with the right scope can write metadata, so it is checked before it is shown.
const Outcome = z.object({
  result: z.enum(['failed', 'unknown']),
  at: Seconds,
  /** Only for failures that would happen again: the person is not asked again for a while. */
  reason: z.enum(['metadata_too_large', 'link_refused', 'missing_scope']).optional().catch(undefined),
})

/**
 * How the last attempt to connect an account at sign-in ended, if the Action recorded that it failed.
 *
 * @param account - The user as just read.
 */
export function lastOutcome(account: Account): z.infer<typeof Outcome> | undefined {
  return Outcome.safeParse(parseMarks(account).last).data
}
