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
  hasIdentity,
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
  readRightsForLink,
  rightsSteps,
  withoutEndingMark,
} from '../core'
import { adoptionSender, commit } from './adoption'
import type { PostLoginEvent } from './auth0'
import type { Management } from './management'
import type { OfferedAccount } from './offer'
import { isProofOutdated } from './proof-over'
import type { Settings } from './settings'
import { seconds } from './time'

/** The primary account, or why nothing was linked; `outcome_unknown` if even the reads after a lost response failed. */
export type LinkOutcome =
  | { primaryId: string; written?: WrittenMarks; reason?: undefined }
  | { primaryId?: undefined; written?: undefined; reason: LinkRefusal | LinkFailure }

/** The marks that were written before a link, and their `app_metadata` key. */
export interface WrittenMarks {
  key: string
  marks: Marks
}

/** What to link, from the offer and the response token. */
export interface LinkRequest {
  /** User ids of the primary and of the secondary account, as the linking service told the person. */
  pair: string[]
  /** When the pair was offered, in seconds since the epoch. */
  offeredAt: number
  /** The candidate as it was offered. */
  offered: OfferedAccount
  /** The sign-in that proved the candidate, if the response token has it. */
  proof: ResponseProof | undefined
  /** Sessions and refresh tokens that have to end after the link. */
  ending: Ending | undefined
}

/** Milliseconds that must be left to start a link. */
const MIN_LINK_MS = 5_000

/** Describes, for the snapshot of a link, how it was proven: at a login to this application. */
export const proofAt = ({ client_id, name }: PostLoginEvent['client']): LinkProof => ({
  way: 'login',
  client_id,
  client_name: name,
})

/**
 * Whether a user may be linked at this login: the user has no second factor, or the login used one. Auth0 asks for a factor
 * only after this Action's redirect, so other users can be linked only on the page "Sign-in methods".
 */
export const mayLinkHere = (
  { authentication }: Pick<PostLoginEvent, 'authentication'>,
  { multifactor }: LinkingUser,
): boolean => !multifactor?.length || (authentication?.methods?.some(({ name }) => name === 'mfa') ?? false)

/**
 * Links two users after the person has just signed in to both. Reads both, decides, writes the snapshot and the carried-over
 * metadata to the primary account, links, and checks the result. If nothing goes wrong, that takes three API calls, plus
 * those that read the rights (roles, permissions, memberships, second factors) of both.
 *
 * @param management - The Management API.
 * @param settings - The operator's rules.
 * @param user - The user who logs in.
 * @param request - The pair, and when it was offered and proven.
 * @param event - The login.
 * @returns The outcome; never throws. If this call made the link, also the marks that it wrote.
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/user-account-linking/link-user-accounts Link User Accounts}
 */
export async function link(
  management: Management,
  settings: Settings,
  { user_id, email = '' }: LinkingUser,
  { pair, offeredAt, offered, proof, ending }: LinkRequest,
  event: Pick<PostLoginEvent, 'client' | 'authentication'>,
): Promise<LinkOutcome> {
  const now = seconds()
  const { policy } = settings
  const adopt = adoptionSender(settings, management)
  try {
    // Read the primary account first. If the page "Sign-in methods" unlinks the other account meanwhile, the primary account
    // either still contains it, or says that a restore is under way, or the restore is complete before we read the other
    // one.
    const read = async () => {
      const found = await management.findUsers(email, pair[0] !== user_id)
      return { found, both: found.find((user) => pair.every((id) => hasIdentity(user, id))) }
    }
    const { found, both } = await read()
    const [primary, secondary] = pair.map((id) => findUser(found, id))
    // A concurrent login, or an attempt whose response was lost, may have made the link already.
    if (both) {
      await commit(adopt, management, async () => both)
      return { primaryId: both.user_id }
    }
    if (!primary || !secondary) return { reason: 'not_available' }

    // Which account stays may depend on rights, so that is checked after the rights are read.
    const { stays, reason: refusal } = decideLink(primary, secondary, policy, now)
    if (refusal === 'busy' && primary.user_id !== user_id && (await management.pause({ waitMs: 1_000 }))) {
      // The person's other login may be making the same link right now. Unless we notice that, this login continues with an
      // account that no longer exists.
      const { both: since } = await read()
      if (since) return { primaryId: since.user_id }
    }
    if (refusal) return { reason: refusal }
    // Refuse if the candidate no longer has the sign-in methods that the prompt showed: a stranger may have added one since.
    const candidate = primary.user_id === user_id ? secondary : primary
    const { also, more = 0 } = offered
    if (also && JSON.stringify(furtherWays(candidate)) !== JSON.stringify({ also, more }))
      return { reason: 'decision_changed' }
    // A factor was set up since the offer, which neither the login nor the proof of the candidate used.
    const isProvenWithout = candidate.multifactor?.length && !offered.mfa
    if (isProvenWithout || ![primary, secondary].every((each) => mayLinkHere(event, each)))
      return { reason: 'decision_changed' }
    // If the page "Sign-in methods" unlinked an identity after the proof, the person has to prove the account again.
    if (await isProofOutdated([primary, secondary], offeredAt, proof?.authTime))
      return { reason: 'decision_changed' }
    const withRights = await readRightsForLink(management, primary, secondary, stays === 'current')
    const since = decideLink(withRights.primary, withRights.secondary, policy, now)
    if (since.stays !== 'current') return { reason: since.reason ?? 'decision_changed' }
    const { plan, reason: unmovable } = await decideRights(
      management,
      withRights.primary,
      withRights.secondary,
      policy,
    )
    if (!plan) return { reason: unmovable }
    // The person agreed only to the rights that were read for the offer.
    if ((await digestOfGiven(plan)) !== (offered.rights?.digest ?? (await digestOfGiven({ given: {} }))))
      return { reason: 'decision_changed' }
    const prepared = await prepareLink(
      primary,
      secondary,
      policy,
      now,
      proofAt(event.client),
      plan,
      adopt !== undefined,
    )
    if (!prepared) return { reason: 'metadata_too_large' }
    const { patch } = prepared
    const rights = await rightsSteps(management, primary, secondary, plan)
    const steps = adoptionSteps(primary, patch.app_metadata, rights, adopt, management.patch)
    // Remove `looked`, so that the next login looks for a third account.
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
          // A link that starts late could be cut off before its result is known.
          if (management.timeLeft() < MIN_LINK_MS + (adopt ? PREPARE_MS : 0)) throw {} satisfies CallFailure
          return steps.beforeLink()
        },
        recheck: (written) =>
          decideLink(
            { ...withoutEndingMark(written), rights: withRights.primary.rights },
            withRights.secondary,
            policy,
            now,
          ).reason,
      },
    )
    if (!reason) {
      const identities = [...primary.identities, ...secondary.identities]
      const linked = { ...primary, app_metadata, identities }
      await commit(adopt, management, async () => linked)
      return { primaryId: primary.user_id, written: { key, marks } }
    }
    // Nothing was linked, so nothing has to end. If this write fails, a later login ends sessions needlessly.
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
