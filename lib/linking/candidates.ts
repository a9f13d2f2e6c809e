/**
 * Which accounts are offered to the person who has just logged in.
 * @module
 */
import { type CandidateHint, MAX_CANDIDATES } from './contract'
import { decideLink } from './decide-link'
import type { Identity, LinkingUser } from './identity'
import { lapseOf, NEVER } from './marks'
import { countCarryOver, selectCarryOver } from './metadata'
import type { LinkPolicy } from './policy'

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
      const [own, ...more] = user.identities
      candidates.push({
        ...(own as Identity),
        stays,
        carried: countCarryOver(selectCarryOver(primary, secondary, policy)),
        mfa: !!user.multifactor?.length,
        also: more.map(({ provider }) => provider),
      })
    }
  }
  return { candidates: candidates.slice(0, MAX_CANDIDATES), declinedUntil }
}
