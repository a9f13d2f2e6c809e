/**
 * `ask`: makes the next login ask people whether two accounts are theirs. It links nothing.
 * @module
 */

import { Pace } from '../../lib/auth0/pace'
import { readEnvironment } from '../shared/environment'
import { groupsOf } from './approved-plan'
import { readArguments, readShare } from './arguments'
import { readCounts } from './counts'
import { DuplicatesError } from './error'
import { type Folder, folderAt } from './folder'
import { lockFolder } from './folder-lock'
import { type Asked, forgetLooked } from './forget-looked'
import { Journal } from './journal'
import { JournalLine, type JournalState } from './journal-state'
import { readLines } from './lines'
import { inWords, Progress } from './progress'
import { decideAccounts, isLinkable, readAccounts, storedGroups } from './read-groups'
import { runGroups } from './run-groups'
import { configIn, policyIn } from './settings'
import { conclude, Stop } from './stop'
import { openTenant } from './tenant-access'
import { CallError, type TenantCalls, tenantCalls } from './tenant-calls'

/** Accounts that could be linked: the primary account, and the others, by user id. */
interface People {
  stays: string
  others: string[]
}

/**
 * Runs the command.
 *
 * @param args - The arguments after the command's name.
 * @returns The exit status.
 * @throws {DuplicatesError}
 * @throws {OperatorError} If the tenant cannot be reached.
 */
export async function ask(args: string[]): Promise<number> {
  const values = readArguments(args, {
    plan: { type: 'boolean', default: false },
    mail: { type: 'boolean', default: false },
    share: { type: 'string', default: '0.5' },
  })
  if (values.mail)
    throw new DuplicatesError('mail_not_configured', 'This command sends no mails yet. Nothing was changed.')
  const folder = folderAt(values.out)
  const env = readEnvironment(process.cwd(), values.env)
  const pace = new Pace(readShare(values.share))
  const since = readCounts(folder).scanned_at
  const groups = () => (values.plan ? ofPlan(folder) : ofScan(folder, env))
  const release = lockFolder(folder)
  try {
    const calls = tenantCalls(await openTenant(configIn(env), env), pace)
    return await askAll(folder, calls, pace, groups, since)
  } finally {
    release()
  }
}

async function* ofPlan(folder: Folder): AsyncGenerator<People> {
  for await (const pairs of groupsOf(folder)) {
    const [first] = pairs
    if (first) yield { stays: first.primary, others: pairs.map(({ secondary }) => secondary) }
  }
}

async function* ofScan(folder: Folder, env: Record<string, string>): AsyncGenerator<People> {
  const terms = { policy: policyIn(env), now: Math.floor(Date.now() / 1000) }
  for await (const stored of storedGroups(folder)) {
    const { stays, pairs } = await decideAccounts(readAccounts(stored), terms)
    if (stays !== null) yield { stays, others: pairs.filter(isLinkable).map(({ secondary }) => secondary) }
  }
}

async function askAll(
  folder: Folder,
  calls: TenantCalls,
  pace: Pace,
  groups: () => AsyncIterable<People>,
  since: number,
): Promise<number> {
  const done = await askedSince(folder, since)
  const journal = new Journal(folder.journal)
  const stop = new Stop()
  const progress = new Progress(await countOf(groups()), undefined, 'accounts')
  const kept = { declined: 0, never: 0 }
  const each = async (userId: string, stays: string) => {
    if (stop.reason || done.has(userId) || isLinked(journal.state, userId)) return
    const asked = await attemptAsk(calls, userId)
    const { outcome } = asked
    stop.look(outcome)
    progress.count(outcome)
    if (!('calls' in asked)) return
    note(journal, userId, stays, asked)
    kept.declined += asked.declined
    kept.never += asked.never
  }
  try {
    const work = async ({ stays, others }: People) => {
      for (const userId of [stays, ...others]) await each(userId, stays)
    }
    await runGroups(groups(), work, pace, () => stop.reason !== undefined)
  } finally {
    stop.end()
    journal.close()
  }
  console.error(
    `${progress.done} accounts: ${inWords(progress.counts) || 'nothing left to do'}. ${pace.calls} calls.`,
  )
  console.error(
    `Left as they are: ${kept.declined} offers that people declined for a time, ${kept.never} for good.`,
  )
  const isAnyRefused = [...progress.counts.keys()].some(
    (outcome) => !['asked', 'not_marked'].includes(outcome),
  )
  return conclude(stop, isAnyRefused)
}

/** Lets one account be asked. If the tenant fails, the outcome is not recorded, so that the next run tries this account again. */
async function attemptAsk(calls: TenantCalls, userId: string): Promise<Asked | { outcome: string }> {
  try {
    return await forgetLooked(calls, userId, Math.floor(Date.now() / 1000))
  } catch (error) {
    if (error instanceof CallError)
      return { outcome: error.status === 403 ? 'missing_scope' : 'management_failed' }
    throw error
  }
}

function note(journal: Journal, pair: string, primary: string, { outcome, calls }: Asked): void {
  const isRefused = outcome === 'not_available' || outcome === 'blocked'
  const step = isRefused ? 'refused' : 'asked'
  journal.write({ act: 'ask', pair, primary, step, calls, ...(isRefused && { code: outcome }) })
}

/** Whether `apply` has linked an account to another one, or has begun to. */
function isLinked({ pairs }: JournalState, userId: string): boolean {
  const { last, begun } = pairs.get(userId) ?? {}
  return begun !== undefined || last?.step === 'linked'
}

/**
 * The accounts that earlier runs of `ask` have handled since the scan. After a new scan, all accounts are handled again.
 *
 * @param since - When the scan ran, in seconds since the epoch.
 */
async function askedSince({ journal }: Folder, since: number): Promise<Set<string>> {
  const asked = new Set<string>()
  for await (const text of readLines(journal)) {
    const line = parse(text)
    if (line?.act === 'ask' && Date.parse(line.at) >= since * 1000) asked.add(line.pair)
  }
  return asked
}

function parse(text: string): JournalLine | undefined {
  try {
    return JournalLine.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

async function countOf(groups: AsyncIterable<People>): Promise<number> {
  let count = 0
  for await (const { others } of groups) count += others.length + 1
  return count
}
