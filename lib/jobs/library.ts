/**
 * BullMQ, as far as this process has it. It is handed in: a function that answers a login must not carry it.
 * @module
 */
import 'server-only'
import { processMemory } from '../process/process-memory'

/** BullMQ's module. */
export type Library = typeof import('bullmq')

const shared = () => processMemory<{ load?: () => Promise<Library> }>('jobs-library', () => ({}))

/**
 * Lets jobs of this process be kept in Redis.
 *
 * @param load - Imports BullMQ; called when the first job is made.
 */
export function keepJobsWith(load: () => Promise<Library>): void {
  shared().load ??= load
}

/** Imports BullMQ; undefined if this process does not have it. */
export const loadLibrary = (): Promise<Library> | undefined => shared().load?.()
