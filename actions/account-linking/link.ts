import {
  type CallFailure,
  carryOutLink,
  decideLink,
  failureOf,
  findUser,
  holds,
  type LinkFailure,
  type LinkingUser,
  type LinkRefusal,
  MARKS_KEY,
  parseMarks,
  prepareLink,
} from '../../lib/linking'
import type { PostLoginEvent } from './auth0'
import type { Management } from './management'
import type { Settings } from './settings'
import { seconds } from './time'

/** The account that stayed, or why nothing was linked; `outcome_unknown` where even the reads after a lost answer failed. */
export type LinkOutcome =
  | { primaryId: string; reason?: undefined }
  | { primaryId?: undefined; reason: LinkRefusal | LinkFailure }

/**
 * Links two users whose accounts were both just signed in to: reads both, decides, writes the snapshot and what is carried
 * over to the account that stays, links, and looks at the answer. Three calls of the Management API where nothing
 * goes wrong.
 *
 * @param management - The Management API.
 * @param settings - The operator's rules.
 * @param user - The user who logs in.
 * @param candidateId - The other one's user id.
 * @param promisedStay - Which account the person was told stays: `current` or `candidate`.
 * @param client - The application whose login this is.
 * @returns The outcome, whatever happens at the tenant.
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/user-account-linking/link-user-accounts Link User Accounts}
 */
export async function link(
  management: Management,
  { policy }: Settings,
  { user_id: currentId, email }: LinkingUser,
  candidateId: string,
  promisedStay: string,
  client: PostLoginEvent['client'],
): Promise<LinkOutcome> {
  try {
    const found = await management.findUsers(email)
    const current = findUser(found, currentId)
    const candidate = findUser(found, candidateId)
    // Two logins at once, or an answer lost earlier: the link may be there already.
    const both = found.find((user) => holds(user, currentId) && holds(user, candidateId))
    if (both) return { primaryId: both.user_id }
    if (!current || !candidate) return { reason: 'not_available' }

    const decision = decideLink(current, candidate, policy)
    if (decision.reason) return decision
    if (decision.stays !== promisedStay) return { reason: 'decision_changed' }
    const [primary, secondary] = decision.stays === 'current' ? [current, candidate] : [candidate, current]
    const proof = { way: 'login', client_id: client.client_id, client_name: client.name }
    const patch = await prepareLink(primary, secondary, policy, seconds(), proof)
    if (!patch) return { reason: 'metadata_too_large' }
    // The next login looks again: a third account may be there.
    const marks = { ...parseMarks(primary), last: undefined, looked: undefined }
    const app_metadata = { ...patch.app_metadata, [MARKS_KEY]: marks }
    const reason = await carryOutLink(
      management,
      primary,
      secondary,
      { ...patch, app_metadata },
      (written) => decideLink(written, secondary, policy).reason,
    )
    return reason ? { reason } : { primaryId: primary.user_id }
  } catch (error) {
    return { reason: failureOf(error as CallFailure) }
  }
}
