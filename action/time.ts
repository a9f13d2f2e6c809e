import { NEVER } from '../core'

/** Seconds since the epoch. */
export const seconds = (): number => Math.floor(Date.now() / 1_000)

/**
 * A signal that aborts a `fetch`, including the reading of its body, after some time or at a deadline, whichever comes first.
 *
 * @param ms - Milliseconds from now.
 * @param deadline - Milliseconds since the epoch.
 * @throws {RangeError} After the deadline.
 */
export const timeLimit = (ms: number, deadline = NEVER): AbortSignal =>
  AbortSignal.timeout(Math.min(ms, deadline - Date.now()))
