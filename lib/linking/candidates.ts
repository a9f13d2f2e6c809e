/**
 * Which accounts are offered to the person who has just logged in.
 * @module
 */
import { type CandidateHint, MAX_CANDIDATES } from './contract'
import { decideLink } from './decide-link'
import { bytesOf, type Identity, type LinkingUser } from './identity'
import { lapseOf, NEVER } from './marks'
import { countCarryOver, selectCarryOver } from './metadata'
import type { LinkPolicy } from './policy'

/** Bytes of JSON that the names of a candidate's further ways in may take in the token, and the names of filled in details. */
const MAX_WAYS_BYTES = 300
const MAX_FIELDS_BYTES = 200

/** An account to offer, by its own identity, with what the prompt says about it. */
export type Candidate = Identity & CandidateHint

/** The accounts to offer now, and when those that were declined may be offered again. */
export interface CandidateSelection {
  candidates: Candidate[]
  /** Earliest lapse of what held an account back, a decline or a moment's change; {@link NEVER} where nothing did. Seconds since the epoch. */
  declinedUntil: number
}

/**
 * Selects the accounts to offer: those that may be linked at this login and that the person has not declined, from either
 * side; at most {@link MAX_CANDIDATES}.
 *
 * @param current - The user who has just logged in.
 * @param found - Users with the same address, the current one perhaps among them.
 * @param policy - The operator's lists and rules.
 * @param now - Seconds since the epoch.
 * @see {@link https://auth0.com/docs/actions/reference/post-login/post-login-api-object setPrimaryUser, the length of ids}
 */
export async function selectCandidates(
  current: LinkingUser,
  found: LinkingUser[],
  policy: LinkPolicy,
  now: number,
): Promise<CandidateSelection> {
  const candidates: Candidate[] = []
  const providers = [current, ...found.filter(({ user_id }) => user_id !== current.user_id)].map(
    ({ identities: [own] }) => own?.provider,
  )
  let declinedUntil = NEVER
  for (const user of found) {
    const { stays, reason } = decideLink(current, user, policy)
    // Over in a moment: the next login looks again.
    if (reason === 'busy') declinedUntil = now
    // A login cannot be switched to an id of more than 128 characters.
    if (!stays || (stays === 'candidate' && user.user_id.length > 128)) continue
    const lapse = await lapseOf(current, user)
    if (lapse > now) declinedUntil = Math.min(declinedUntil, lapse)
    else {
      const [primary, secondary] = stays === 'current' ? [current, user] : [user, current]
      const [own, ...further] = user.identities
      const carried = selectCarryOver(primary, secondary, policy)
      const fields = fitting(Object.values(carried).flatMap(Object.keys), MAX_FIELDS_BYTES)
      const also = fitting([...new Set(further.map(wayInOf))], MAX_WAYS_BYTES)
      const more = further.length - also.length
      // What tells accounts of one provider apart; all others are told apart by it.
      const isOneOfSeveral = providers.filter((provider) => provider === own?.provider).length > 1
      const since = isOneOfSeveral ? Math.floor(Date.parse(user.created_at ?? '') / 1_000) : 0
      candidates.push({
        ...(own as Identity),
        stays,
        carried: countCarryOver(carried),
        ...(fields.length > 0 && { fields }),
        mfa: !!user.multifactor?.length,
        also,
        ...(more > 0 && { more }),
        ...(since > 0 && { since }),
      })
    }
  }
  return { candidates: candidates.slice(0, MAX_CANDIDATES), declinedUntil }
}

/** How the token names a further way in: by the provider, and by the connection too if its name is another one. */
const wayInOf = ({ provider, connection }: Identity): string =>
  provider === connection ? provider : `${provider}:${connection}`

/** As many names as take no more than some bytes as JSON, in their order. The shorter ones go first, so that most are kept. */
function fitting(names: string[], mostBytes: number): string[] {
  const shortestFirst = [...names.keys()].sort((one, other) => bytesOf(names[one]) - bytesOf(names[other]))
  let bytes = 2
  const kept = shortestFirst.filter((at) => {
    bytes += bytesOf(names[at]) + 1
    return bytes <= mostBytes
  })
  return kept.sort((one, other) => one - other).map((at) => names[at] ?? '')
}
