/**
 * Ends sessions and refresh tokens in rounds, because a tenant confirms the API call before they have ended. The account's
 * `app_metadata` records what is left, in the entry `ending` of its marks (our linking state). Here that entry is called the
 * note.
 * @module
 */
import 'server-only'
import {
  type Ending,
  type EndingCalls,
  endAccess,
  isPast,
  MARKS_KEY,
  marksAfter,
  marksKeyOf,
  ownValue,
  parseEnding,
  parseMarks,
} from '../../../core'
import { LinkingError } from '../../../core/errors'
import type { AccountApi } from '../../auth0/account-api'
import { ManagementApiError } from '../../auth0/management-api-error'
import { logEvent } from '../../observability/log'
import { SettingsRefusedError } from '../account-refusal'
import type { AccountServices } from '../account-services'
import { withAccountLock } from '../with-account-lock'

/** Pause between two rounds, in milliseconds. */
const LOOK_PAUSE_MS = 400

/**
 * Ends sessions and refresh tokens, round after round, until the tenant lists no session that must end or the time is over.
 * Then updates the note.
 *
 * @param accountId - The account that has the note.
 * @param ending - The sessions and refresh tokens that must end.
 * @param noteBefore - The `before` of the note, if that is not the one of `ending`. A note with any other value was written by a
 *   later change and stays as it is.
 * @param milliseconds - How long to continue at most.
 * @returns Whether nothing is left. Never throws.
 */
export async function endInRounds(
  services: Pick<AccountServices, 'authorities' | 'managementApi' | 'store'>,
  accountId: string,
  ending: Ending,
  noteBefore: number,
  milliseconds: number,
): Promise<boolean> {
  const until = performance.now() + milliseconds
  if (!(await services.authorities.canEndAccess())) {
    logEvent('access_not_ended', { code: 'missing_scope' })
    return noteEnded(services, accountId, ending, undefined, noteBefore)
  }
  let left: Ending | undefined = ending
  while (left) {
    const api = services.managementApi()
    if (await isForgotten(api, accountId)) return true
    const round = await endAccess(callsOf(api), left)
    if (round.isRefused) logEvent('access_not_ended', { code: 'missing_scope' })
    left = round.left
    // We never write a `before` that lies in the future, so ignore one.
    if (left && !isPast(left.before, api.tenantNow())) left = undefined
    if (!left || performance.now() + LOOK_PAUSE_MS > until) break
    await new Promise((resolve) => setTimeout(resolve, LOOK_PAUSE_MS))
  }
  if (left) logEvent('access_not_ended', { code: 'management_failed' })
  return (await noteEnded(services, accountId, ending, left, noteBefore)) && !left
}

/**
 * Whether an account is gone, or has no marks at all, which means that its metadata was reset. If only the note is missing,
 * a login that had read the marks earlier may have overwritten it, so ending continues.
 */
async function isForgotten(api: AccountApi, accountId: string): Promise<boolean> {
  try {
    return ownValue(await api.getUser(accountId), MARKS_KEY) === undefined
  } catch (error) {
    if (!(error instanceof ManagementApiError)) throw error
    return error.code === 'not_found'
  }
}

/**
 * Updates the note with what is left, or removes it if nothing is. Parameters as in {@link endInRounds}.
 *
 * @returns False if the note could not be written. The next attempt then starts over.
 */
export async function noteEnded(
  services: Pick<AccountServices, 'managementApi' | 'store'>,
  accountId: string,
  ending: Ending,
  left: Ending | undefined,
  noteBefore: number,
): Promise<boolean> {
  try {
    await withAccountLock(services, [accountId], async () => {
      const api = services.managementApi()
      const account = await api.getUser(accountId)
      const note = parseEnding(account)
      if (!isNoteOf(note, ending, noteBefore)) return
      await api.patchUser(accountId, {
        app_metadata: {
          [marksKeyOf(account)]: marksAfter(
            parseMarks(account),
            ending,
            left && { ...left, before: note.before },
          ),
        },
      })
    })
    return true
  } catch (error) {
    const isKnown =
      error instanceof ManagementApiError ||
      error instanceof SettingsRefusedError ||
      error instanceof LinkingError
    if (!isKnown) throw error
    // An account that is gone needs no note.
    if (error.code === 'not_found') return true
    logEvent('access_not_ended', { code: error.code })
    return false
  }
}

/** Whether a note is about this ending: its `before` is that of `ending`, or `noteBefore`. */
export const isNoteOf = (note: Ending | undefined, ending: Ending, noteBefore: number): note is Ending =>
  note !== undefined && [noteBefore, ending.before].includes(note.before)

/** The API calls that the rules in `core` need for ending sessions. */
export const callsOf = (api: AccountApi): EndingCalls => ({
  listSessions: (userId, from) => api.listSessions(userId, from),
  endSession: (id) => api.deleteSession(id),
  endRefreshTokens: (userId) => api.deleteRefreshTokens(userId),
})
