import {
  type Ending,
  endAccess,
  hash12,
  isPast,
  type LinkingUser,
  marksKeyOf,
  parseEnding,
  parseMarks,
  type ResponseProof,
  withEnded,
} from '../core'
import type { PostLoginEvent } from './auth0'
import { log } from './log'
import type { Management } from './management'
import type { Offer } from './offer'

/** How long the tenant is waited for between two looks, in milliseconds. */
const PAUSE_MS = 300
/**
 * What is to end after a link of two accounts, noted before it is made so that nothing is forgotten if this is interrupted:
 * every session and refresh token of both, but for the session of this login and the one that the proof began. A service that
 * does not name the proof leaves what began since the offer.
 *
 * @param management - The Management API.
 * @param event - The login.
 * @param offer - When it was offered.
 * @param proof - The sign-in that proved the other account, if the answer names it.
 * @param accounts - The user ids of both.
 * @returns Nothing if the scopes were not granted: then nothing ends.
 * @throws {CallFailure}
 */
export async function planEnding(
  management: Management,
  { session }: PostLoginEvent,
  { at }: Offer,
  proof: ResponseProof | undefined,
  accounts: string[],
): Promise<Ending | undefined> {
  if (!(await management.mayEndAccess())) return
  const ids = [session?.id, proof?.sid].filter((id) => id !== undefined)
  return {
    before: proof ? management.tenantNow() + 1 : at,
    accounts,
    tokens: accounts,
    kept: await Promise.all(ids.map(hash12)),
    ...(proof && !proof.sid && { second: proof.authTime }),
  }
}

/**
 * Ends what was planned, as far as there is time, now that the link is made.
 *
 * @param management - The Management API; its last answer is that of the link.
 * @param planned - From {@link planEnding}.
 * @param isProofKnown - Whether the answer named the proof: then everything from before the link ends.
 * @returns What was to end, and what of it is left.
 */
export async function endAfterLink(
  management: Management,
  planned: Ending,
  isProofKnown: boolean,
): Promise<{ ending: Ending; left: Ending | undefined }> {
  const ending = isProofKnown ? { ...planned, before: management.tenantNow() + 1 } : planned
  const { left, isRefused } = await endAccess(management, ending)
  if (isRefused) log('sessions_not_ended')
  return { ending, left }
}

/**
 * Goes on with what an earlier link or unlink of an account has left to be ended, and waits for the tenant to have done it.
 *
 * @param management - The Management API.
 * @param user - The account, as it notes it.
 * @param until - When to stop, in milliseconds since the epoch.
 * @returns What is left; undefined if nothing is, or the tenant refuses for good.
 */
export async function goOnEnding(
  management: Management,
  user: LinkingUser,
  until: number,
): Promise<Ending | undefined> {
  let left = parseEnding(user)
  while (left) {
    const round = await endAccess(management, left)
    if (round.isRefused) log('sessions_not_ended')
    left = round.left
    // A time that is yet to come was not written by us.
    if (left && !isPast(left.before, management.tenantNow())) return
    if (!left || Date.now() + PAUSE_MS > until) break
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  return left
}

/**
 * The same for accounts that may be offered: without it an account without sign-ins of its own would never be offered again.
 *
 * @param users - The accounts, as they were found.
 * @returns The same, without the note if nothing is left.
 */
export function endBeforeOffer(
  management: Management,
  users: LinkingUser[],
  until: number,
): Promise<LinkingUser[]> {
  return Promise.all(
    users.map(async (user) => {
      if (!parseEnding(user) || (await goOnEnding(management, user, until))) return user
      const ended = withEnded(user)
      try {
        await management.patch(user.user_id, { app_metadata: { [marksKeyOf(user)]: parseMarks(ended) } })
        return ended
      } catch {
        return user
      }
    }),
  )
}
