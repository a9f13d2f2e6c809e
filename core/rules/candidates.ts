/**
 * Which accounts are offered to the person who has just logged in.
 * @module
 */
import { type CandidateHint, MAX_CANDIDATES, type RightsHint } from '../contract-session-token'
import type { LinkRefusal } from '../errors'
import { bytesOf, type Identity, type LinkingUser, secondsOf } from '../identity'
import { lapseOf } from '../records/marks'
import { NEVER } from '../records/marks-shape'
import { prepareLink } from '../records/metadata'
import type { BothKinds, KeptRights, LinkProof } from '../records/snapshot'
import { isNone, organizationsIn, RIGHTS_KINDS } from '../rights/rights'
import { decideLink } from './decide-link'
import type { LinkPolicy } from './policy-options'
import type { LinkDecision } from './primary'
import { digestOfGiven, isTooMany, namesOfRights, planRights } from './rights'

/** Bytes of JSON that the names of a candidate's further ways in may take in the token, and the names of filled in details. */
const MAX_WAYS_BYTES = 300
const MAX_FIELDS_BYTES = 200
/** The same for the names of roles, and for those of organizations. */
const MAX_RIGHTS_BYTES = 200

/** An account to offer, by its own identity, with what the prompt says about it. */
export type Candidate = Identity & CandidateHint

/** The accounts to offer now, and until when it is known that there are no others. */
export interface CandidateSelection {
  candidates: Candidate[]
  /**
   * Earliest end of what kept an account from being offered: a decline, a change under way, or metadata that does not fit.
   * {@link NEVER} if nothing did. Seconds since the epoch.
   */
  declinedUntil: number
}

/** How long metadata that does not fit into one account is taken to stay so, in seconds. */
const TOO_LARGE = 7 * 86_400
/** The refusals that end when the operator changes what an account holds, and how soon it is looked at again, in seconds. */
const OF_RIGHTS = /^rights_|^(roles|permissions|memberships|factors)_lost$/
const RIGHTS_CHANGE = 86_400

/** What was decided about a pair, and what is carried over if it may be linked. */
export type OfferDecision =
  | { stays: 'current' | 'candidate'; carried: BothKinds; rights?: RightsHint; reason?: undefined }
  | { stays?: undefined; carried?: undefined; rights?: undefined; reason: LinkRefusal }

/**
 * Decides whether a link may be offered: {@link decideLink}, and everything else that is certain to stop it. What is offered
 * is refused at the write only if something has changed in between.
 *
 * @param current - The user who has just logged in, as read from the tenant now.
 * @param candidate - The other user, as read from the tenant now.
 * @param policy - The operator's lists and rules.
 * @param now - Seconds since the epoch.
 * @param proof - As it will stand in the snapshot, whose size counts.
 */
export async function decideOffer(
  current: LinkingUser,
  candidate: LinkingUser,
  policy: LinkPolicy,
  now: number,
  proof: LinkProof,
): Promise<OfferDecision> {
  const { stays, reason }: LinkDecision = decideLink(current, candidate, policy, now)
  if (!stays) return { reason }
  const [primary, secondary] = stays === 'current' ? [current, candidate] : [candidate, current]
  // If nothing could be read, the person is told in general.
  const isRead = secondary.rights && Object.keys(secondary.rights).length > 0
  const rights = isRead && planRights(primary, secondary, policy)
  if (rights && isTooMany(primary, rights)) return { reason: 'rights_too_many' }
  const prepared = await prepareLink(primary, secondary, policy, now, proof, rights || undefined)
  if (!prepared) return { reason: 'metadata_too_large' }
  return {
    stays,
    carried: prepared.carried,
    ...(rights && { rights: await hintOf(secondary, rights, policy) }),
  }
}

