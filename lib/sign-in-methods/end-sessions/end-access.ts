/**
 * Ends the tenant sessions and refresh tokens from before the sign-in methods of an account changed. The account's
 * `app_metadata` records what still has to end, in the entry `ending` of its marks (our linking state). Here that entry is
 * called the note.
 * @module
 */
import 'server-only'
import { randomUUID } from 'node:crypto'
import {
  type Ending,
  endAccess,
  hash12,
  marksAfter,
  marksKeyOf,
  parseEnding,
  parseMarks,
} from '../../../core'
import type { Account } from '../../auth0/account'
import type { AccountApi } from '../../auth0/account-api'
import { ManagementApiError } from '../../auth0/management-api-error'
import type { EndingUnderWay } from '../../jobs/account-work'
import { doJob } from '../../jobs/jobs'
import type { Services } from '../../link-flow/services'
import { afterAnswer } from '../../observability/after-answer'
import { logEvent } from '../../observability/log'
import { withLock } from '../../store/with-lock'
import { SettingsRefusedError } from '../account-refusal'
import type { AccountServices } from '../account-services'
import { callsOf, endInRounds, noteEnded } from './ending-rounds'

/** How long ending continues after the response to a view of the page, or to an event of the Action, in milliseconds. */
const AFTER_ANSWER_MS = 25_000
/** How long a request to connect an account waits until older sessions have ended, in milliseconds. */
const CONNECT_WAIT_MS = 3_000

type EndingServices = Pick<
  AccountServices,
  'authorities' | 'jobs' | 'linkingAuthority' | 'managementApi' | 'store'
>

/**
 * Makes the note of what must end. The account stores it before it is linked or unlinked.
 *
 * @param accounts - The user ids whose sessions and refresh tokens end.
 * @param before - Seconds since the epoch, by the tenant's clock. Sessions that were authenticated earlier end.
 * @param kept - The `sid` of each session that continues.
 * @param second - Sessions authenticated in this second continue. Set to the time of the proof if its ID token has no `sid`.
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
 * Ends all sessions and refresh tokens of accounts that were unlinked, with one API call for each account and kind.
 * Continues after the response until the tenant lists no session from before the change. Never throws: the note keeps what
 * is left.
 *
 * @param accountId - The account that has the note.
 * @param ending - The content of the note.
 * @param noteBefore - The `before` of the note, if it is not that of `ending`: the announcement of an unlink noted a later time.
 * @see {@link https://pages.nist.gov/800-63-4/sp800-63c.html NIST SP 800-63C-4}
 */
export async function endAccessAfterUnlink(
  services: EndingServices,
  accountId: string,
  ending: Ending,
  noteBefore = ending.before,
): Promise<void> {
  const api = services.managementApi()
  // If a call fails, the background job ends these sessions one by one.
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
  afterAnswer(() => goOnLater(services, { accountId, ending: { ...ending, tokens }, noted: noteBefore }))
}

/**
 * Ends the older sessions and the refresh tokens of accounts that were linked, except the sessions that `ending` keeps.
 * Continues after the response until the tenant lists no session from before the change. Never throws: the note keeps what
 * is left.
 *
 * @param accountId - The account that has the note.
 * @param ending - The sessions and refresh tokens that must end.
 * @param noteBefore - The `before` of the note, by which we recognize it.
 */
export async function endAccessAfterLink(
  services: EndingServices,
  accountId: string,
  ending: Ending,
  noteBefore: number,
): Promise<void> {
  const left = await endNow(services.managementApi(), ending)
  afterAnswer(async () => {
    if (left) await goOnLater(services, { accountId, ending: left, noted: noteBefore })
    // If the note could not be removed, the background job lists the sessions again and removes it.
    else if (!(await noteEnded(services, accountId, ending, undefined, noteBefore)))
      await goOnLater(services, { accountId, ending: { ...ending, tokens: [] }, noted: noteBefore })
  })
}

/** Tries once to end what a note names. Returns what is left; undefined if nothing is. */
async function endNow(api: AccountApi, ending: Ending): Promise<Ending | undefined> {
  const { left, isRefused } = await endAccess(callsOf(api), ending)
  if (isRefused) logEvent('access_not_ended', { code: 'missing_scope' })
  return left
}

