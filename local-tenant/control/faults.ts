/**
 * Faults: tests can have the tenant fail or delay any request, except those to the control API.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context, MiddlewareHandler } from 'hono'
import { z } from 'zod'
import { unmarkedPath } from '../dot-segments'
import type { TenantState } from '../state'
import type { TenantEnv } from '../tenant-env'
import type { ActiveFault, FaultRule } from './records'

/** The schema of the fault rules that the control API accepts. */
export const FaultRules = z.array(
  z.strictObject({
    match: z.strictObject({
      method: z.string().optional(),
      path: z.string().refine(isRegularExpression, 'must be a regular expression').optional(),
      nth: z.number().int().positive().optional(),
    }),
    effect: z.strictObject({
      status: z.number().int().min(200).max(599).optional(),
      headers: z.record(z.string(), z.string()).optional(),
      body: z.json().optional(),
      delay_ms: z.number().nonnegative().optional(),
      drop: z.enum(['before', 'after']).optional(),
      truncate: z.boolean().optional(),
    }),
    times: z.number().int().positive().optional(),
  }),
)

/**
 * Applies the first fault rule that selects a request and is due.
 *
 * *Which requests.* `method` (in any case) and `path` (a regular expression, tested against the path as sent and as decoded)
 * select requests. `nth` is the number of the first selected request that gets the fault, counted from 1. `times` limits how
 * many requests get the fault. Without `times`, one request gets it if there is `nth`, and otherwise every selected one.
 *
 * *What happens.*
 * - `status`: the tenant responds with this status and does not carry out the request. With `drop: "after"`, it carries out
 *   the request first and then replaces the response.
 * - `drop` without `status` resets the connection, before or after the tenant has carried out the request.
 * - `headers` and `body` belong to the response with `status`. Without `status`, they change the real response. A `body`
 *   that is a string is sent as it is, any other value as JSON.
 * - `truncate` sends half of the body, with the `content-length` of the whole body, and then closes the connection.
 * - `delay_ms`: the tenant waits before it does anything else; with `drop: "after"`, after it has carried out the request.
 *   If the client closes the connection while the tenant waits before a request, the request is not carried out.
 */
export function faults(state: TenantState): MiddlewareHandler<TenantEnv> {
  return async (context, next) => {
    if (context.req.path.startsWith('/_tenant')) return next()
    const fault = dueFault(state, context)
    if (!fault) return next()
    const { delay_ms: delay = 0, drop, status, truncate } = fault.effect
    const isAfter = drop === 'after'

    if (!isAfter) {
      await wait(delay)
      if (hasHungUp(context)) return RESPONSE_ALREADY_SENT
    }
    if (isAfter || (status === undefined && drop === undefined)) await next()
    if (isAfter) await wait(delay)

    const response = await playedResponse(fault, context)
    // Hono merges the headers of the previous response into a new one, so remove the previous response first.
    context.res = undefined
    if (drop !== undefined && status === undefined) context.res = hangUp(context)
    else context.res = truncate ? await sendHalf(context, response) : response
  }
}

function dueFault(state: TenantState, context: Context<TenantEnv>): FaultRule | undefined {
  const matching = state.faults.filter(({ rule }) => matches(rule, context))
  for (const fault of matching) fault.seen += 1
  const due = matching.find(isDue)
  if (due) due.played += 1
  return due?.rule
}

function isDue({ rule, seen, played }: ActiveFault): boolean {
  const { nth } = rule.match
  const times = rule.times ?? (nth === undefined ? Number.POSITIVE_INFINITY : 1)
  return seen >= (nth ?? 1) && played < times
}

function matches({ match }: FaultRule, context: Context<TenantEnv>): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== context.req.method) return false
  if (match.path === undefined) return true
  const path = new RegExp(match.path)
  const sent = unmarkedPath(new URL(context.req.url).pathname)
  return path.test(sent) || path.test(decoded(sent))
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

async function playedResponse({ effect }: FaultRule, context: Context<TenantEnv>): Promise<Response> {
  const real = effect.status === undefined ? context.res : undefined
  const headers = new Headers(real?.headers)
  for (const [name, value] of Object.entries(effect.headers ?? {})) headers.set(name, value)
  // Read bytes, not text, so that a compressed file stays unchanged.
  const body = effect.body === undefined ? await real?.arrayBuffer() : bodyText(effect.body)
  if (!headers.has('content-type')) {
    headers.set('content-type', typeof effect.body === 'string' ? 'text/html' : 'application/json')
  }
  headers.delete('content-length')
  const status = effect.status ?? real?.status ?? 200
  return new Response(status === 204 || status === 304 ? null : body, { status, headers })
}

function bodyText(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body)
}

async function wait(milliseconds: number): Promise<void> {
  // A fault that waits must not keep the process alive when the tenant is closed.
  if (milliseconds > 0) await sleep(milliseconds, undefined, { ref: false })
}

function hasHungUp(context: Context<TenantEnv>): boolean {
  return context.env.outgoing?.destroyed ?? false
}

function hangUp(context: Context<TenantEnv>): Response {
  context.env.outgoing?.socket?.destroy()
  return RESPONSE_ALREADY_SENT
}

async function sendHalf(context: Context<TenantEnv>, response: Response): Promise<Response> {
  const body = Buffer.from(await response.arrayBuffer())
  const { outgoing } = context.env
  outgoing?.writeHead(response.status, {
    ...Object.fromEntries(response.headers),
    'content-length': body.length,
  })
  outgoing?.write(body.subarray(0, Math.floor(body.length / 2)), () => outgoing.socket?.destroySoon())
  return RESPONSE_ALREADY_SENT
}

function isRegularExpression(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}
