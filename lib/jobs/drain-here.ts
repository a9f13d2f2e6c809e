import 'server-only'
import type { JobServices } from './job-kinds'
import { type BullMQ, enableRedisJobs } from './library'
import { logRedisLost } from './note-reach'
import { startWorker } from './worker'

/** How long after the start of the process BullMQ is loaded, in milliseconds. Loading takes 0.1 s, which would delay the first requests. */
const HEAD_START_MS = 1_000

/**
 * Lets this process store its jobs in Redis, and run the jobs of both queues (`WORK_QUEUE`, `PAIR_QUEUE`) until it ends.
 *
 * @param loadServices - Loads the services that jobs use.
 * @param redisUrl - URL of the server. It may contain a password.
 * @param load - Imports BullMQ.
 */
export function drainHere(
  loadServices: () => Promise<JobServices>,
  redisUrl: string,
  load: () => Promise<BullMQ>,
): void {
  enableRedisJobs(load)
  const start = async () => startWorker(await load(), await loadServices(), redisUrl)
  setTimeout(() => void start().catch(logRedisLost), HEAD_START_MS)
}
