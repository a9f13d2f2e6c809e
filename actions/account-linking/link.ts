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
  marksKeyOf,
  type LinkProof,
  normalizeEmail,
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

/** How the accounts of a login are proven, as a snapshot keeps it. */
export const proofAt = ({ client_id, name }: PostLoginEvent['client']): LinkProof => ({
  way: 'login',
  client_id,
  ...(name !== undefined && { client_name: name }),
})

/**
 * Links two users whose accounts were both just signed in to: reads both, decides, writes the snapshot and what is carried
 * over to the account that stays, links, and looks at the answer. Three calls of the Management API where nothing
 * goes wrong.
 *
 * @param management - The Management API.
 * @param settings - The operator's rules.
 * @param user - The user who logs in.
 * @param pair - The user ids of the account that stays, as the person was told, and of the one that ends.
 * @param client - The application whose login this is.
 * @returns The outcome, whatever happens at the tenant.
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/user-account-linking/link-user-accounts Link User Accounts}
 */
export async function link(
  management: Management,
  { policy }: Settings,
  { user_id, email = '' }: LinkingUser,
  pair: string[],
  client: PostLoginEvent['client'],
): Promise<LinkOutcome> {
  const now = seconds()
  try {
    // The one that stays is read first: where the page takes the other one out meanwhile, it either holds it still, or notes
    // that it gives back, or everything was given back before the other one is read.
    const spellings = [email, normalizeEmail(email)]
    if (pair[0] !== user_id) spellings.reverse()
    const found = await management.findUsers(spellings)
    const [primary, secondary] = pair.map((id) => findUser(found, id))
    // Two logins at once, or an answer lost earlier: the link may be there already.
    const both = found.find((user) => pair.every((id) => holds(user, id)))
    if (both) return { primaryId: both.user_id }
    if (!primary || !secondary) return { reason: 'not_available' }

    const { stays, reason: refusal = 'decision_changed' } = decideLink(primary, secondary, policy, now)
    if (stays !== 'current') return { reason: refusal }
    const prepared = await prepareLink(primary, secondary, policy, now, proofAt(client))
    if (!prepared) return { reason: 'metadata_too_large' }
    const { patch } = prepared
    // The next login looks again: a third account may be there.
    const marks = { ...parseMarks(primary), last: undefined, looked: undefined }
    const app_metadata = { ...patch.app_metadata, [marksKeyOf(primary)]: marks }
    const reason = await carryOutLink(
      management,
      primary,
      secondary,
      { ...patch, app_metadata },
      (written) => decideLink(written, secondary, policy, now).reason,
    )
    return reason ? { reason } : { primaryId: primary.user_id }
  } catch (error) {
    return { reason: failureOf(error as CallFailure) }
  }
}
