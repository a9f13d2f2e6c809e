/**
 * Access to BullMQ. Only processes that store jobs in Redis pass it in, so that it is not bundled with functions that respond to a login.
 * @module
 */
import 'server-only'
import { processMemory } from '../process/process-memory'

/** BullMQ's module. */
export type Library = typeof import('bullmq')

const shared = () => processMemory<{ load?: () => Promise<Library> }>('jobs-library', () => ({}))

/**
 * Lets this process store its jobs in Redis.
 *
 * @param load - Imports BullMQ; called when a job is stored.
 */
export function keepJobsWith(load: () => Promise<Library>): void {
  shared().load ??= load
}

/** Imports BullMQ; undefined if nothing in this process has called {@link keepJobsWith}. */
export const loadLibrary = (): Promise<Library> | undefined => shared().load?.()
