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

/** The scopes that it takes to end other sessions and refresh tokens. */
const ENDING_SCOPES = ['read:sessions', 'delete:sessions', 'delete:refresh_tokens']
/** Pause between two looks at what the tenant has ended, in milliseconds. */
const PAUSE_MS = 300
/** How much of discovery's time is kept for looking other accounts up, in milliseconds. */
const LOOKUP_MS = 800

/**
 * Plans what ends after a link of two accounts: every session and refresh token of both, except the session of this login and the
 * one that the proof began. If the answer names no proof, sessions that began after the offer stay. The plan is stored before the
 * link is made, so that an interruption loses nothing.
 *
 * @param management - The Management API.
 * @param event - The login.
 * @param offer - When it was offered.
 * @param proof - The sign-in that proved the other account, if the answer names it.
 * @param accounts - The user ids of both.
 * @returns Nothing if the operator did not grant the scopes: then nothing ends.
 * @throws {CallFailure}
 */
export async function planEnding(
  management: Management,
  { session }: PostLoginEvent,
  { at }: Offer,
  proof: ResponseProof | undefined,
  accounts: string[],
): Promise<Ending | undefined> {
  if (!(await management.isGranted(ENDING_SCOPES))) return
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
  return { ending, left: await endOnce(management, ending) }
}

/** Makes one round of ending what is noted, and logs if the tenant refuses. */
async function endOnce(management: Management, ending: Ending): Promise<Ending | undefined> {
  const { left, isRefused } = await endAccess(management, ending)
  if (isRefused) log('sessions_not_ended')
  return left
}

/**
 * Ends what an earlier link or unlink of an account left to end, and waits until the tenant has done so, as long as enough time
 * is left for a lookup after it.
 *
 * @param management - The Management API.
 * @param noted - What the account notes.
 * @returns What is left; undefined if nothing is, or the tenant refuses for good.
 */
export async function goOnEnding(management: Management, noted: Ending): Promise<Ending | undefined> {
  for (let ending = noted; ; ) {
    const left = await endOnce(management, ending)
    // A time that is yet to come was not written by us.
    if (!left || !isPast(left.before, management.tenantNow())) return
    if (management.timeLeft() < PAUSE_MS + LOOKUP_MS) return left
    await management.pause({ waitMs: PAUSE_MS })
    ending = left
  }
}

/**
 * Goes on with what is left to be ended of accounts that may be offered. An account that no person signs in to would otherwise
 * never be offered again.
 *
 * @param users - The accounts, as they were found.
 * @returns The same, without the note if nothing is left.
 */
export function endBeforeOffer(management: Management, users: LinkingUser[]): Promise<LinkingUser[]> {
  return Promise.all(
    users.map(async (user) => {
      const noted = parseEnding(user)
      if (!noted || (await goOnEnding(management, noted))) return user
      const ended = withEnded(user)
      const app_metadata = { [marksKeyOf(user)]: parseMarks(ended) }
      return management.patch(user.user_id, { app_metadata }).then(
        () => ended,
        () => user,
      )
    }),
  )
}
