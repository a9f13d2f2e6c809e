/**
 * `npm run duplicates -- apply`: links the pairs of a plan that the operator approved.
 * @module
 */

import { RequestPacer } from '../../lib/auth0/pace'
import type { Config } from '../../lib/config/config'
import { rulesMark } from '../../lib/sign-in-methods/operator/link-pair'
import { readArguments, readLimit, readShare } from './arguments'
import { DuplicatesError } from './error'
import { type Folder, folderAt } from './folder'
import { lockFolder } from './folder-lock'
import { groupsOf, readApproved } from './plan/approved-plan'
import type { PlannedPair } from './plan/plan-file'
import { policyHash } from './plan/plan-id'
import { formatCounts, Progress } from './progress'
import { applyPair, checkPair, doneOf, isDone, type PairOutcome } from './run/apply-pair'
import { JournalWriter, readJournal } from './run/journal'
import type { JournalState } from './run/journal-state'
import { type Linker, linkByQueue, linkHere, queueOf } from './run/linker'
import { runGroups } from './run/run-groups'
import { conclude, Stop } from './stop'
import { operatorServices, readConfig } from './tenant/tenant-services'

/** What one run of `apply` works with. */
interface Run {
  config: Config
  folder: Folder
  pace: RequestPacer
  /** The share of the tenant's rate limit that the API calls may use: above 0, at most 1. */
  share: number
  /** Whether workers of the service link the pairs, from a queue in Redis, instead of this process. */
  isQueued: boolean
  /** Says whether to end the run early: on Ctrl-C, or if the tenant fails again and again. */
  stop: Stop
  /** The most pairs to begin; infinity without `--limit`. */
  limit: number
  planId: string
  /** How many pairs the plan links. */
  linkable: number
}

/**
 * Runs the command.
 *
 * @param args - The arguments after the command's name.
 * @returns The exit status.
 * @throws {DuplicatesError} `bad_arguments`, `environment_unusable`, `operator_links_off`, `already_running`, and those of
 *   {@link readApproved}.
 */
export async function apply(args: string[]): Promise<number> {
  const values = readArguments(args, {
    'plan-id': { type: 'string' },
    limit: { type: 'string' },
    share: { type: 'string', default: '0.5' },
    'dry-run': { type: 'boolean', default: false },
    queue: { type: 'boolean', default: false },
  })
  const { 'plan-id': planId, 'dry-run': isDryRun } = values
  if (planId === undefined)
    throw new DuplicatesError('bad_arguments', 'Name the plan that you approve: --plan-id ID')
  const share = readShare(values.share)
  const pace = new RequestPacer(share)
  const limit = readLimit(values.limit)
  const config = readConfig(values.env)
  const folder = folderAt(values.out)
  if (!config.areOperatorLinksOn && !isDryRun)
    throw new DuplicatesError(
      'operator_links_off',
      'Links that no one has proven are off: OPERATOR_LINKS is not on.',
    )
  const target = { tenant: config.managementDomain.host, policy: policyHash(config.policy), now: Date.now() }
  const { linkable } = await readApproved(folder, planId, target)
  const stop = new Stop()
  const run = { config, folder, pace, share, limit, planId, linkable, isQueued: values.queue, stop }
  try {
    return await (isDryRun ? dryRun(run) : applyPlan(run))
  } finally {
    stop.end()
  }
}

async function applyPlan(run: Run): Promise<number> {
  const { config, folder, pace, share, planId, isQueued } = run
  const release = lockFolder(folder)
  try {
    const services = operatorServices(config, pace)
    const isStopped = () => run.stop.reason !== undefined
    const linker = isQueued
      ? linkByQueue(await queueOf(config, services), isStopped)
      : linkHere(services, pace)
    const { way: _way, ...by } = services.linkProof
    const terms = { by, rules: await rulesMark(services), share, planId }
    const journal = new JournalWriter(folder.journal)
    try {
      return await workThrough(run, linker, journal.state, (pair, isLast) =>
        applyPair(linker, journal, terms, pair, isLast),
      )
    } finally {
      journal.close()
      await linker.close()
    }
  } finally {
    release()
  }
}

async function dryRun(run: Run): Promise<number> {
  const state = readJournal(run.folder.journal)
  const services = operatorServices(run.config, run.pace)
  return workThrough(run, run.pace, state, (pair) => checkPair(services, state, pair))
}

/**
 * Works on the pairs of the plan that the journal does not show as done, up to the limit. Prints the progress and a summary.
 *
 * @param turns - How much waits for its turn, and how many API calls were made.
 * @param each - Links or checks a pair. `isLast`: whether all other pairs of its group are done.
 * @returns The exit status.
 */
async function workThrough(
  { folder, limit, planId, linkable, stop }: Run,
  turns: Pick<Linker, 'calls' | 'waiting'>,
  state: JournalState,
  each: (pair: PlannedPair, isLast: boolean) => Promise<PairOutcome>,
): Promise<number> {
  const progress = new Progress(Math.min(limit, linkable - doneOf(state, planId)))
  let begun = 0
  const isStopped = () => stop.reason !== undefined || begun >= limit
  const work = async (group: PlannedPair[]) => {
    for (const pair of group) {
      if (isStopped()) return
      if (isDone(state, pair, planId)) continue
      begun += 1
      const isLast = group.every((other) => other === pair || isDone(state, other, planId))
      const outcome = await each(pair, isLast)
      progress.count(outcome)
      stop.recordOutcome(outcome)
    }
  }
  await runGroups(openGroups(folder, state, planId), work, turns, isStopped)
  console.error(
    `${progress.done} pairs: ${formatCounts(progress.counts) || 'nothing left to do'}. ${turns.calls} calls.`,
  )
  const isAnyRefused = [...progress.counts.keys()].some(
    (outcome) => !['linked', 'linkable'].includes(outcome),
  )
  return conclude(stop, isAnyRefused)
}

/** The groups of the plan in which the journal does not show every pair as done. */
async function* openGroups(
  folder: Folder,
  state: JournalState,
  planId: string,
): AsyncGenerator<PlannedPair[]> {
  for await (const group of groupsOf(folder))
    if (!group.every((pair) => isDone(state, pair, planId))) yield group
}
