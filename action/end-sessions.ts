/**
 * Ends sessions and refresh tokens from before a link or an unlink. What is still open is stored in the `ending` mark of the
 * account, in its `app_metadata`, until a later login has ended it. While an account has this mark, links are refused.
 * @module
 */
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
 * Plans what ends after a link: every session and refresh token of both accounts, except the sessions of this login and of
 * the proof (the sign-in to the other account). If the response token has no proof, sessions from after the offer stay. The
 * caller stores the plan before the link, so that an interruption loses nothing.
 *
 * @param management - The Management API.
 * @param event - The login.
 * @param offer - The offer, with its time.
 * @param proof - The proof, if the response token has it.
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
 * Ends the planned sessions and refresh tokens right after the link, in one round.
 *
 * @param management - The Management API. The time of its last response counts as the time of the link.
 * @param planned - From {@link planEnding}.
 * @param isProofKnown - Whether the response token has the proof: then everything from before the link ends.
 * @returns `ending`: all that has to end. `left`: the part that is still open or not yet confirmed; undefined if nothing.
 */
export async function endAfterLink(
  management: Management,
  planned: Ending,
  isProofKnown: boolean,
): Promise<{ ending: Ending; left: Ending | undefined }> {
  const ending = isProofKnown ? { ...planned, before: management.tenantNow() + 1 } : planned
  return { ending, left: await endOnce(management, ending) }
}

/** Runs one round of ending sessions, and logs a line if the tenant refuses. Returns what is left. */
async function endOnce(management: Management, ending: Ending): Promise<Ending | undefined> {
  const { left, isRefused } = await endAccess(management, ending)
  if (isRefused) log('sessions_not_ended')
  return left
}

/**
 * Ends the sessions and refresh tokens that an earlier link or unlink left open. Repeats this until the tenant has ended all
 * of them, or only enough time is left to look for other accounts.
 *
 * @param management - The Management API.
 * @param noted - The `ending` mark of the account.
 * @returns What is left; undefined if nothing, if the tenant refuses for good, or if the mark is invalid.
 */
export async function continueEnding(management: Management, noted: Ending): Promise<Ending | undefined> {
  for (let ending = noted; ; ) {
    const left = await endOnce(management, ending)
    // We never write a time in the future, so ignore such a mark.
    if (!left || !isPast(left.before, management.tenantNow())) return
    if (management.timeLeft() < PAUSE_MS + LOOKUP_MS) return left
    await management.pause({ waitMs: PAUSE_MS })
    ending = left
  }
}

/**
 * Ends the sessions that are left open in accounts that may be offered. Otherwise an account with an `ending` mark would not
 * be offered until someone signs in to it.
 *
 * @param users - The accounts as found.
 * @returns The accounts. Those of which nothing is left open no longer have the mark.
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
