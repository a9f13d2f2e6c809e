import 'server-only'
import type { Processor, Job as QueuedJob, Worker, WorkerOptions } from 'bullmq'
import { z } from 'zod'
import { JOB_KINDS, type JobName, type JobServices } from './job-kinds'
import type { Library } from './library'
import { noteBack, noteLost } from './note-reach'
import { doPair, PAIR_QUEUE } from './pair-queue'
import { QUEUE, sealPurpose } from './queue'
import { connectForJobs } from './redis-client'
import { tryJob } from './try-job'

/** Jobs of a queue that a process does at the same time. */
const CONCURRENCY = 5
/** How often a job is taken up again after the process that did it ended; one that ends every process must stop at some time. */
const MAX_STALLED = 10
/** How often a pair is begun at most, while the tenant turns its calls away. */
const MAX_PAIR_TRIES = 10

/** How long it rests after Redis refused something, in milliseconds: a full one would be asked again thousands of times a second. */
const REST_MS = 5_000

/** Something that does the jobs of both queues. */
export interface RunningWorker {
  /** One for each queue. */
  workers: Worker[]
  /** Takes no more jobs, and waits for those under way. */
  close(): Promise<void>
}

/** A try failed. The message rests in Redis: it says nothing of the job. */
class TryFailed extends Error {
  /** @param wait - Before the next try, in milliseconds; -1 if there is none. */
  constructor(readonly wait: number) {
    super(wait < 0 ? 'given up' : 'failed')
  }
}

/**
 * Starts to do jobs, and to take up those of processes that ended.
 *
 * @param redisUrl - Of the server; holds a password.
 */
export function startWorker(library: Library, services: JobServices, redisUrl: string): RunningWorker {
  const { connection, end } = connectForJobs(library, redisUrl, true)
  const work = workOn(library, QUEUE.name, (job) => processJob(services, job), {
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

/** Does the jobs of one queue, and rests while Redis refuses. */
function workOn(
  library: Library,
  name: string,
  processor: Processor,
  options: Pick<WorkerOptions, 'connection' | 'settings'>,
): { worker: Worker; close(): Promise<void> } {
  const worker = new library.Worker(name, processor, {
    ...options,
    prefix: QUEUE.prefix,
    concurrency: CONCURRENCY,
    maxStalledCount: MAX_STALLED,
    skipVersionCheck: true,
  })
  let resting: NodeJS.Timeout | undefined
  worker.on('error', () => {
    noteLost()
    if (worker.isPaused()) return
    void worker.pause(true)
    resting = setTimeout(() => void worker.resume(), REST_MS)
  })
  worker.on('active', noteBack)
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
  // The process that made it has tried it once before.
  const outcome = await tryJob(services, { name, id, data: opened }, attemptsMade + 2)
  if (outcome === 'done') return
  throw new TryFailed(outcome === 'given_up' ? -1 : outcome.wait)
}

const isJobName = (name: string): name is JobName => Object.hasOwn(JOB_KINDS, name)

/** Links a pair. If the tenant turned a call away, every worker waits; a pair that was not linked for that is tried again. */
async function processPair(
  { Worker: { RateLimitError } }: Library,
  services: JobServices,
  worker: Worker,
  { id = '', data, attemptsStarted }: QueuedJob,
) {
  const done = await doPair(services, id, data, attemptsStarted > 1).catch(() => undefined)
  // What was thrown may name an account, and the message of a failure rests in Redis.
  if (!done) throw new TryFailed(-1)
  const { result, kept } = done
  if (result.waitMs > 0) await worker.rateLimit(result.waitMs)
  const isTurnedAway = result.waitMs > 0 && result.refused === 'management_failed'
  if (isTurnedAway && attemptsStarted < MAX_PAIR_TRIES) throw RateLimitError()
  return kept
}
