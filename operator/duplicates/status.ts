/**
 * `npm run duplicates -- status`: says how much of a plan is done, and what is left.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs'
import { readArguments } from './arguments'
import { folderAt } from './folder'
import { PlanHead } from './plan/plan-file'
import { durationInWords, formatCounts } from './progress'
import { readJournal } from './run/journal'
import type { JournalState } from './run/journal-state'

/** The progress of a folder's plan. */
export interface PlanStatus {
  plan_id: string | undefined
  /** How many pairs the plan links. `waiting` is how many of them no run has begun. */
  linkable: number
  waiting: number
  linked: number
  undone: number
  asked: number
  invited: number
  /** Pairs that were begun and have not ended: they are in progress now, or were interrupted. */
  begun: number
  /** How many pairs were refused, by code. */
  refused: Record<string, number>
  /** How many API calls were made so far. */
  calls: number
  /** Seconds until all waiting pairs are done, at the pace of the last pairs; undefined if the pace is unknown. */
  seconds_left: number | undefined
}

/**
 * Runs the command.
 *
 * @param args - The arguments after the command's name.
 * @returns The exit status.
 * @throws {DuplicatesError} `bad_arguments`.
 */
export async function status(args: string[]): Promise<number> {
  const { out, json } = readArguments(args, { json: { type: 'boolean', default: false } })
  const folder = folderAt(out)
  const head = existsSync(folder.planHead)
    ? PlanHead.safeParse(JSON.parse(readFileSync(folder.planHead, 'utf8'))).data
    : undefined
  const found = statusOf(readJournal(folder.journal), head)
  console.log(json ? JSON.stringify(found) : inSentences(found))
  return 0
}

/**
 * Counts the pairs of a journal by state.
 *
 * @param head - The head of the current plan, if there is one. Pairs of other plans do not count towards `waiting`.
 */
export function statusOf(
  { pairs, asked, invited, calls, ends }: JournalState,
  head: Pick<PlanHead, 'plan_id' | 'linkable'> | undefined,
): PlanStatus {
  const counts = { linked: 0, undone: 0, asked, invited, begun: 0 }
  const refused: Record<string, number> = {}
  let applied = 0
  for (const { last, begun, plan, isLinked } of pairs.values()) {
    if (plan !== undefined && plan === head?.plan_id) applied += 1
    if (begun || !last) counts.begun += 1
    else if (isLinked) counts.linked += 1
    else if (last.step === 'undone') counts.undone += 1
    else refused[last.code ?? 'internal'] = (refused[last.code ?? 'internal'] ?? 0) + 1
  }
  const linkable = head?.linkable ?? 0
  const waiting = Math.max(0, linkable - applied)
  const [first] = ends
  const last = ends.at(-1)
  const perSecond = first && last && last > first ? ((ends.length - 1) * 1000) / (last - first) : undefined
  return {
    plan_id: head?.plan_id,
    linkable,
    waiting,
    ...counts,
    refused,
    calls,
    seconds_left: perSecond === undefined ? undefined : Math.ceil(waiting / perSecond),
  }
}

function inSentences({
  plan_id,
  linkable,
  waiting,
  refused,
  calls,
  seconds_left,
  ...counts
}: PlanStatus): string {
  const { linked, undone, asked, invited, begun } = counts
  const codes = formatCounts(new Map(Object.entries(refused)))
  return [
    plan_id
      ? `Plan ${plan_id}: ${linkable} pairs to link, ${waiting} of them wait.`
      : 'There is no plan here.',
    `Linked ${linked}, undone ${undone}, asked ${asked}, invited ${invited}, begun and not ended ${begun}, refused ${codes || '0'}.`,
    `${calls} calls to the tenant.`,
    ...(waiting > 0 && seconds_left !== undefined
      ? [`At the pace of the last pairs, ${durationInWords(seconds_left)} are left.`]
      : []),
  ].join('\n')
}
