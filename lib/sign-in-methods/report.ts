/**
 * What the reader of a mail can do without signing in: take back exactly the link that the mail is about, or end all sessions. It gives
 * nothing to anyone, so no second factor is asked for.
 *
 * @see docs/reference/mail.md
 * @module
 */
import 'server-only'
import {
  addDeclines,
  addToJournal,
  hash12,
  holds,
  JOURNAL_KEY,
  keyFor,
  type Marks,
  type Metadata,
  marksKeyOf,
  NEVER,
  parseJournal,
  parseMarks,
} from '../../core'
import type { Account } from '../auth0/account'
import type { ManagementApi } from '../auth0/management-api'
import { ManagementApiError } from '../auth0/management-api-error'
import type { Report } from '../mail/report-token'
import { logEvent } from '../observability/log'
import { Refused } from './account-refusal'
import { planTakingOut } from './disconnect-plan'
import { endAll, planEnding } from './end-access'
import { nowSeconds } from './seconds'
import type { SignInServices } from './services'
import { snapshotOf } from './snapshots'
import { emitDisconnected, takeApart } from './take-apart'
import { withAccountLock } from './with-account-lock'

/** What was done. */
export interface ReportOutcome {
  /**
   * Of the link. `void`: it was taken back before, or made again since. `refused`: the tenant or a rule kept it, such as that no other
   * way in works.
   */
  link: 'taken' | 'void' | 'refused' | undefined
  /** Whether sessions end; false if the operator did not grant the scopes. */
  isEnding: boolean
}

const NO_ONE = { by: undefined, sid: undefined }

/**
 * Takes a link back as its reader asks, under locks on both accounts. Both accounts note that they are never to be linked again, and all
 * their sessions end. A link that was taken back or made again since stays as it is, and nothing ends.
 *
 * @param report - Of the kind `link`.
 * @throws {Refused} `busy`, or `outcome_unknown` if an answer was lost and the read after it failed.
 * @throws {ManagementApiError}
 * @throws {LinkingError} `store_unavailable`
 */
export async function takeBackLink(services: SignInServices, report: Report): Promise<ReportOutcome> {
  const { userId, otherId = '', linkedAt } = report
  const api = services.managementApi()
  const done = await withAccountLock(services, [userId, otherId], async () => {
    const account = await accountOrNone(api, userId)
    const stored = account && (await snapshotOf(account, otherId))
    const isThisLink = stored?.snapshot.at === linkedAt && !stored?.snapshot.returning
    if (!account || !stored || !isThisLink || !holds(account, otherId)) return 'void' as const
    try {
      const plan = await planTakingOut(services, api, account, {
        handle: await hash12(otherId),
        isUndo: true,
      })
      return plan ? await takeApart(services, api, plan, NO_ONE, false) : ('void' as const)
    } catch (error) {
      if (error instanceof Refused && error.code !== 'outcome_unknown') return error
      throw error
    }
  })
  if (done === 'void') return { link: 'void', isEnding: false }
  emitReported(services, 'account.link_disputed', report)
  if (done instanceof Refused) {
    logEvent('link_not_taken_back', { code: done.code })
    return { link: 'refused', isEnding: await endEverywhere(services, report, false) }
  }
  emitDisconnected(services, done)
  return { link: 'taken', isEnding: await endEverywhere(services, report, true) }
}

/**
 * Ends all sessions and refresh tokens of the accounts of a report.
 *
 * @throws {Refused} `busy`
 * @throws {ManagementApiError}
 * @throws {LinkingError} `store_unavailable`
 */
export async function signOutEverywhere(services: SignInServices, report: Report): Promise<ReportOutcome> {
  const isEnding = await endEverywhere(services, report, false)
  emitReported(services, 'account.change_disputed', report)
  return { link: undefined, isEnding }
}

/** Notes on each account that its sessions end, and that the pair is disputed, and ends them. */
async function endEverywhere(
  services: SignInServices,
  { userId, otherId }: Report,
  isDisputed: boolean,
): Promise<boolean> {
  const ids = otherId === undefined ? [userId] : [userId, otherId]
  const ended: boolean[] = []
  for (const [index, id] of ids.entries())
    ended.push(await endOne(services, id, isDisputed ? ids[1 - index] : undefined))
  return ended.some(Boolean)
}

/** @returns Whether there is such an account, and its sessions end. */
async function endOne(
  services: SignInServices,
  userId: string,
  disputedWith: string | undefined,
): Promise<boolean> {
  const ending = await withAccountLock(services, [userId], async () => {
    const api = services.managementApi()
    const account = await accountOrNone(api, userId)
    if (!account) return undefined
    const due = await planEnding(services, [userId], api.tenantNow() + 1, [])
    const marks =
      disputedWith === undefined ? parseMarks(account) : await disputedMarks(services, account, disputedWith)
    await api.patchUser(userId, {
      app_metadata: {
        // What an unlink noted a moment ago names the other account as well: its sessions end here, too.
        [marksKeyOf(account)]: { ...withoutMaker(marks), ...(due && { ending: due }) },
        ...journalWithoutMakers(account),
      },
    })
    return due
  })
  if (ending) await endAll(services, userId, ending)
  return ending !== undefined
}

/** The session that made the last change stays signed in, and it may be the intruder's. */
function withoutMaker(marks: Marks): Marks {
  if (!marks.changed) return marks
  const { by: _by, ...changed } = marks.changed
  return { ...marks, changed }
}

function journalWithoutMakers(account: Account): Metadata {
  const entries = parseJournal(account)
  if (entries.every(({ by }) => by === undefined)) return {}
  const nameless = entries.map(({ by: _by, ...entry }) => entry)
  return { [keyFor(account, JOURNAL_KEY)]: addToJournal({ app_metadata: {} }, nameless) }
}

const disputedMarks = ({ linkProof }: Pick<SignInServices, 'linkProof'>, account: Account, otherId: string) =>
  addDeclines(account, [otherId], {
    until: NEVER,
    at: nowSeconds(),
    client: linkProof.client_name,
    disputed: true,
  })

async function accountOrNone(api: ManagementApi, userId: string): Promise<Account | undefined> {
  try {
    return await api.getUser(userId)
  } catch (error) {
    if (error instanceof ManagementApiError && error.code === 'not_found') return undefined
    throw error
  }
}

function emitReported(
  { events }: Pick<SignInServices, 'events'>,
  type: 'account.link_disputed' | 'account.change_disputed',
  { userId, otherId, connection }: Report,
): void {
  const other = otherId === undefined ? undefined : { userId: otherId, ...(connection && { connection }) }
  events.emit({ type, userId, way: 'mail', clientId: '', ...(other && { other }) })
}
