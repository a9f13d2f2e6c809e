import 'server-only'
import { z } from 'zod'
import { parseMarks } from '../../core'
import type { Account } from '../auth0/account'
import { EpochSeconds } from './seconds'

// Any program with the right scope can write metadata, so check the entry before it is shown.
const Outcome = z.object({
  result: z.enum(['failed', 'unknown']),
  at: EpochSeconds,
  /** Set only for failures that would happen again. The person is not asked to link again for a while. */
  reason: z
    .enum([
      ...['metadata_too_large', 'link_refused', 'missing_scope', 'rights_unread', 'rights_too_many'],
      ...['roles_lost', 'permissions_lost', 'memberships_lost', 'factors_lost'],
    ] as const)
    .optional()
    .catch(undefined),
})

/**
 * How the last attempt to link at a login failed, if the Action recorded that. Undefined if it recorded no failure.
 *
 * @param account - Freshly read from the tenant.
 */
export function lastOutcome(account: Account): z.infer<typeof Outcome> | undefined {
  return Outcome.safeParse(parseMarks(account).last).data
}
