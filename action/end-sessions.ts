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
  withoutEndingMark,
} from '../core'
import type { PostLoginEvent } from './auth0'
import { log } from './log'
import type { Management } from './management'
import type { Offer } from './offer'

/** Scopes needed to end sessions and refresh tokens. */
const ENDING_SCOPES = ['read:sessions', 'delete:sessions', 'delete:refresh_tokens']
/** Milliseconds between two rounds of ending sessions. */
const PAUSE_MS = 300
/** Milliseconds of discovery's time that are reserved for the lookup of other accounts. */
const LOOKUP_MS = 800

/**
 * Plans what ends after a link: every session and refresh token of both accounts, except the sessions of this login and of the
 * proof. If the response token has no proof, sessions from after the offer stay. The plan is stored before the link, so that an
 * interruption loses nothing.
 *
 * @param management - The Management API.
 * @param event - The login.
 * @param offer - The offer, with its time.
 * @param proof - The sign-in that proved the other account, if the response token has it.
 * @param accounts - User ids of both accounts.
 * @returns Undefined if the operator did not grant the scopes: then nothing ends.
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
 * Runs one round of ending what was planned, right after the link.
 *
 * @param management - The Management API; its last response is that of the link.
 * @param planned - From {@link planEnding}.
 * @param isProofKnown - Whether the response token has the proof: then everything from before the link ends.
 * @returns What has to end, and what of that is left.
 */
export async function endAfterLink(
  management: Management,
  planned: Ending,
  isProofKnown: boolean,
): Promise<{ ending: Ending; left: Ending | undefined }> {
  const ending = isProofKnown ? { ...planned, before: management.tenantNow() + 1 } : planned
  return { ending, left: await endOnce(management, ending) }
}

/** Runs one round of ending sessions, and logs a line if the tenant refuses. */
async function endOnce(management: Management, ending: Ending): Promise<Ending | undefined> {
  const { left, isRefused } = await endAccess(management, ending)
  if (isRefused) log('sessions_not_ended')
  return left
}

/**
 * Ends what an earlier link or unlink left open, and waits until the tenant has done so, as long as enough time is left for a
 * lookup.
 *
 * @param management - The Management API.
 * @param noted - The note in the account's marks.
 * @returns What is left; undefined if nothing, or if the tenant refuses for good.
 */
export async function continueEnding(management: Management, noted: Ending): Promise<Ending | undefined> {
  for (let ending = noted; ; ) {
    const left = await endOnce(management, ending)
    // We never write a time in the future, so ignore such a note.
    if (!left || !isPast(left.before, management.tenantNow())) return
    if (management.timeLeft() < PAUSE_MS + LOOKUP_MS) return left
    await management.pause({ waitMs: PAUSE_MS })
    ending = left
  }
}

/**
 * Ends what is left open in accounts that may be offered. Otherwise an account that no one signs in to would never be offered
 * again.
 *
 * @param users - The accounts as found.
 * @returns The accounts, without the note if nothing is left.
 */
export function endBeforeOffer(management: Management, users: LinkingUser[]): Promise<LinkingUser[]> {
  return Promise.all(
    users.map(async (user) => {
      const noted = parseEnding(user)
      if (!noted || (await continueEnding(management, noted))) return user
      const ended = withoutEndingMark(user)
      const app_metadata = { [marksKeyOf(user)]: parseMarks(ended) }
      return management.patch(user.user_id, { app_metadata }).then(
        () => ended,
        () => user,
      )
    }),
  )
}
