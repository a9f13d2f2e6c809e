import 'server-only'
import { createHash } from 'node:crypto'
import { processMemory } from '../process/process-memory'
import { currentRequestId } from './request-id'

/** The fields of a log line besides its event: codes, counts and fingerprints, never a token, an email address or a user id. */
export type LogFields = Record<string, string | number | boolean | undefined>

/** Gets each log line after it has been written. */
export type LogObserver = (event: string, fields: LogFields) => void

const observers = () => processMemory<LogObserver[]>('log-observers', () => [])

/** Adds an observer, which gets every log line of this process from now on. It must not throw. */
export function observeLog(observe: LogObserver): void {
  observers().push(observe)
}

/**
 * Writes one JSON line to the log, with the id of the current request if there is one. JSON escapes line breaks, so a value
 * cannot forge a second line.
 *
 * @param event - A stable snake_case name.
 */
export function logEvent(event: string, fields: LogFields = {}): void {
  console.log(JSON.stringify({ at: new Date().toISOString(), event, request: currentRequestId(), ...fields }))
  for (const observe of observers()) observe(event, fields)
}

/**
 * A short hash that replaces an id in logs and keys: the same id always gives the same hash, and the hash does not reveal the id.
 */
export function fingerprint(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 12)
}
