/**
 * Which accounts are offered to the person who has just logged in.
 * @module
 */
import { type CandidateHint, MAX_CANDIDATES, type RightsHint } from '../contract-session-token'
import type { LinkFailure, LinkRefusal } from '../errors'
import { bytesOf, type Identity, type LinkingUser, secondsOf } from '../identity'
import { declineExpiry } from '../records/marks'
import { NEVER } from '../records/marks-shape'
import { prepareLink } from '../records/metadata'
import type { BothKinds, KeptRights, LinkProof } from '../records/snapshot'
import { hasNoRights, organizationsIn, RIGHTS_KINDS } from '../rights/rights'
import { decideLink } from './decide-link'
import type { LinkPolicy } from './policy-options'
import type { LinkDecision } from './primary'
import { digestOfGiven, isTooMany, namesOfRights, planRights } from './rights'

/** The most bytes of JSON in the token for the names of a candidate's further sign-in methods. */
const MAX_WAYS_BYTES = 300
/** The most bytes of JSON in the token for the names of carried-over fields. */
const MAX_FIELDS_BYTES = 200
/** The most bytes of JSON in the token for the names of roles, and again for those of organizations. */
const MAX_RIGHTS_BYTES = 200

/** An account to offer: its first identity, and what the prompt says about it. */
export type Candidate = Identity & CandidateHint

/** The accounts to offer now, and when more may follow. */
export interface CandidateSelection {
  candidates: Candidate[]
  /**
   * When the first account that was left out may be offered: its decline expires, or another reason may be gone. {@link NEVER} if
   * there is none. Seconds since the epoch.
   */
  lookAgainAt: number
}

/** Refusals that end if the operator changes an account's rights. */
const OF_RIGHTS = /^rights_|^(roles|permissions|memberships|factors)_lost$/

/** For how many seconds a refusal that comes from the data of the two accounts is likely to stay. Undefined for another reason. */
function staysFor(reason: LinkRefusal | LinkFailure): number | undefined {
  if (reason === 'metadata_too_large') return 7 * 86_400
  return OF_RIGHTS.test(reason) ? 86_400 : undefined
}

/**
 * How many seconds after a refusal a login checks the pair again. {@link NEVER}: only once {@link lookupMarkHash} changes or
 * the mark that we looked for other accounts expires.
 */
function lookAgainIn(reason: LinkRefusal | undefined): number {
  // This is over within minutes, so the next login looks again.
  if (reason === 'busy') return 0
  return (reason && staysFor(reason)) ?? NEVER
}

/**
 * For how many seconds a pair is not offered again after its link failed, because it would fail again: the person would
 * prove an account for nothing. 0 if the next attempt may succeed.
 *
 * @param reason - Why nothing was linked.
 * @param declineLife - How long a decline lasts, in seconds.
 */
export function failsFor(reason: LinkRefusal | LinkFailure, declineLife: number): number {
  if (reason === 'link_refused' || reason === 'missing_scope') return declineLife
  return Math.min(staysFor(reason) ?? 0, declineLife)
}

/** The decision about a pair and, if it may be linked, what is carried over. */
export type OfferDecision =
  | { stays: 'current' | 'candidate'; carried: BothKinds; rights?: RightsHint; reason?: undefined }
  | { stays?: undefined; carried?: undefined; rights?: undefined; reason: LinkRefusal }

/**
 * Decides whether a link may be offered: {@link decideLink}, and every other check that can be made now. So the link itself
 * is refused only if something has changed in between.
 *
 * @param current - The user who has just logged in, as read from the tenant now.
 * @param candidate - The other user, as read from the tenant now.
 * @param policy - The operator's lists and rules.
 * @param now - Seconds since the epoch.
 * @param proof - The proof that the snapshot will hold: its size counts.
 * @param isAdopted - Whether an application is asked before the link, whose id the snapshot then holds as well.
 */
export async function decideOffer(
  current: LinkingUser,
  candidate: LinkingUser,
  policy: LinkPolicy,
  now: number,
  proof: LinkProof,
  isAdopted = false,
): Promise<OfferDecision> {
  const { stays, reason }: LinkDecision = decideLink(current, candidate, policy, now)
  if (!stays) return { reason }
  const [primary, secondary] = stays === 'current' ? [current, candidate] : [candidate, current]
  // If no rights could be read, the prompt only warns in general.
  const isRead = secondary.rights && Object.keys(secondary.rights).length > 0
  const rights = isRead && planRights(primary, secondary, policy)
  if (rights && isTooMany(primary, rights)) return { reason: 'rights_too_many' }
  const prepared = await prepareLink(primary, secondary, policy, now, proof, rights || undefined, isAdopted)
  if (!prepared) return { reason: 'metadata_too_large' }
  return {
    stays,
    carried: prepared.carried,
    ...(rights && { rights: await hintOf(secondary, rights, policy) }),
  }
}

