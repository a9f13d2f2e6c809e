import { isDeepStrictEqual } from 'node:util'
import { DOORS } from './doors'
import { expectedVerdict, REFUSED, type Verdict } from './model'
import type { Mutant } from './mutants'
import { WORLD } from './world'

/** The longest time that one token may take, in microseconds of CPU time. */
const MAX_MICROSECONDS = 50_000

/**
 * The result for a token. `accepted`: it got further than it should, or something else was read from it; `refused`: it
 * should have got further; `crashed`: something was thrown, it took more than 50 ms, or a prototype was changed.
 */
export type Finding = 'right' | 'accepted' | 'refused' | 'crashed'

/** What was found, and what was expected. */
export interface Judgement {
  finding: Finding
  expected: Verdict
  actual: Verdict
  /** The time of the verification, in microseconds of CPU time. */
  time: number
}

/** How far a token gets with each outcome. */
const RANK: Record<string, number> = {
  bad: 0,
  unverified: 0,
  denied: 0,
  bad_token: 1,
  clock: 1,
  expired: 1,
  nothing: 1,
  valid: 2,
  declined: 2,
  link: 3,
}

/** Gives a token to the function that it is meant for, and compares the result with the model. */
export async function judge({ door, token }: Mutant): Promise<Judgement> {
  const expected = expectedVerdict(WORLD, door, token)
  const first = await timed(door, token)
  // A call may be slow because of a garbage collection. A token that really takes long does so every time.
  let { time } = first
  for (let more = 0; more < 9 && time > MAX_MICROSECONDS; more++)
    time = Math.min(time, (await timed(door, token)).time)
  const isBroken = time > MAX_MICROSECONDS || 'polluted' in {}
  const finding = isBroken ? 'crashed' : compare(first.actual)
  return { finding, expected, actual: first.actual, time: first.time }

  function compare(actual: Verdict): Finding {
    const isSame = actual.outcome === expected.outcome && isDeepStrictEqual(actual.facts, expected.facts)
    if (isSame || (expected.mayRefuse && actual.outcome === REFUSED[door])) return 'right'
    const [got, due] = [actual.outcome, expected.outcome].map((outcome) => RANK[outcome])
    if (got === undefined || due === undefined) return 'crashed'
    return got < due ? 'refused' : 'accepted'
  }
}

/** CPU time, which other work of the machine does not change. */
async function timed(door: Mutant['door'], token: string): Promise<{ actual: Verdict; time: number }> {
  const start = process.cpuUsage()
  const actual = await DOORS[door](token).catch((error) => ({ outcome: `threw ${error}` }))
  const { user, system } = process.cpuUsage(start)
  return { actual, time: user + system }
}
