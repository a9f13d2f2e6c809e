import 'server-only'
import type { Processor, Job as QueuedJob, Worker, WorkerOptions } from 'bullmq'
import { z } from 'zod'
import { JOB_KINDS, type JobName, type JobServices } from './job-kinds'
import type { BullMQ } from './library'
import { logRedisBack, logRedisLost } from './note-reach'
import { doPair, PAIR_QUEUE } from './pair-queue'
import { sealPurpose, WORK_QUEUE } from './queue'
import { connectForJobs } from './redis-client'
import { tryJob } from './try-job'

/** How many jobs of one queue a process runs at the same time. */
const CONCURRENCY = 5
/** How often a job is started again after the process that ran it ended. The limit stops a job that crashes processes. */
const MAX_STALLED = 10
/** How often a pair is tried at most, if the tenant refuses API calls with 429. */
const MAX_PAIR_TRIES = 10

/**
 * How long a worker pauses after Redis refused a command, in milliseconds. Without the pause it would send commands to a full Redis
 * thousands of times a second.
 */
const REST_MS = 5_000

/** Workers that run the jobs of both queues. */
export interface RunningWorker {
  /** One worker for each queue. */
  workers: Worker[]
  /** Takes no more jobs, and waits for the running ones. */
  close(): Promise<void>
}

/** Thrown if an attempt failed. BullMQ stores the message in Redis, so it contains nothing about the job. */
class TryFailed extends Error {
  /** @param wait - The wait before the next attempt, in milliseconds; -1 if there is none. */
  constructor(readonly wait: number) {
    super(wait < 0 ? 'given up' : 'failed')
  }
}

/**
 * Starts to run the jobs of both queues, including those of processes that have ended.
 *
 * @param redisUrl - URL of the server. It may contain a password.
 */
export function startWorker(library: BullMQ, services: JobServices, redisUrl: string): RunningWorker {
  const { connection, end } = connectForJobs(library, redisUrl, true)
  const work = workOn(library, WORK_QUEUE.name, (job) => processJob(services, job), {
    connection,
    settings: {
      backoffStrategy: (_made, _type, error) => (error instanceof TryFailed ? error.wait : -1),
    },
  })
  work.worker.on('failed', (job, error) => {
    if (job?.id && isJobName(job.name) && !(error instanceof TryFailed))
      JOB_KINDS[job.name].giveUp(job.id, 'internal')
  })
  const pairs = workOn(library, PAIR_QUEUE.name, (job) => processPair(library, services, pairs.worker, job), {
    connection,
  })
  return {
    workers: [work.worker, pairs.worker],
    async close() {
      await Promise.all([work.close(), pairs.close()])
      end()
    },
  }
}

/** Starts a worker for one queue. It pauses for {@link REST_MS} after each error of Redis. */
function workOn(
  library: BullMQ,
  name: string,
  processor: Processor,
  options: Pick<WorkerOptions, 'connection' | 'settings'>,
): { worker: Worker; close(): Promise<void> } {
  const worker = new library.Worker(name, processor, {
    ...options,
    prefix: WORK_QUEUE.prefix,
    concurrency: CONCURRENCY,
    maxStalledCount: MAX_STALLED,
    skipVersionCheck: true,
  })
  let resting: NodeJS.Timeout | undefined
  worker.on('error', () => {
    logRedisLost()
    if (worker.isPaused()) return
    void worker.pause(true)
    resting = setTimeout(() => void worker.resume(), REST_MS)
  })
  worker.on('active', logRedisBack)
  return {
    worker,
    async close() {
      clearTimeout(resting)
      await worker.close()
    },
  }
}

const KeptShape = z.object({ sealed: z.string() })

async function processJob(services: JobServices, { name, id = '', data, attemptsMade }: QueuedJob) {
  if (!isJobName(name)) throw new TryFailed(-1)
  const kept = KeptShape.safeParse(data)
  const opened = kept.success && (await services.sealer.unseal(sealPurpose(name, id), kept.data.sealed))
  // `attemptsMade` starts at 0. The process that made the job also made attempt 1 (a planned job skips it).
  const outcome = await tryJob(services, { name, id, data: opened }, attemptsMade + 2)
  if (outcome === 'done') return
  throw new TryFailed(outcome === 'given_up' ? -1 : outcome.wait)
}

const isJobName = (name: string): name is JobName => Object.hasOwn(JOB_KINDS, name)

/** Links a pair. If the tenant answers 429 to an API call, all workers wait. A pair that failed for it is tried again. */
async function processPair(
  { Worker: { RateLimitError } }: BullMQ,
  services: JobServices,
  worker: Worker,
  { id = '', data, attemptsStarted }: QueuedJob,
) {
  const done = await doPair(services, id, data, attemptsStarted > 1).catch(() => undefined)
  // The error may name an account, and BullMQ would store its message in Redis, so throw one without details.
  if (!done) throw new TryFailed(-1)
  const { result, kept } = done
  if (result.waitMs > 0) await worker.rateLimit(result.waitMs)
  const isTurnedAway = result.waitMs > 0 && result.refused === 'management_failed'
  if (isTurnedAway && attemptsStarted < MAX_PAIR_TRIES) throw RateLimitError()
  return kept
}
