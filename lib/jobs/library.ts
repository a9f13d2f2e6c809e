/**
 * Access to BullMQ. The routes and programs that store jobs in Redis pass in the import of it, so that the serverless
 * function of `/link`, which runs during logins, does not contain BullMQ.
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
 * @param load - Imports BullMQ. Called whenever a queue is used.
 */
export function enableRedisJobs(load: () => Promise<BullMQ>): void {
  shared().load ??= load
}

/** Imports BullMQ; undefined if nothing in this process has called {@link enableRedisJobs}. */
export const loadLibrary = (): Promise<BullMQ> | undefined => shared().load?.()
