/**
 * Random schedules, each made from one seed.
 * @module
 */
import fc from 'fast-check'
import { inLanes } from './lanes'
import { play } from './play'
import { anySchedule, type Schedule } from './schedule'

/** Longest search for a smaller schedule that fails as well, in milliseconds. */
const SHRINK_TIMEOUT_MS = 120_000

/** A schedule that breaks an invariant. */
export interface Broken {
  seed: number
  /** The smallest schedule found. */
  schedule: Schedule
  /** What was wrong after it. */
  problems: string[]
  /** What was wrong after the original schedule. */
  first: string[]
}

/**
 * Plays the schedules of `count` seeds from `from` on, `lanes` of them at a time.
 *
 * @param onDone - Called after each seed, with the result if the schedule broke an invariant.
 * @returns The schedules that broke an invariant, shrunk.
 */
export async function playSeeds(
  from: number,
  count: number,
  lanes: number,
  onDone: (broken?: Broken) => void = () => {},
): Promise<Broken[]> {
  const found: Broken[] = []
  const seeds = Array.from({ length: count }, (_unused, index) => from + index)
  await inLanes(lanes, seeds, async (seed, stage, worlds) => {
    let broken: Broken | undefined
    let until = Number.POSITIVE_INFINITY
    const holds = fc.asyncProperty(anySchedule, async (schedule) => {
      // Do not interrupt a run: the stage would still be in use when the next seed begins.
      if (performance.now() > until) return true
      const problems = await play(stage, worlds, schedule)
      if (problems.length > 0 && !broken) until = performance.now() + SHRINK_TIMEOUT_MS
      if (problems.length > 0) broken = { seed, schedule, problems, first: broken?.first ?? problems }
      return problems.length === 0
    })
    await fc.check(holds, { seed, numRuns: 1, plugins: [fc.unbiased()] })
    if (broken) found.push(broken)
    onDone(broken)
  })
  return found
}
