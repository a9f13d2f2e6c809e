import { NEVER } from '../core'

/** Seconds since the epoch. */
export const seconds = (): number => Math.floor(Date.now() / 1_000)

/**
 * A signal that aborts a `fetch`, reading its body included, after some time and never later than a deadline.
 *
 * @param ms - Milliseconds.
 * @param deadline - Milliseconds since the epoch.
 * @throws {RangeError} After the deadline.
 */
export const timeLimit = (ms: number, deadline = NEVER): AbortSignal =>
  AbortSignal.timeout(Math.min(ms, deadline - Date.now()))
