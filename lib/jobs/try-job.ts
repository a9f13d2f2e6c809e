import 'server-only'
import { type Job, type JobServices, kindOf } from './job-kinds'

/** The largest share by which a wait is lengthened, so that jobs that failed together are not retried together. */
const JITTER_SHARE = 0.2
/** Longest wait that a receiver can ask for, in milliseconds. */
const MAX_WAIT_MS = 600_000

/** How a try ended: done; given up; or failed, with the wait before the next one in milliseconds. */
export type TryOutcome = 'done' | 'given_up' | { wait: number }

/**
 * Tries a job once. Never throws; a job that is given up is logged by its kind.
 *
 * @param attempt - The number of this try, counted from 1.
 * @param maxTries - Tries at most, if fewer than the kind has.
 */
export async function tryJob(
  services: JobServices,
  { name, id, data }: Job,
  attempt: number,
  maxTries = Number.POSITIVE_INFINITY,
): Promise<TryOutcome> {
  const { shape, pauses, run, giveUp } = kindOf(name)
  try {
    const failure = await run(services, id, shape.parse(data), attempt)
    if (!failure) return 'done'
    const pause = attempt < maxTries ? pauses[attempt - 1] : undefined
    if (failure.isFinal === undefined && pause !== undefined)
      return { wait: waitFor(pause, failure.retryAfter) }
    giveUp(id, failure.isFinal ?? 'attempts_used')
  } catch {
    giveUp(id, 'internal')
  }
  return 'given_up'
}

const waitFor = (pause: number, retryAfter = 0): number =>
  Math.max(pause * (1 + JITTER_SHARE * Math.random()), Math.min(retryAfter, MAX_WAIT_MS))
