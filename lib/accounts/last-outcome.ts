import 'server-only'
import { z } from 'zod'
import type { Account } from '../auth0/account'
import { type LastOutcome, parseMarks } from '../linking'
import { Seconds } from './seconds'

// Any program with the right scope can write metadata, so what stands there is checked before it is shown.
const Outcome = z.object({
  result: z.enum(['failed', 'unknown']),
  at: Seconds,
})

/**
 * How the last attempt to connect an account at sign-in ended, where the Action noted that it did not end well.
 *
 * @param account - The user as just read.
 */
export function lastOutcome(account: Account): Pick<LastOutcome, 'result' | 'at'> | undefined {
  return Outcome.safeParse(parseMarks(account).last).data
}
