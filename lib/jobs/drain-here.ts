import 'server-only'
import type { JobServices } from './job-kinds'
import { keepJobsWith, type Library } from './library'
import { noteLost } from './note-reach'
import { startWorker } from './worker'

/** How long the start of the process has the processor for itself, in milliseconds: BullMQ takes a tenth of a second to load. */
const HEAD_START_MS = 1_000

/**
 * Lets this process keep its jobs in Redis, and do the jobs of the queue for as long as it lives.
 *
 * @param loadServices - Loads what jobs work with.
 * @param redisUrl - Of the server; holds a password.
 * @param load - Imports BullMQ.
 */
export function drainHere(
  loadServices: () => Promise<JobServices>,
  redisUrl: string,
  load: () => Promise<Library>,
): void {
  keepJobsWith(load)
  const start = async () => startWorker(await load(), await loadServices(), redisUrl)
  setTimeout(() => void start().catch(noteLost), HEAD_START_MS)
}
