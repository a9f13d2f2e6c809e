import {
  type CallFailure,
  carryOutLink,
  decideLink,
  type Ending,
  failureOf,
  findUser,
  holds,
  type LinkFailure,
  type LinkingUser,
  type LinkRefusal,
  MARKS_KEY,
  type Marks,
  normalizeEmail,
  parseMarks,
  prepareLink,
  withoutEnding,
} from '../../lib/linking'
import type { PostLoginEvent } from './auth0'
import type { Management } from './management'
import { isProofOver } from './proof-over'
import type { Settings } from './settings'
import { seconds } from './time'

/** The account that stayed, or why nothing was linked; `outcome_unknown` where even the reads after a lost answer failed. */
export type LinkOutcome =
  | { primaryId: string; marks?: Marks; reason?: undefined }
  | { primaryId?: undefined; marks?: undefined; reason: LinkRefusal | LinkFailure }

/** What the answer to an offer says of when it was given, beside the pair. */
export interface LinkRequest {
  /** The user ids of the account that stays, as the person was told, and of the one that ends. */
  pair: string[]
  /** When the pair was offered, in seconds since the epoch. */
  offeredAt: number
  /** When the other account was proven, in seconds since the epoch, by the tenant's clock, if that is known. */
  provenAt: number | undefined
  /** Providers of further identities of the candidate, as they were offered; undefined if the offer did not say. */
  also: string[] | undefined
  /** What is to end after the link. */
  ending: Ending | undefined
}

/**
 * Links two users whose accounts were both just signed in to: reads both, decides, writes the snapshot and what is carried
 * over to the account that stays, links, and looks at the answer. Three calls of the Management API where nothing
 * goes wrong.
 *
 * @param management - The Management API.
 * @param settings - The operator's rules.
 * @param user - The user who logs in.
 * @param request - The pair, and when it was offered and proven.
 * @param client - The application whose login this is.
 * @returns The outcome, whatever happens at the tenant; of a link that was made here, the marks that were written with it.
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/user-account-linking/link-user-accounts Link User Accounts}
 */
export async function link(
  management: Management,
  { policy }: Settings,
  { user_id, email = '' }: LinkingUser,
  { pair, offeredAt, provenAt, also, ending }: LinkRequest,
  client: PostLoginEvent['client'],
): Promise<LinkOutcome> {
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

    const { stays, reason: refusal = 'decision_changed' } = decideLink(primary, secondary, policy)
    if (stays !== 'current') return { reason: refusal }
    // Somebody who is inside the other account may have let in another one since the person was asked.
    const candidate = primary.user_id === user_id ? secondary : primary
    const ways = candidate.identities.slice(1).map(({ provider }) => provider)
    if (also && ways.join() !== also.join()) return { reason: 'decision_changed' }
    // Taken apart since, the two were not proven for this link.
    if (await isProofOver([primary, secondary], offeredAt, provenAt)) return { reason: 'decision_changed' }
    const proof = { way: 'login', client_id: client.client_id, client_name: client.name }
    const patch = await prepareLink(primary, secondary, policy, seconds(), proof)
    if (!patch) return { reason: 'metadata_too_large' }
    // The next login looks again: a third account may be there.
    const marks: Marks = { ...parseMarks(primary), last: undefined, looked: undefined, ending }
    const app_metadata = { ...patch.app_metadata, [MARKS_KEY]: marks }
    const reason = await carryOutLink(
      management,
      primary,
      secondary,
      { ...patch, app_metadata },
      (written) => decideLink(withoutEnding(written), secondary, policy).reason,
    )
    if (!reason) return { primaryId: primary.user_id, marks }
    // Nothing was linked, so nothing is to end. If this fails, a later login ends more than it had to.
    if (ending && reason !== 'outcome_unknown')
      await management
        .patch(primary.user_id, { app_metadata: { [MARKS_KEY]: { ...marks, ending: undefined } } })
        .catch(() => undefined)
    return { reason }
  } catch (error) {
    return { reason: failureOf(error as CallFailure) }
  }
}
