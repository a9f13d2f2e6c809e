/**
 * The faults of one call to the tenant.
 * @module
 */

/** The effect of a rule of the tenant's control API. */
type TenantEffect = {
  status?: number
  headers?: Record<string, string>
  body?: unknown
  delay_ms?: number
  drop?: 'before' | 'after'
  truncate?: boolean
}

/** Paths of the calls that faults disturb: those that servers make, not browsers. */
export const SERVER_CALLS = '^/(api/v2/|oauth/token$|\\.well-known/)'

/** Longer than application and Action wait for one call, in milliseconds. */
const BEYOND_TIMEOUT_MS = 2_700
/** Long enough that the application is dead before the call is answered, in milliseconds. */
const UNTIL_DEAD_MS = 500

/** Every effect by its name. With `before` in the name, the tenant does not carry the call out; with `after`, it does. */
const EFFECTS = {
  limited: { status: 429 },
  'limited-1s': { status: 429, headers: { 'retry-after': '1' } },
  'limited-1min': { status: 429, headers: { 'retry-after': '60' } },
  'failed-before': { status: 500, body: { statusCode: 500 } },
  'failed-after': { status: 503, drop: 'after', body: 'down' },
  'reset-before': { drop: 'before' },
  'reset-after': { drop: 'after' },
  'timeout-before': { delay_ms: BEYOND_TIMEOUT_MS },
  'timeout-after': { delay_ms: BEYOND_TIMEOUT_MS, drop: 'after', status: 504 },
  slow: { delay_ms: 200 },
  html: { status: 502, body: '<html>' },
  'html-after': { status: 200, drop: 'after', body: '<html>' },
  truncated: { truncate: true },
  nothing: { status: 200, body: {} },
  'nothing-after': { status: 200, drop: 'after', body: {} },
  'no-content-after': { status: 204, drop: 'after' },
  unauthorized: { status: 401, body: { statusCode: 401 } },
  forbidden: { status: 403, body: { statusCode: 403 } },
  'not-found': { status: 404, body: { statusCode: 404 } },
  conflict: { status: 409, body: { statusCode: 409 } },
  'crash-before': { drop: 'before', delay_ms: UNTIL_DEAD_MS },
  'crash-after': { drop: 'after', delay_ms: UNTIL_DEAD_MS },
} satisfies Record<string, TenantEffect>

/** The name of an effect, or `ok`. */
export type Effect = keyof typeof EFFECTS | 'ok'

/** Whether the application is killed while it waits for the call. */
export const isCrash = (effect: Effect): boolean => effect.startsWith('crash')

/** The rules that apply effects to calls in turn, starting with the next call. */
export function rulesFor(effects: Effect[]): object[] {
  return effects.flatMap((effect, index) =>
    effect === 'ok' ? [] : [{ match: { path: SERVER_CALLS, nth: index + 1 }, effect: EFFECTS[effect] }],
  )
}
