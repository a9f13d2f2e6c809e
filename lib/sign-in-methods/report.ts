/**
 * What the reader of a mail can do without signing in, by reporting "This wasn't me": undo exactly the link that the mail is
 * about, or end all sessions. Neither gives anyone access, so no second factor is needed.
 *
 * @see docs/reference/mail.md
 * @module
 */
import 'server-only'
import {
  addDeclines,
  addToJournal,
  hash12,
  hasIdentity,
  JOURNAL_KEY,
  type Marks,
  type Metadata,
  marksKeyOf,
  NEVER,
  ownMetadataKey,
  parseJournal,
  parseMarks,
} from '../../core'
import type { Account } from '../auth0/account'
import { accountOrNone } from '../auth0/account-or-none'
import type { Report } from '../mail/report-token'
import { logEvent } from '../observability/log'
import { SettingsRefusedError } from './account-refusal'
import { planTakingOut } from './disconnect/disconnect-plan'
import { emitDisconnected, unlinkAndRestore } from './disconnect/take-apart'
import { endAccessAfterUnlink, planEnding } from './end-sessions/end-access'
import { nowSeconds } from './seconds'
import type { SignInServices } from './services'
import { snapshotOf } from './snapshots'
import { withAccountLock } from './with-account-lock'

/** The result of a report. */
export interface ReportOutcome {
  /**
   * What happened to the link. `taken`: it was undone. `void`: it had been undone before, or the two were linked again
   * since. `refused`: the tenant or a rule did not allow the undo, for example because no other sign-in method works.
   * Undefined if the report is not about a link.
   */
  link: 'taken' | 'void' | 'refused' | undefined
  /** Whether sessions end. False if the operator did not grant the scopes, or with `void`. */
  isEnding: boolean
}

const NO_ONE = { by: undefined, sid: undefined }

/**
 * Undoes the link of a report, under locks on both accounts. Both accounts record that they must never be linked again, and
 * all their sessions end. If the undo is refused, their sessions end all the same. If the link was undone before, or made
 * again since, nothing is changed and no session ends.
 *
 * @param report - A report of the kind `link`.
 * @throws {SettingsRefusedError} `busy`, or `outcome_unknown` if the tenant's response was lost and the account could not be
 *   read afterwards.
 * @throws {ManagementApiError}
 * @throws {LinkingError} `store_unavailable`
 */
export async function undoReportedLink(services: SignInServices, report: Report): Promise<ReportOutcome> {
  const { userId, otherId = '', linkedAt } = report
  const api = services.managementApi()
  const done = await withAccountLock(services, [userId, otherId], async () => {
    const account = await accountOrNone(api, userId)
    const stored = account && (await snapshotOf(account, otherId))
    const isThisLink = stored?.snapshot.at === linkedAt && !stored?.snapshot.returning
    if (!account || !stored || !isThisLink || !hasIdentity(account, otherId)) return 'void' as const
    try {
      const plan = await planTakingOut(services, api, account, {
        handle: await hash12(otherId),
        isUndo: true,
      })
      return plan ? await unlinkAndRestore(services, api, plan, NO_ONE, false) : ('void' as const)
    } catch (error) {
      if (error instanceof SettingsRefusedError && error.code !== 'outcome_unknown') return error
      throw error
    }
  })
  if (done === 'void') return { link: 'void', isEnding: false }
  emitReported(services, 'account.link_disputed', report)
  if (done instanceof SettingsRefusedError) {
    logEvent('link_not_taken_back', { code: done.code })
    return { link: 'refused', isEnding: await endEverywhere(services, report, false) }
  }
  emitDisconnected(services, done)
  return { link: 'taken', isEnding: await endEverywhere(services, report, true) }
}

/**
 * Ends all sessions and refresh tokens of the accounts of a report.
 *
 * @throws {SettingsRefusedError} `busy`
 * @throws {ManagementApiError}
 * @throws {LinkingError} `store_unavailable`
 */
export async function signOutEverywhere(services: SignInServices, report: Report): Promise<ReportOutcome> {
  const isEnding = await endEverywhere(services, report, false)
  emitReported(services, 'account.change_disputed', report)
  return { link: undefined, isEnding }
}

/**
 * Ends all sessions of both accounts, after recording in each that they must end. With `isDisputed` it also records that the
 * two must never be linked again.
 */
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

/** @returns Whether the account exists and its sessions end. */
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
        // This replaces the note `ending` that the unlink has just written for both accounts: now each gets its own note.
        [marksKeyOf(account)]: { ...withoutMaker(marks), ...(due && { ending: due }) },
        ...journalWithoutMakers(account),
      },
    })
    return due
  })
  if (ending) await endAccessAfterUnlink(services, userId, ending)
  return ending !== undefined
}

/**
 * Removes from the marks (our linking state) which session made the last change. That session would stay signed in, and may
 * be an intruder's.
 */
function withoutMaker(marks: Marks): Marks {
  if (!marks.changed) return marks
  const { by: _by, ...changed } = marks.changed
  return { ...marks, changed }
}

function journalWithoutMakers(account: Account): Metadata {
  const entries = parseJournal(account)
  if (entries.every(({ by }) => by === undefined)) return {}
  const nameless = entries.map(({ by: _by, ...entry }) => entry)
  return { [ownMetadataKey(account, JOURNAL_KEY)]: addToJournal({ app_metadata: {} }, nameless) }
}

const disputedMarks = ({ linkProof }: Pick<SignInServices, 'linkProof'>, account: Account, otherId: string) =>
  addDeclines(account, [otherId], {
    until: NEVER,
    at: nowSeconds(),
    client: linkProof.client_name,
    disputed: true,
  })

function emitReported(
  { events }: Pick<SignInServices, 'events'>,
  type: 'account.link_disputed' | 'account.change_disputed',
  { userId, otherId, connection }: Report,
): void {
  const other = otherId === undefined ? undefined : { userId: otherId, ...(connection && { connection }) }
  events.emit({ type, userId, way: 'mail', clientId: '', ...(other && { other }) })
}
