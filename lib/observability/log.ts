import 'server-only'
import { createHash } from 'node:crypto'
import { processMemory } from '../process/process-memory'
import { currentRequestId } from './request-id'

/** What a log line may hold besides its event: codes, counts and fingerprints, never a token, an address or an id. */
export type LogFields = Record<string, string | number | boolean | undefined>

/** Gets each line, in addition to the log. */
export type LogObserver = (event: string, fields: LogFields) => void

const observer = () => processMemory<{ observe?: LogObserver }>('log-observer', () => ({}))

/** Sets the one observer that gets every line of this process. It must not fail. */
export function observeLog(observe: LogObserver): void {
  observer().observe = observe
}

/**
 * Writes one JSON line, with the request it belongs to, if there is one. The encoding escapes line breaks in values, so a value
 * cannot forge a second line.
 *
 * @param event - A stable snake_case name.
 */
export function logEvent(event: string, fields: LogFields = {}): void {
  console.log(JSON.stringify({ at: new Date().toISOString(), event, request: currentRequestId(), ...fields }))
  observer().observe?.(event, fields)
}

/** A short name for an id in logs: the same id always gives the same name, and the name does not give the id. */
export function fingerprint(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 12)
}