/** What a person is told about the rights of the account that ends. */
async function hintOf(ending: LinkingUser, plan: KeptRights, { factors }: LinkPolicy): Promise<RightsHint> {
  const { given, dropped } = plan
  const named = namesOfRights(ending, given)
  const roles = fitting(named.roles ?? [], MAX_RIGHTS_BYTES)
  const of = organizationsIn(given.memberships).map((id) => ending.rights?.memberships?.[id] ?? id)
  const organizations = fitting(of, MAX_RIGHTS_BYTES)
  const lost = RIGHTS_KINDS.filter((kind) => dropped[kind] || !ending.rights?.[kind])
  const more = (named.roles?.length ?? 0) - roles.length + of.length - organizations.length
  return {
    ...(roles.length > 0 && { roles }),
    ...(organizations.length > 0 && { organizations }),
    ...(given.permissions && { permissions: given.permissions.length }),
    ...(more > 0 && { more }),
    ...(lost.length > 0 && { lost }),
    ...(factors === 'enroll' && dropped.factors && { enroll: true }),
    ...(!isNone(given) && { digest: await digestOfGiven(plan) }),
  }
}

/**
 * Selects the accounts to offer: those that can be linked at this login and that the person has not declined, from either
 * side; at most {@link MAX_CANDIDATES}.
 *
 * @param current - The user who has just logged in.
 * @param found - Users with the same address, the current one perhaps among them.
 * @param policy - The operator's lists and rules.
 * @param now - Seconds since the epoch.
 * @param proof - As it will stand in a snapshot.
 * @see {@link https://auth0.com/docs/actions/reference/post-login/post-login-api-object setPrimaryUser, the length of ids}
 */
export async function selectCandidates(
  current: LinkingUser,
  found: LinkingUser[],
  policy: LinkPolicy,
  now: number,
  proof: LinkProof,
): Promise<CandidateSelection> {
  const candidates: Candidate[] = []
  const providers = [current, ...found].map(({ identities: [own] }) => own?.provider)
  let declinedUntil = NEVER
  for (const user of found) {
    const { stays, reason, carried, rights } = await decideOffer(current, user, policy, now, proof)
    // Over in a moment: the next login looks again.
    if (reason === 'busy') declinedUntil = now
    if (reason && OF_RIGHTS.test(reason)) declinedUntil = Math.min(declinedUntil, now + RIGHTS_CHANGE)
    if (reason === 'metadata_too_large') declinedUntil = Math.min(declinedUntil, now + TOO_LARGE)
    // A login cannot be switched to an id of more than 128 characters.
    if (!stays || (stays === 'candidate' && user.user_id.length > 128)) continue
    const lapse = await lapseOf(current, user)
    if (lapse > now) declinedUntil = Math.min(declinedUntil, lapse)
    else {
      const [own] = user.identities
      const names = Object.values(carried).flatMap(Object.keys)
      const fields = fitting(names, MAX_FIELDS_BYTES)
      const { also, more } = furtherWays(user)
      // The date tells two accounts of one provider apart; other accounts differ by provider.
      const isOneOfSeveral = providers.filter((provider) => provider === own?.provider).length > 1
      const since = isOneOfSeveral ? secondsOf(user.created_at) : 0
      candidates.push({
        ...(own as Identity),
        stays,
        carried: names.length,
        ...(fields.length > 0 && { fields }),
        ...(rights && { rights }),
        mfa: Boolean(user.multifactor?.length),
        also,
        ...(more > 0 && { more }),
        ...(since > 0 && { since }),
      })
    }
  }
  return { candidates: candidates.slice(0, MAX_CANDIDATES), declinedUntil }
}

/** The further ways into an account, as a token names them. */
export interface FurtherWays {
  also: string[]
  /** How many there are beyond those that are named. */
  more: number
}

/** Names the ways into an account beyond its own first identity, as many as fit into a token. */
export function furtherWays({ identities: [, ...further] }: LinkingUser): FurtherWays {
  const also = fitting([...new Set(further.map(wayInOf))], MAX_WAYS_BYTES)
  return { also, more: further.length - also.length }
}

/** How the token names a further way in: by the provider, and by the connection too if its name is another one. */
const wayInOf = ({ provider, connection }: Identity): string =>
  provider === connection ? provider : `${provider}:${connection}`

/**
 * Picks as many names as fit into a number of bytes of JSON, in their order. It prefers the shortest ones, so that more of them
 * fit.
 */
function fitting(names: readonly string[], mostBytes: number): string[] {
  const shortestFirst = [...names.keys()].sort((one, other) => bytesOf(names[one]) - bytesOf(names[other]))
  let bytes = 2
  const kept = shortestFirst.filter((at) => {
    bytes += bytesOf(names[at]) + 1
    return bytes <= mostBytes
  })
  return names.filter((_name, at) => kept.includes(at))
}