/** What the prompt says about the secondary account's rights. */
async function hintOf(
  secondary: LinkingUser,
  plan: KeptRights,
  { factors }: LinkPolicy,
): Promise<RightsHint> {
  const { given, dropped } = plan
  const named = namesOfRights(secondary, given)
  const roles = fitting(named.roles ?? [], MAX_RIGHTS_BYTES)
  const of = organizationsIn(given.memberships).map((id) => secondary.rights?.memberships?.[id] ?? id)
  const organizations = fitting(of, MAX_RIGHTS_BYTES)
  const lost = RIGHTS_KINDS.filter((kind) => dropped[kind] || !secondary.rights?.[kind])
  const more = (named.roles?.length ?? 0) - roles.length + of.length - organizations.length
  return {
    ...(roles.length > 0 && { roles }),
    ...(organizations.length > 0 && { organizations }),
    ...(given.permissions && { permissions: given.permissions.length }),
    ...(more > 0 && { more }),
    ...(lost.length > 0 && { lost }),
    ...(factors === 'enroll' && dropped.factors && { enroll: true }),
    ...(!hasNoRights(given) && { digest: await digestOfGiven(plan) }),
  }
}

/**
 * Selects the accounts to offer: those that can be linked at this login and that the person has not declined while signed in to
 * either account; at most {@link MAX_CANDIDATES}.
 *
 * @param current - The user who has just logged in.
 * @param found - Users with the same email address, perhaps including the current one.
 * @param policy - The operator's lists and rules.
 * @param now - Seconds since the epoch.
 * @param proof - The proof that a snapshot will hold.
 * @param isAdopted - Whether an application is asked before a link.
 * @see {@link https://auth0.com/docs/actions/reference/post-login/post-login-api-object setPrimaryUser, the length of ids}
 */
export async function selectCandidates(
  current: LinkingUser,
  found: LinkingUser[],
  policy: LinkPolicy,
  now: number,
  proof: LinkProof,
  isAdopted = false,
): Promise<CandidateSelection> {
  const candidates: Candidate[] = []
  const providers = [current, ...found].map(({ identities: [first] }) => first?.provider)
  let lookAgainAt = NEVER
  for (const user of found) {
    const { stays, reason, carried, rights } = await decideOffer(current, user, policy, now, proof, isAdopted)
    lookAgainAt = Math.min(lookAgainAt, now + lookAgainIn(reason))
    // A login cannot be switched to an id of more than 128 characters.
    if (!stays || (stays === 'candidate' && user.user_id.length > 128)) continue
    const lapse = await declineExpiry(current, user)
    if (lapse > now) lookAgainAt = Math.min(lookAgainAt, lapse)
    else {
      const [first] = user.identities
      const names = Object.values(carried).flatMap(Object.keys)
      const fields = fitting(names, MAX_FIELDS_BYTES)
      const { also, more } = furtherWays(user)
      // The date tells two accounts of one provider apart; other accounts differ by provider.
      const isOneOfSeveral = providers.filter((provider) => provider === first?.provider).length > 1
      const since = isOneOfSeveral ? secondsOf(user.created_at) : 0
      candidates.push({
        ...(first as Identity),
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
  return { candidates: candidates.slice(0, MAX_CANDIDATES), lookAgainAt }
}

/** The further sign-in methods of an account, as in a token. */
export interface FurtherWays {
  also: string[]
  /** How many identities `also` does not name. */
  more: number
}

/** Names the identities of an account after its first one, as many as fit into a token. */
export function furtherWays({ identities: [, ...further] }: LinkingUser): FurtherWays {
  const also = fitting([...new Set(further.map(wayInOf))], MAX_WAYS_BYTES)
  return { also, more: further.length - also.length }
}

/** How a token names an identity: by its provider, and its connection if that has another name. */
const wayInOf = ({ provider, connection }: Identity): string =>
  provider === connection ? provider : `${provider}:${connection}`

/**
 * Picks names that fit into a number of bytes of JSON, and keeps their order. Prefers short names, so that more of them fit.
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