/** Runs a background job that ends the rest. */
const goOnLater = ({ jobs }: Pick<EndingServices, 'jobs'>, data: EndingUnderWay): Promise<void> =>
  doJob(jobs, { name: 'ending', id: `ending_${randomUUID()}`, data })

/**
 * Tries once to end the sessions and refresh tokens of accounts that were just linked for an operator, and notes what is
 * left. Later logins and views of the page end the rest. Call it while the locks of the link are held. Never throws.
 *
 * @param account - The account that has the note, with its `app_metadata` as it was written with the link.
 * @param ending - The sessions and refresh tokens that must end.
 */
export async function endAfterLink(
  api: AccountApi,
  account: Pick<Account, 'user_id' | 'app_metadata'>,
  ending: Ending,
): Promise<void> {
  const left = await endNow(api, ending)
  const marks = parseMarks(account)
  const noteBefore = marks.ending?.before ?? ending.before
  const app_metadata = {
    [marksKeyOf(account)]: marksAfter(marks, ending, left && { ...left, before: noteBefore }),
  }
  // If this fails, the account keeps the note that was written before the link.
  await api.patchUser(account.user_id, { app_metadata }).catch(() => undefined)
}

/**
 * Tries once to end the sessions and refresh tokens of accounts that were unlinked for an operator, or that an interrupted
 * run had linked, and notes what is left. Later logins and views of the page end the rest. Never throws.
 *
 * @param accountId - The account that has the note.
 * @param ending - The sessions and refresh tokens that must end.
 * @param noteBefore - The `before` of the note, by which we recognize it.
 */
export async function tryEnding(
  services: EndingServices,
  accountId: string,
  ending: Ending,
  noteBefore: number,
): Promise<void> {
  const left = await endNow(services.managementApi(), ending)
  await noteEnded(services, accountId, ending, left, noteBefore)
}

/**
 * Ends the sessions and refresh tokens that are left in an account's note.
 *
 * @param account - Freshly read from the tenant.
 * @param milliseconds - How long to continue at most.
 * @returns Whether nothing is left. Never throws.
 */
export async function continueEnding(
  services: EndingServices,
  account: Account,
  milliseconds = AFTER_ANSWER_MS,
): Promise<boolean> {
  const ending = parseEnding(account)
  if (!ending || services.linkingAuthority === 'user') return true
  return endInRounds(services, account.user_id, ending, ending.before, milliseconds)
}

/**
 * Does what {@link continueEnding} does after a view of the page. Of several views of an account only one does, so that a
 * hundred views cost the tenant no more calls than one. Never throws.
 */
export async function continueEndingOnce(services: EndingServices, account: Account): Promise<void> {
  if (!parseEnding(account)) return
  const limits = { ttl: AFTER_ANSWER_MS / 1000 + 10, wait: 0 }
  const key = `ending:${await hash12(account.user_id)}`
  await withLock(services.store, key, limits, () => continueEnding(services, account)).catch(() => undefined)
}

/**
 * Runs `work`, which is refused as `busy` while sessions of an account must still end. If it is refused for that reason,
 * ends those sessions, which takes three seconds at most, and runs `work` once more.
 *
 * @param userIds - The accounts that `work` changes.
 * @throws Whatever `work` throws.
 */
export async function retryAfterEnding<Result>(
  services: EndingServices,
  userIds: string[],
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (
      !(error instanceof SettingsRefusedError && error.code === 'busy') ||
      !(await haveEnded(services, userIds))
    )
      throw error
    return work()
  }
}

/** Ends the sessions that are left in the notes of accounts. True if there was such a note, and nothing is left. */
async function haveEnded(services: EndingServices, userIds: string[]): Promise<boolean> {
  const api = services.managementApi()
  const accounts = await Promise.all(userIds.map((id) => api.getUser(id).catch(() => undefined)))
  const pending = accounts.filter((account) => account && parseEnding(account)) as Account[]
  if (pending.length === 0) return false
  return (
    await Promise.all(pending.map((account) => continueEnding(services, account, CONNECT_WAIT_MS)))
  ).every(Boolean)
}
