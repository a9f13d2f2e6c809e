/**
 * Ending what was open before the ways into an account changed: sessions at the tenant, and refresh tokens.
 * @module
 */
import 'server-only'
import {
  type Ending,
  type EndingCalls,
  endAccess,
  hash12,
  isPast,
  MARKS_KEY,
  marksAfter,
  marksKeyOf,
  ownValue,
  parseEnding,
  parseMarks,
} from '../../core'
import { LinkingError } from '../../core/errors'
import type { Account } from '../auth0/account'
import type { ManagementApi } from '../auth0/management-api'
import { ManagementApiError } from '../auth0/management-api-error'
import type { Services } from '../link-flow/services'
import { afterAnswer } from '../observability/after-answer'
import { logEvent } from '../observability/log'
import { Refused } from './account-refusal'
import type { CallServices, SignInServices } from './services'
import { withAccountLock } from './with-account-lock'

/** Pause between two checks at the tenant, in milliseconds. */
const LOOK_PAUSE_MS = 400
/** How long the work continues after the answer to a request has gone out, in milliseconds. */
const AFTER_ANSWER_MS = 25_000
/** How long a person who wants to connect an account waits for it, in milliseconds. */
const CONNECT_WAIT_MS = 3_000

/**
 * What must end, as the account records it before it changes.
 *
 * @param accounts - The user ids whose sessions and refresh tokens end.
 * @param before - Sessions that were authenticated earlier end. Seconds since the epoch, by the tenant's clock.
 * @param kept - The sessions that continue, by the tenant's names of them.
 * @param second - Sessions authenticated in this second continue: the proof's, if the tenant did not name its session.
 * @returns Undefined if the operator did not grant the scopes: then nothing ends.
 */
export async function planEnding(
  services: Pick<Services, 'authorities'>,
  accounts: string[],
  before: number,
  kept: (string | undefined)[],
  second?: number,
): Promise<Ending | undefined> {
  if (!(await services.authorities.canEndAccess())) return undefined
  const ids = kept.filter((id) => id !== undefined)
  return {
    before,
    accounts,
    tokens: accounts,
    kept: await Promise.all(ids.map(hash12)),
    ...(second !== undefined && { second }),
  }
}

/**
 * Ends all sessions and refresh tokens of accounts that an identity was taken out of, in one call each, however many there are.
 * Continues after the answer until the tenant lists none from before. Never throws: the note keeps what is left.
 *
 * @param accountId - The account that has the note.
 * @param ending - The content of the note.
 * @see {@link https://pages.nist.gov/800-63-4/sp800-63c.html NIST SP 800-63C-4}
 */
export async function endAll(
  services: Pick<SignInServices, 'authorities' | 'managementApi' | 'store'>,
  accountId: string,
  ending: Ending,
): Promise<void> {
  const api = services.managementApi()
  // What fails is retried with the rest, one session after the other.
  const isDone = async (call: Promise<void>) => {
    try {
      await call
      return true
    } catch (error) {
      if (!(error instanceof ManagementApiError)) throw error
      return error.code === 'not_found'
    }
  }
  const revoked = await Promise.all(
    ending.accounts.map(async (id) => {
      const [areRevoked] = await Promise.all([
        isDone(api.deleteRefreshTokens(id)),
        isDone(api.deleteSessions(id)),
      ])
      return areRevoked
    }),
  )
  const tokens = ending.accounts.filter((_, index) => !revoked[index])
  afterAnswer(() =>
    goOn(services, accountId, { ...ending, tokens }, ending.before, AFTER_ANSWER_MS).then(() => undefined),
  )
}

/**
 * Ends every session and refresh token of accounts that were linked, except those that continue. Works on after the answer until the
 * tenant lists none from before. Never throws: the note keeps what is left.
 *
 * @param accountId - The account that has the note.
 * @param ending - What must end.
 * @param noted - The `before` that the note has.
 */
export async function endOlder(
  services: Pick<SignInServices, 'authorities' | 'managementApi' | 'store'>,
  accountId: string,
  ending: Ending,
  noted: number,
): Promise<void> {
  const { left, isRefused } = await endAccess(callsOf(services.managementApi()), ending)
  if (isRefused) logEvent('access_not_ended', { code: 'missing_scope' })
  afterAnswer(() =>
    (left
      ? goOn(services, accountId, left, noted, AFTER_ANSWER_MS)
      : note(services, accountId, ending, undefined, noted)
    ).then(() => undefined),
  )
}

