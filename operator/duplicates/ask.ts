/**
 * `ask`: makes the next login ask people whether two accounts are theirs. With `--mail` it also invites them by mail. It
 * links nothing.
 * @module
 */

import type { LinkPolicy } from '../../core'
import type { Account } from '../../lib/auth0/account'
import { RequestPacer } from '../../lib/auth0/pace'
import type { Config } from '../../lib/config/config'
import type { MailServices } from '../../lib/mail/services'
import { readEnvironment } from '../shared/environment'
import { readArguments, readShare } from './arguments'
import { DuplicatesError } from './error'
import { readCounts } from './export/counts'
import { type Folder, folderAt } from './folder'
import { lockFolder } from './folder-lock'
import { decideAccounts, isLinkable, readAccounts, storedGroups } from './groups/read-groups'
import { groupsOf } from './plan/approved-plan'
import { formatCounts, Progress } from './progress'
import { askedBefore } from './run/asked-before'
import { Invitations } from './run/invitations'
import { JournalWriter } from './run/journal'
import type { JournalState } from './run/journal-state'
import { type Asked, removeLookedMark } from './run/remove-looked-mark'
import { runGroups } from './run/run-groups'
import { policyIn } from './settings'
import { conclude, Stop } from './stop'
import { openTenant } from './tenant/tenant-access'
import { CallError, type TenantCalls, tenantCalls } from './tenant/tenant-calls'
import { operatorServices, readConfig } from './tenant/tenant-services'

/** Outcomes after which an account's owner is asked at the next login. */
const ASKED: readonly string[] = ['asked', 'not_marked']
/** Outcomes of accounts and invitations that do not count as refusals. `declined`: the person declined the link earlier. */
const DONE: readonly string[] = [...ASKED, 'invited', 'declined']

/** Accounts that could be linked: the key of their group, the primary account, and the others, by user id. */
interface People {
  key: string
  stays: string
  others: string[]
}

/** What {@link askAll} works with. */
interface Asking {
  folder: Folder
  calls: TenantCalls
  pace: RequestPacer
  groups: () => AsyncIterable<People>
  policy: LinkPolicy
  /** When the scan ran, in seconds since the epoch. */
  since: number
  /** Undefined without `--mail`: then no one is invited. */
  mails: MailServices | undefined
}

/**
 * Runs the command.
 *
 * @param args - The arguments after the command's name.
 * @returns The exit status.
 * @throws {DuplicatesError} `bad_arguments`, `environment_unusable`, `mail_not_configured`, `nothing_scanned`,
 *   `already_running`.
 * @throws {OperatorError} `tenant_unreachable` or `not_authorized`.
 */
export async function ask(args: string[]): Promise<number> {
  const values = readArguments(args, {
    plan: { type: 'boolean', default: false },
    mail: { type: 'boolean', default: false },
    share: { type: 'string', default: '0.5' },
  })
  const folder = folderAt(values.out)
  const env = readEnvironment(process.cwd(), values.env)
  const config = readConfig(values.env)
  const pace = new RequestPacer(readShare(values.share))
  const mails = values.mail ? mailsIn(config, pace) : undefined
  const since = readCounts(folder).scanned_at
  const policy = policyIn(env)
  const groups = () => (values.plan ? ofPlan(folder) : ofScan(folder, policy))
  const release = lockFolder(folder)
  try {
    const calls = tenantCalls(await openTenant(config, env), pace)
    return await askAll({ folder, calls, pace, groups, policy, since, mails })
  } finally {
    release()
  }
}

/** @throws {DuplicatesError} `mail_not_configured` */
function mailsIn(config: Config, pace: RequestPacer): MailServices {
  const { mails } = operatorServices(config, pace).jobs
  if (!mails) throw new DuplicatesError('mail_not_configured', '--mail needs SMTP_URL. Nothing was changed.')
  return mails
}

async function* ofPlan(folder: Folder): AsyncGenerator<People> {
  for await (const pairs of groupsOf(folder)) {
    const [first] = pairs
    if (first) yield { key: first.key, stays: first.primary, others: pairs.map(({ secondary }) => secondary) }
  }
}

