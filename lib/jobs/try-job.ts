import 'server-only'
import { JOB_KINDS, type Job, type JobServices } from './job-kinds'

/** The largest part by which a wait is lengthened at random, so that jobs that failed together are not retried together. */
const JITTER_SHARE = 0.2
/** Longest wait that the receiver or the tenant can ask for before the next attempt, in milliseconds. */
const MAX_WAIT_MS = 600_000

/** The result of an attempt. If it failed and there will be another one, `wait` is the time until then in milliseconds. */
export type TryOutcome = 'done' | 'given_up' | { wait: number }

/**
 * Tries a job once. Never throws. If the job is given up, logs that with `giveUp` of its kind.
 *
 * @param attempt - The number of this attempt, counted from 1.
 * @param maxTries - The largest number of attempts, if the kind allows more.
 */
export async function tryJob(
  services: JobServices,
  { name, id, data }: Job,
  attempt: number,
  maxTries = Number.POSITIVE_INFINITY,
): Promise<TryOutcome> {
  const { pauses, run, giveUp } = JOB_KINDS[name]
  try {
    const failure = await run(services, id, data, attempt)
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