/**
 * Continues to end what an account's note names.
 *
 * @param account - As just read.
 * @param milliseconds - How long to continue at most.
 * @returns Whether nothing is left. Never throws.
 */
export async function goOnEnding(
  services: CallServices,
  account: Account,
  milliseconds = AFTER_ANSWER_MS,
): Promise<boolean> {
  const ending = parseEnding(account)
  if (!ending || services.linkingAuthority === 'user') return true
  return goOn(services, account.user_id, ending, ending.before, milliseconds)
}

/**
 * Does work that is refused while sessions of an account must still end. If it is refused for that, waits for their end, a few seconds
 * at most, and tries it once more.
 *
 * @param userIds - The accounts that it needs.
 * @throws What the work throws.
 */
export async function afterEnding<Result>(
  services: CallServices,
  userIds: string[],
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refused && error.code === 'busy') || !(await haveEnded(services, userIds)))
      throw error
    return work()
  }
}

/** Whether something had to end, and has ended. */
async function haveEnded(services: CallServices, userIds: string[]): Promise<boolean> {
  const api = services.managementApi()
  const accounts = await Promise.all(userIds.map((id) => api.getUser(id).catch(() => undefined)))
  const pending = accounts.filter((account) => account && parseEnding(account)) as Account[]
  if (pending.length === 0) return false
  return (await Promise.all(pending.map((account) => goOnEnding(services, account, CONNECT_WAIT_MS)))).every(
    Boolean,
  )
}

/**
 * Ends what is left, round after round, and records the result.
 *
 * @param noted - The `before` of the note: a note with another one was written by other code since.
 */
async function goOn(
  services: Pick<SignInServices, 'authorities' | 'managementApi' | 'store'>,
  accountId: string,
  ending: Ending,
  noted: number,
  milliseconds: number,
): Promise<boolean> {
  const until = performance.now() + milliseconds
  if (!(await services.authorities.canEndAccess())) {
    logEvent('access_not_ended', { code: 'missing_scope' })
    return note(services, accountId, ending, undefined, noted)
  }
  let left: Ending | undefined = ending
  while (left) {
    const api = services.managementApi()
    if (await isForgotten(api, accountId)) return true
    const round = await endAccess(callsOf(api), left)
    if (round.isRefused) logEvent('access_not_ended', { code: 'missing_scope' })
    left = round.left
    // We did not write a time in the future.
    if (left && !isPast(left.before, api.tenantNow())) left = undefined
    if (!left || performance.now() + LOOK_PAUSE_MS > until) break
    await new Promise((resolve) => setTimeout(resolve, LOOK_PAUSE_MS))
  }
  if (left) logEvent('access_not_ended', { code: 'management_failed' })
  return (await note(services, accountId, ending, left, noted)) && !left
}

/**
 * Whether an account is gone, or has no marks at all: then its metadata was reset. A missing note alone does not count: a login that
 * read the marks earlier may have overwritten it.
 */
async function isForgotten(api: ManagementApi, accountId: string): Promise<boolean> {
  try {
    return ownValue(await api.getUser(accountId), MARKS_KEY) === undefined
  } catch (error) {
    if (!(error instanceof ManagementApiError)) throw error
    return error.code === 'not_found'
  }
}

/** Records what is left, or that nothing is. False if that could not be written; the next check then starts over. */
async function note(
  services: Pick<SignInServices, 'managementApi' | 'store'>,
  accountId: string,
  ending: Ending,
  left: Ending | undefined,
  noted: number,
): Promise<boolean> {
  try {
    await withAccountLock(services, [accountId], async () => {
      const api = services.managementApi()
      const account = await api.getUser(accountId)
      if (parseEnding(account)?.before !== noted) return
      await api.patchUser(accountId, {
        app_metadata: {
          [marksKeyOf(account)]: marksAfter(parseMarks(account), ending, left && { ...left, before: noted }),
        },
      })
    })
    return true
  } catch (error) {
    const isKnown =
      error instanceof ManagementApiError || error instanceof Refused || error instanceof LinkingError
    if (!isKnown) throw error
    // An account that is gone needs no note.
    if (error.code === 'not_found') return true
    logEvent('access_not_ended', { code: error.code })
    return false
  }
}

const callsOf = (api: ManagementApi): EndingCalls => ({
  listSessions: (userId, from) => api.listSessions(userId, from),
  endSession: (id) => api.deleteSession(id),
  endRefreshTokens: (userId) => api.deleteRefreshTokens(userId),
})