async function* ofScan(folder: Folder, policy: LinkPolicy): AsyncGenerator<People> {
  const terms = { policy, now: Math.floor(Date.now() / 1000) }
  for await (const stored of storedGroups(folder)) {
    const { stays, pairs } = await decideAccounts(readAccounts(stored), terms)
    if (stays === null) continue
    yield { key: stored.key, stays, others: pairs.filter(isLinkable).map(({ secondary }) => secondary) }
  }
}

async function askAll(asking: Asking): Promise<number> {
  const { folder, calls, pace, groups, policy, since, mails } = asking
  const before = await askedBefore(folder, since)
  const journal = new JournalWriter(folder.journal)
  const stop = new Stop()
  const isStopped = () => stop.reason !== undefined
  const invitations = mails && new Invitations({ mails, journal, calls, policy, since, isStopped })
  const progress = new Progress(await countOf(groups()), undefined, 'accounts')
  const kept = { declined: 0, never: 0 }
  const read = new Map<string, Account>()
  /** Works on one account, unless an earlier run did. Returns whether its next login asks the person. */
  const each = async (userId: string, stays: string): Promise<boolean> => {
    const earlier = before.accounts.get(userId)
    if (isStopped() || earlier !== undefined) return earlier === true
    const asked = await attemptAsk(calls, userId)
    const { outcome } = asked
    stop.recordOutcome(outcome)
    progress.count(outcome)
    if (!('calls' in asked)) return false
    note(journal, userId, stays, asked)
    kept.declined += asked.declined
    kept.never += asked.never
    if (invitations && asked.account) read.set(userId, asked.account)
    return ASKED.includes(outcome)
  }
  const work = async ({ key, stays, others }: People) => {
    const ids = [stays, ...others].filter((userId) => !isLinked(journal.state, userId))
    let isAsked = false
    for (const userId of ids) if (await each(userId, stays)) isAsked = true
    const isInvited = isAsked && ids.length > 1 && !before.invited.has(key)
    if (isInvited && !isStopped()) await invitations?.invite(key, ids, read)
    for (const userId of ids) read.delete(userId)
  }
  try {
    await runGroups(groups(), work, pace, isStopped)
  } finally {
    stop.end()
    journal.close()
  }
  console.error(
    `${progress.done} accounts: ${formatCounts(progress.counts) || 'nothing left to do'}. ${pace.calls} calls.`,
  )
  console.error(
    `Left as they are: ${kept.declined} offers that people declined for a time, ${kept.never} for good.`,
  )
  if (invitations) invitations.report()
  const outcomes = [...progress.counts.keys(), ...(invitations?.counts.keys() ?? [])]
  return conclude(
    stop,
    outcomes.some((outcome) => !DONE.includes(outcome)),
  )
}

/**
 * Makes the next login of one account ask. If the tenant refuses an API call, the result has no `calls`. Then nothing is
 * written to the journal, so that the next run tries this account again.
 */
async function attemptAsk(calls: TenantCalls, userId: string): Promise<Asked | { outcome: string }> {
  try {
    return await removeLookedMark(calls, userId, Math.floor(Date.now() / 1000))
  } catch (error) {
    if (error instanceof CallError) return { outcome: error.outcome }
    throw error
  }
}

function note(journal: JournalWriter, pair: string, primary: string, { outcome, calls }: Asked): void {
  const isRefused = outcome === 'not_available' || outcome === 'blocked'
  const step = isRefused ? 'refused' : 'asked'
  journal.write({ act: 'ask', pair, primary, step, calls, ...(isRefused && { code: outcome }) })
}

/** Whether `apply` has linked an account to another one, or has begun to. */
function isLinked({ pairs }: JournalState, userId: string): boolean {
  const { last, begun } = pairs.get(userId) ?? {}
  return begun !== undefined || last?.step === 'linked'
}

async function countOf(groups: AsyncIterable<People>): Promise<number> {
  let count = 0
  for await (const { others } of groups) count += others.length + 1
  return count
}
