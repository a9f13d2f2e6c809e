/**
 * Judges a great many mutated tokens in several processes. The tokens depend only on the seed, not on the number of
 * processes.
 * @module
 */
import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { type Finding, type Judgement, judge } from './judge'
import { type Mutant, mutants } from './mutants'
import { ENVIRONMENT, WORLD } from './world'

/** Tokens that are made at once. */
const CHUNK = 1000
/** The most failures to report. */
const MAX_FAILURES = 20
/** First argument of a process that tests a share of the tokens. */
const SHARE = 'share-of-tokens'
/** Outcomes of a token that was verified and that is acted on. */
const VALID = ['valid', 'nothing', 'declined', 'link']

/** The results for the tokens of one kind. */
export interface KindResult extends Record<Finding, number> {
  /** Tokens that were accepted rightly: harmless mutations. */
  valid: number
  /** The number of verifications by duration, in microseconds of CPU time. */
  times: Map<number, number>
}

/** A token with a wrong result. */
export interface Failure extends Mutant, Judgement {
  index: number
}

/** The results for all tokens. */
export interface RunResult {
  kinds: Map<string, KindResult>
  failures: Failure[]
}

interface Share {
  count: number
  seed: number
  /** The number of this part, and the number of parts. */
  part: number
  parts: number
}

/**
 * Makes mutated tokens and judges each.
 *
 * @param count - The number of tokens.
 * @param seed - Determines the tokens.
 */
export async function runMutants(count: number, seed: number): Promise<RunResult> {
  const parts = Math.min(availableParallelism(), Math.ceil(count / CHUNK))
  const shares = Array.from({ length: parts }, (_, part) => startShare({ count, seed, part, parts }))
  const total: RunResult = { kinds: new Map(), failures: [] }
  for (const { kinds, failures } of await Promise.all(shares)) {
    total.failures.push(...failures)
    for (const [name, result] of kinds) addTo(total.kinds, name, result)
  }
  const failures = total.failures.sort((one, other) => one.index - other.index).slice(0, MAX_FAILURES)
  return { kinds: new Map([...total.kinds].sort()), failures }
}

/** The time that one verification in a hundred reaches or exceeds, in milliseconds of CPU time. */
export function p99({ times }: KindResult): number {
  let left = [...times.values()].reduce((sum, count) => sum + count, 0) / 100
  for (const [time, count] of [...times].sort(([one], [other]) => other - one)) {
    left -= count
    if (left <= 0) return time / 1000
  }
  return 0
}

function startShare(share: Share): Promise<RunResult> {
  const child = fork(fileURLToPath(import.meta.url), [SHARE, JSON.stringify(share)], {
    env: { ...process.env, ...ENVIRONMENT },
    serialization: 'advanced',
  })
  return new Promise((resolve, reject) => {
    child.once('message', (result) => resolve(result as RunResult))
    child.once('exit', (code) => reject(new Error(`a share of the tokens ended with ${code}`)))
  })
}

async function runShare({ count, seed, part, parts }: Share): Promise<RunResult> {
  const result: RunResult = { kinds: new Map(), failures: [] }
  const arbitrary = mutants(WORLD)
  for (let start = part * CHUNK; start < count; start += parts * CHUNK) {
    const numRuns = Math.min(CHUNK, count - start)
    const chunk = fc.sample(arbitrary, { seed: chunkSeed(seed, start), numRuns })
    for (const [offset, mutant] of chunk.entries()) {
      const judgement = await judge(mutant)
      const { finding, actual, time } = judgement
      addTo(result.kinds, mutant.kind, {
        ...noResult(),
        [finding]: 1,
        valid: Number(finding === 'right' && VALID.includes(actual.outcome)),
        times: new Map([[time, 1]]),
      })
      if (finding !== 'right' && result.failures.length < MAX_FAILURES)
        result.failures.push({ ...mutant, ...judgement, index: start + offset })
    }
  }
  return result
}

/** A hash, so that seeds next to each other share no chunk. */
const chunkSeed = (seed: number, start: number) =>
  createHash('sha256').update(`${seed} ${start}`).digest().readInt32LE()

const noResult = (): KindResult => ({
  right: 0,
  accepted: 0,
  refused: 0,
  crashed: 0,
  valid: 0,
  times: new Map(),
})

function addTo(kinds: RunResult['kinds'], name: string, more: KindResult): void {
  const sum = kinds.get(name) ?? noResult()
  kinds.set(name, sum)
  for (const count of ['right', 'accepted', 'refused', 'crashed', 'valid'] as const) sum[count] += more[count]
  for (const [time, count] of more.times) sum.times.set(time, (sum.times.get(time) ?? 0) + count)
}

if (process.argv[2] === SHARE && process.send) {
  process.once('disconnect', () => process.exit())
  const now = WORLD.now * 1000
  Date.now = () => now
  process.send(await runShare(JSON.parse(process.argv[3] ?? '')), () => process.disconnect())
}
