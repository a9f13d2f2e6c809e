/**
 * `npm run duplicates -- undo`: undoes the links that `apply` made, newest first, as the undo on the page "Sign-in methods"
 * does.
 * @module
 */

import { RequestPacer } from '../../lib/auth0/pace'
import type { Config } from '../../lib/config/config'
import { untilWorkIsDone } from '../../lib/observability/after-answer'
import type { Disconnected } from '../../lib/sign-in-methods/disconnect/take-apart'
import { undoForOperator } from '../../lib/sign-in-methods/operator/operator-undo'
import type { SignInServices } from '../../lib/sign-in-methods/services'
import { readArguments, readShare } from './arguments'
import { DuplicatesError } from './error'
import { folderAt } from './folder'
import { lockFolder } from './folder-lock'
import { assertOwnTenant } from './plan/approved-plan'
import { formatCounts, Progress } from './progress'
import { JournalWriter } from './run/journal'
import { isOpen, type JournalState, type PairState } from './run/journal-state'
import { pairId, queueOf } from './run/linker'
import { runGroups } from './run/run-groups'
import { conclude, Stop } from './stop'
import { counted, operatorServices, readConfig } from './tenant/tenant-services'

/** A pair to undo. */
interface Linked extends PairState {
  secondary: string
}

/**
 * Runs the command.
 *
 * @param args - The arguments after the command's name.
 * @returns The exit status.
 * @throws {DuplicatesError} `bad_arguments`, `environment_unusable`, `no_plan`, `plan_changed`, `other_tenant`,
 *   `already_running`, and `not_found` if the journal has no such link.
 */
export async function undo(args: string[]): Promise<number> {
  const values = readArguments(args, {
    pair: { type: 'string' },
    share: { type: 'string', default: '0.5' },
  })
  const pace = new RequestPacer(readShare(values.share))
  const config = readConfig(values.env)
  const folder = folderAt(values.out)
  assertOwnTenant(folder, { tenant: config.managementDomain.host })
  const release = lockFolder(folder)
  try {
    const journal = new JournalWriter(folder.journal)
    try {
      const groups = groupsToUndo(journal.state, values.pair)
      if (values.pair !== undefined && groups.length === 0)
        throw new DuplicatesError(
          'not_found',
          'The journal has no link of that account which can be taken back.',
        )
      const services = operatorServices(config, pace)
      await takeOutOfQueue(config, services, groups.flat())
      return await takeBack(services, pace, journal, groups)
    } finally {
      journal.close()
    }
  } finally {
    release()
  }
}

/** The pairs that are or may be linked, newest first, grouped by primary account. A group's pairs are undone one by one. */
function groupsToUndo({ pairs }: JournalState, only: string | undefined): Linked[][] {
  const groups = new Map<string, Linked[]>()
  const open = [...pairs]
    .map(([secondary, state]): Linked => ({ secondary, ...state }))
    .filter((pair) => (only === undefined || pair.secondary === only) && (pair.isLinked || isOpen(pair)))
    .sort((one, other) => other.order - one.order)
  for (const pair of open) {
    const group = groups.get(pair.primary)
    if (group) group.push(pair)
    else groups.set(pair.primary, [pair])
  }
  return [...groups.values()]
}

/** Removes pairs that a killed `apply --queue` may have left in the queue: a worker could link them after the undo. */
async function takeOutOfQueue(config: Config, services: SignInServices, pairs: Linked[]): Promise<void> {
  const left = pairs.filter(({ begun }) => begun === 'apply')
  if (left.length === 0 || config.redisUrl === undefined) return
  const queue = await queueOf(config, services)
  try {
    for (const { secondary, plan = '' } of left)
      if (!(await queue.drop(await pairId(plan, secondary))))
        throw new DuplicatesError('already_running', 'A worker has a pair of this plan at hand.')
  } finally {
    await queue.close()
  }
}

async function takeBack(
  services: SignInServices,
  pace: RequestPacer,
  journal: JournalWriter,
  groups: Linked[][],
): Promise<number> {
  const stop = new Stop()
  const progress = new Progress(groups.flat().length)
  const work = async (group: Linked[]) => {
    for (const pair of group) {
      if (stop.reason) return
      const outcome = await undoPair(services, journal, pair)
      progress.count(outcome)
      stop.recordOutcome(outcome)
    }
  }
  try {
    await runGroups(groups, work, pace, () => stop.reason !== undefined)
  } finally {
    stop.end()
  }
  const { withheld } = journal.state
  console.error(
    `${progress.done} pairs: ${formatCounts(progress.counts) || 'nothing to take back'}. ${pace.calls} calls.`,
  )
  if (withheld.size > 0) console.error(`Not given back, with the number of pairs: ${formatCounts(withheld)}.`)
  return conclude(
    stop,
    [...progress.counts.keys()].some((outcome) => outcome !== 'undone'),
  )
}

async function undoPair(services: SignInServices, journal: JournalWriter, pair: Linked): Promise<string> {
  const { primary, secondary } = pair
  const line = { act: 'undo', pair: secondary, primary } as const
  journal.write({ ...line, step: 'begun' })
  const { services: own, calls } = counted(services)
  const { refused, undone } = await undoForOperator(own, { primary, secondary }, isOpen(pair))
  // Send the event before the journal says that the pair is done: after a kill it may be sent twice, but is not lost.
  await untilWorkIsDone()
  if (refused) {
    journal.write({ ...line, step: 'refused', code: refused, calls: calls() })
    return refused
  }
  const withheld = undone ? namesWithheld(undone) : []
  journal.write({ ...line, step: 'undone', calls: calls(), ...(withheld.length > 0 && { withheld }) })
  return 'undone'
}

/** Names of the fields and rights that the account did not get back, because of Auth0's limits or the operator's rules. */
function namesWithheld({ fields, rights, isReturned }: Disconnected): string[] {
  return [
    ...Object.entries(fields.heldBack).flatMap(([kind, held]) =>
      Object.keys(held).map((name) => `${kind}.${name}`),
    ),
    ...Object.entries(rights.withheld).flatMap(([kind, ids = []]) => ids.map((id) => `${kind} ${id}`)),
    ...(isReturned ? [] : ['metadata, until the next view of the page']),
  ]
}
