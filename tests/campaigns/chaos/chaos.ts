/**
 * The program behind `npm run chaos`.
 * @module
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { inLanes } from './lanes'
import { play } from './play'
import { playPublished } from './published'
import { playRows } from './rows'
import { format, type Schedule } from './schedule'
import { playSeeds } from './seeds'

/** How many stages play at the same time: more than there are cores, because each spends much of its time waiting. */
const LANES = 2 * availableParallelism()
/** Schedules between two lines of progress. */
const PROGRESS_INTERVAL = 50

/**
 * Plays random schedules, every row, or one schedule, and prints what was wrong.
 *
 * @param args - Of the command line: `--seeds N` schedules from `--seed S` on (by default 1); `--rows` or `--published`,
 *   from run `--from N` on; `--schedule JSON`.
 * @returns Whether all invariants held.
 * @throws {TypeError} If the arguments are none of these.
 */
export async function main(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      seeds: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      rows: { type: 'boolean', default: false },
      published: { type: 'boolean', default: false },
      from: { type: 'string', default: '1' },
      schedule: { type: 'string' },
    },
  })
  if (values.schedule !== undefined) return one(JSON.parse(values.schedule))
  const start = performance.now()
  let done = 0
  let broken = 0
  const report = (lines?: string[]) => {
    done += 1
    broken += lines ? 1 : 0
    for (const line of lines ?? []) console.log(line)
    if (done % PROGRESS_INTERVAL === 0) console.log(summary(done, broken, start))
  }
  if (values.published) await playPublished(Number(values.from), LANES, report)
  else if (values.rows) await playRows(Number(values.from), LANES, report)
  else
    await playSeeds(Number(values.seed), Number(values.seeds), LANES, (found) =>
      report(
        found && [
          `seed ${found.seed}: ${found.first.join('; ')}`,
          `  shrunk: ${format(found.schedule)}`,
          ...found.problems.map((problem) => `  ${problem}`),
        ],
      ),
    )
  console.log(summary(done, broken, start))
  return broken === 0
}

async function one(schedule: Schedule): Promise<boolean> {
  let problems: string[] = []
  await inLanes(1, [schedule], async (task, stage, worlds) => {
    problems = await play(stage, worlds, task)
    for (const { n, method, path, status, effect } of await stage.ledger())
      console.log(n, method, decodeURIComponent(path), status, effect ?? '')
  })
  for (const problem of problems) console.log(problem)
  return problems.length === 0
}

function summary(done: number, broken: number, start: number): string {
  const seconds = (performance.now() - start) / 1000
  return `${done} schedules, ${broken} broke an invariant, ${(done / seconds).toFixed(1)} a second`
}
