/**
 * Access to BullMQ. Only processes that store jobs in Redis pass it in, so that it is not bundled with functions that respond to a login.
 * @module
 */
import 'server-only'
import { processMemory } from '../process/process-memory'

/** BullMQ's module. */
export type BullMQ = typeof import('bullmq')

const shared = () => processMemory<{ load?: () => Promise<BullMQ> }>('jobs-library', () => ({}))

/**
 * Lets this process store its jobs in Redis.
 *
 * @param load - Imports BullMQ; called when a job is stored.
 */
export function enableRedisJobs(load: () => Promise<BullMQ>): void {
  shared().load ??= load
}

/** Imports BullMQ; undefined if nothing in this process has called {@link enableRedisJobs}. */
export const loadLibrary = (): Promise<BullMQ> | undefined => shared().load?.()
