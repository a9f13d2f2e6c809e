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
  /** Earliest lapse of a decline that held an account back, {@link NEVER} where none did. Seconds since the epoch. */
  declinedUntil: number
}

/**
 * Selects the accounts to offer: those that may be linked now and that the person has not declined, from either side;
 * at most {@link MAX_CANDIDATES}.
 *
 * @param current - The user who has just logged in.
 * @param found - Users with the same address, the current one perhaps among them.
 * @param policy - The operator's lists and rules.
 * @param now - Seconds since the epoch.
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
    const { stays } = decideLink(current, user, policy)
    const lapse = await lapseOf(current, user)
    if (stays && lapse > now) declinedUntil = Math.min(declinedUntil, lapse)
    else if (stays) {
      const [primary, secondary] = stays === 'current' ? [current, user] : [user, current]
      const [own, ...more] = user.identities
      candidates.push({
        ...(own as Identity),
        stays,
        carried: countCarryOver(selectCarryOver(primary, secondary, policy)),
        mfa: Boolean(user.multifactor?.length),
        also: more.map(({ provider }) => provider),
      })
    }
  }
  return { candidates: candidates.slice(0, MAX_CANDIDATES), declinedUntil }
}
