/**
 * Ending what was open before the ways into an account changed: sessions at the tenant, and refresh tokens.
 * @module
 */
import 'server-only'
import { randomUUID } from 'node:crypto'
import { type Ending, endAccess, hash12, marksAfter, marksKeyOf, parseEnding, parseMarks } from '../../core'
import type { Account } from '../auth0/account'
import type { AccountApi } from '../auth0/account-api'
import { ManagementApiError } from '../auth0/management-api-error'
import type { EndingUnderWay } from '../jobs/account-work'
import { doJob } from '../jobs/jobs'
import type { Services } from '../link-flow/services'
import { afterAnswer } from '../observability/after-answer'
import { logEvent } from '../observability/log'
import { Refused } from './account-refusal'
import type { AccountServices } from './account-services'
import { callsOf, endInRounds, noteEnded } from './ending-rounds'

/** How long work that a view of the page, or an event, begins continues after the answer has gone out, in milliseconds. */
const AFTER_ANSWER_MS = 25_000
/** How long a person who wants to connect an account waits for it, in milliseconds. */
const CONNECT_WAIT_MS = 3_000

type EndingServices = Pick<
  AccountServices,
  'authorities' | 'jobs' | 'linkingAuthority' | 'managementApi' | 'store'
>

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
export async function endAll(services: EndingServices, accountId: string, ending: Ending): Promise<void> {
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
  afterAnswer(() => goOnLater(services, { accountId, ending: { ...ending, tokens }, noted: ending.before }))
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
  services: EndingServices,
  accountId: string,
  ending: Ending,
  noted: number,
): Promise<void> {
  const { left, isRefused } = await endAccess(callsOf(services.managementApi()), ending)
  if (isRefused) logEvent('access_not_ended', { code: 'missing_scope' })
  afterAnswer(async () => {
    if (left) await goOnLater(services, { accountId, ending: left, noted })
    else await noteEnded(services, accountId, ending, undefined, noted)
  })
}

/** Ends what is left as background work, until nothing is. */
const goOnLater = ({ jobs }: Pick<EndingServices, 'jobs'>, data: EndingUnderWay): Promise<void> =>
  doJob(jobs, { name: 'ending', id: `ending_${randomUUID()}`, data })

/**
 * Makes one round of ending the sessions and refresh tokens of accounts that a command has just linked, as the Action does, and notes
 * what is left: later logins and views of the page go on with it. Call it under the locks of the link. Never throws.
 *
 * @param account - The account that has the note, with its `app_metadata` as it was written with the link.
 * @param ending - What must end.
 */
export async function endAfterLink(
  api: AccountApi,
  account: Pick<Account, 'user_id' | 'app_metadata'>,
  ending: Ending,
): Promise<void> {
  const { left, isRefused } = await endAccess(callsOf(api), ending)
  if (isRefused) logEvent('access_not_ended', { code: 'missing_scope' })
  const marks = parseMarks(account)
  const noted = marks.ending?.before ?? ending.before
  const app_metadata = {
    [marksKeyOf(account)]: marksAfter(marks, ending, left && { ...left, before: noted }),
  }
  // If this fails, the note from before the link stands.
  await api.patchUser(account.user_id, { app_metadata }).catch(() => undefined)
}

/**
 * Makes one round of ending the sessions and refresh tokens of accounts that a command took apart, or had linked before it was
 * interrupted, and notes what is left: later logins and views of the page go on with it. Never throws.
 *
 * @param accountId - The account that has the note.
 * @param ending - What must end.
 * @param noted - The `before` that the note has.
 */
export async function endOnce(
  services: EndingServices,
  accountId: string,
  ending: Ending,
  noted: number,
): Promise<void> {
  const { left, isRefused } = await endAccess(callsOf(services.managementApi()), ending)
  if (isRefused) logEvent('access_not_ended', { code: 'missing_scope' })
  await noteEnded(services, accountId, ending, left, noted)
}

/**
 * Continues to end what an account's note names.
 *
 * @param account - As just read.
 * @param milliseconds - How long to continue at most.
 * @returns Whether nothing is left. Never throws.
 */
export async function goOnEnding(
  services: EndingServices,
  account: Account,
  milliseconds = AFTER_ANSWER_MS,
): Promise<boolean> {
  const ending = parseEnding(account)
  if (!ending || services.linkingAuthority === 'user') return true
  return endInRounds(services, account.user_id, ending, ending.before, milliseconds)
}

/**
 * Does work that is refused while sessions of an account must still end. If it is refused for that, waits for their end, a few seconds
 * at most, and tries it once more.
 *
 * @param userIds - The accounts that it needs.
 * @throws What the work throws.
 */
export async function afterEnding<Result>(
  services: EndingServices,
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
async function haveEnded(services: EndingServices, userIds: string[]): Promise<boolean> {
  const api = services.managementApi()
  const accounts = await Promise.all(userIds.map((id) => api.getUser(id).catch(() => undefined)))
  const pending = accounts.filter((account) => account && parseEnding(account)) as Account[]
  if (pending.length === 0) return false
  return (await Promise.all(pending.map((account) => goOnEnding(services, account, CONNECT_WAIT_MS)))).every(
    Boolean,
  )
}
