import {
  adoptionSteps,
  type CallFailure,
  carryOutLink,
  decideLink,
  decideRights,
  digestOfGiven,
  type Ending,
  enrollAfter,
  failureOf,
  findUser,
  furtherWays,
  holds,
  type LinkFailure,
  type LinkingUser,
  type LinkProof,
  type LinkRefusal,
  type Marks,
  marksKeyOf,
  PREPARE_MS,
  parseMarks,
  prepareLink,
  type ResponseProof,
  RIGHTS_KINDS,
  rightsSteps,
  withEnded,
  withRightsForLink,
} from '../core'
import { adoptionSender, commit } from './adoption'
import type { PostLoginEvent } from './auth0'
import type { Management } from './management'
import type { OfferedAccount } from './offer'
import { isProofOver } from './proof-over'
import type { Settings } from './settings'
import { seconds } from './time'

/** The account that stayed, or why nothing was linked; `outcome_unknown` if even the reads after a lost answer failed. */
export type LinkOutcome =
  | { primaryId: string; written?: WrittenMarks; reason?: undefined }
  | { primaryId?: undefined; written?: undefined; reason: LinkRefusal | LinkFailure }

/** The marks that were written with a link, and the key of `app_metadata` that they stand under. */
export interface WrittenMarks {
  key: string
  marks: Marks
}

/** What is to be linked, by the offer and the answer to it. */
export interface LinkRequest {
  /** The user ids of the account that stays, as the person was told, and of the one that ends. */
  pair: string[]
  /** When the pair was offered, in seconds since the epoch. */
  offeredAt: number
  /** The candidate, as it was offered. */
  offered: OfferedAccount
  /** The sign-in that proved the candidate, if the answer names it. */
  proof: ResponseProof | undefined
  /** What is to end after the link. */
  ending: Ending | undefined
}

/** How much time must be left for a link to be begun, in milliseconds. */
const MIN_LINK_MS = 5_000

/** How the accounts of a login are proven, as a snapshot keeps it. */
export const proofAt = ({ client_id, name }: PostLoginEvent['client']): LinkProof => ({
  way: 'login',
  client_id,
  client_name: name,
})

/**
 * Links two users whose accounts were both just signed in to: reads both, decides, writes the snapshot and what is carried
 * over to the account that stays, links, and looks at the answer. Three calls of the Management API if nothing
 * goes wrong, and those that it takes to read what both accounts hold.
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
  settings: Settings,
  { user_id, email = '' }: LinkingUser,
  { pair, offeredAt, offered, proof, ending }: LinkRequest,
  client: PostLoginEvent['client'],
): Promise<LinkOutcome> {
  const now = seconds()
  const { policy } = settings
  const adopt = adoptionSender(settings, management)
  try {
    // The one that stays is read first. If the page takes the other one out meanwhile, it either holds it still, or notes that
    // it gives back, or everything was given back before the other one is read.
    const read = async () => {
      const found = await management.findUsers(email, pair[0] !== user_id)
      return { found, both: found.find((user) => pair.every((id) => holds(user, id))) }
    }
    const { found, both } = await read()
    const [primary, secondary] = pair.map((id) => findUser(found, id))
    // Two logins at once, or an answer lost earlier: the link may be there already.
    if (both) {
      await commit(adopt, management, async () => both)
      return { primaryId: both.user_id }
    }
    if (!primary || !secondary) return { reason: 'not_available' }

    // Which one stays may depend on what they hold, so that is asked once it is read.
    const { stays, reason: refusal } = decideLink(primary, secondary, policy, now)
    if (refusal === 'busy' && primary.user_id !== user_id && (await management.pause({ waitMs: 1_000 }))) {
      // The person's other login may be making the same link right now. This login would then continue with an account that has
      // ended.
      const { both: since } = await read()
      if (since) return { primaryId: since.user_id }
    }
    if (refusal) return { reason: refusal }
    // A stranger inside the other account may have added a way in since the person was asked.
    const candidate = primary.user_id === user_id ? secondary : primary
    const { also, more = 0 } = offered
    if (also && JSON.stringify(furtherWays(candidate)) !== JSON.stringify({ also, more }))
      return { reason: 'decision_changed' }
    // Taken apart since, the two were not proven for this link.
    if (await isProofOver([primary, secondary], offeredAt, proof?.authTime))
      return { reason: 'decision_changed' }
    const { staying, ending: other } = await withRightsForLink(
      management,
      RIGHTS_KINDS,
      primary,
      secondary,
      stays === 'current',
    )
    const since = decideLink(staying, other, policy, now)
    if (since.stays !== 'current') return { reason: since.reason ?? 'decision_changed' }
    const { plan, reason: unmovable } = await decideRights(management, staying, other, policy)
    if (!plan) return { reason: unmovable }
    // The person agreed to what was found when the link was offered.
    if ((await digestOfGiven(plan)) !== (offered.rights?.digest ?? (await digestOfGiven({ given: {} }))))
      return { reason: 'decision_changed' }
    const prepared = await prepareLink(
      primary,
      secondary,
      policy,
      now,
      proofAt(client),
      plan,
      adopt !== undefined,
    )
    if (!prepared) return { reason: 'metadata_too_large' }
    const { patch } = prepared
    const rights = await rightsSteps(management, primary, secondary, plan)
    const steps = adoptionSteps(primary, patch.app_metadata, rights, adopt, management.patch)
    // The next login looks again: a third account may be there.
    const marks: Marks = {
      ...parseMarks(primary),
      ...{ last: undefined, looked: undefined, ending },
      ...enrollAfter(plan, policy, now, secondary.user_id),
    }
    const key = marksKeyOf(primary)
    const app_metadata = { ...patch.app_metadata, [key]: marks }
    const reason = await carryOutLink(
      management,
      primary,
      secondary,
      { ...patch, app_metadata },
      {
        ...steps,
        async beforeLink() {
          // A link that is begun late could be cut off before it is known what became of it.
          if (management.timeLeft() < MIN_LINK_MS + (adopt ? PREPARE_MS : 0)) throw {} satisfies CallFailure
          return steps.beforeLink()
        },
        recheck: (written) =>
          decideLink({ ...withEnded(written), rights: staying.rights }, other, policy, now).reason,
      },
    )
    if (!reason) {
      const identities = [...primary.identities, ...secondary.identities]
      const linked = { ...primary, app_metadata, identities }
      await commit(adopt, management, async () => linked)
      return { primaryId: primary.user_id, written: { key, marks } }
    }
    // Nothing was linked, so nothing is to end. If this fails, a later login ends more than it had to.
    if (ending && reason !== 'outcome_unknown')
      await management
        .patch(primary.user_id, {
          app_metadata: { [key]: { ...marks, ending: undefined, enroll: parseMarks(primary).enroll } },
        })
        .catch(() => undefined)
    return { reason }
  } catch (error) {
    return { reason: failureOf(error as CallFailure) }
  }
}
