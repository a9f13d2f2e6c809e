/**
 * The ledger: a record of every request to the tenant.
 * @module
 */
import type { MiddlewareHandler } from 'hono'
import { decodeJwt } from 'jose'
import { unmarkedPath } from '../dot-segments'
import type { TenantState } from '../state'
import type { TenantEnv } from '../tenant-env'
import type { LedgerEntry } from './records'

/** Names of parameters whose values are masked. `authorization` headers are not recorded. */
const SECRET =
  /^(client_secret|client_assertion|assertion|password|code|code_verifier|otp|link_with|ticket|token|totp_secret|.*_token|id_token_hint|signature)$/

const MASK = '[masked]'

/**
 * Records every request except those to the control API, in order of arrival, with secrets masked. An entry's status is 0
 * until the tenant responds, and stays 0 if the connection was dropped. Mount this middleware before {@link faults}, so that
 * it also records requests that get a fault.
 */
export function ledger(state: TenantState): MiddlewareHandler<TenantEnv> {
  return async (context, next) => {
    if (context.req.path.startsWith('/_tenant')) return next()
    const query = context.req.query()
    const body = await readBody(context.req.raw.clone())
    const caller = callerOf(context.req.header('authorization'), query, body)
    const entry: LedgerEntry = {
      n: state.ledger.length + 1,
      at: new Date(state.now()).toISOString(),
      method: context.req.method,
      path: unmarkedPath(new URL(context.req.url).pathname),
      query: masked(query),
      body: bodyWithoutSecrets(body),
      status: 0,
      ...caller,
      effect: null,
    }
    state.ledger.push(entry)
    await next()
    entry.effect = context.get('effect') ?? null
    if (!context.env?.outgoing?.socket?.destroyed) entry.status = context.res.status
  }
}

async function readBody(request: Request): Promise<unknown> {
  const text = await request.text()
  if (text === '') return null
  try {
    if (request.headers.get('content-type')?.includes('application/x-www-form-urlencoded')) {
      return Object.fromEntries(new URLSearchParams(text))
    }
    return JSON.parse(text)
  } catch {
    // Mask the whole body if it cannot be parsed, because its secrets cannot be found.
    return MASK
  }
}

function callerOf(
  authorization: string | undefined,
  query: Record<string, string>,
  body: unknown,
): Pick<LedgerEntry, 'client_id' | 'sub'> {
  const [scheme, credentials = ''] = authorization?.split(' ') ?? []
  try {
    if (scheme === 'Bearer') {
      const { azp, sub } = decodeJwt(credentials)
      return { client_id: typeof azp === 'string' ? azp : null, sub: sub ?? null }
    }
    if (scheme === 'Basic') {
      const [client = ''] = Buffer.from(credentials, 'base64').toString().split(':')
      return { client_id: decodeURIComponent(client), sub: null }
    }
  } catch {
    return { client_id: null, sub: null }
  }
  const named = isRecord(body) && typeof body.client_id === 'string' ? body.client_id : query.client_id
  return { client_id: named ?? null, sub: null }
}

function masked<Value>(record: Record<string, Value>): Record<string, Value | string> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, SECRET.test(key.toLowerCase()) ? MASK : value]),
  )
}

/** Masks the secrets in a body, or in each entry of a body that is a list. */
function bodyWithoutSecrets(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(bodyWithoutSecrets)
  return isRecord(body) ? maskedBody(body) : body
}

/** Masks the secrets in a body. Of an Action's `secrets`, it masks the values and keeps the names. */
function maskedBody(body: Record<string, unknown>): Record<string, unknown> {
  const { secrets } = body
  if (!Array.isArray(secrets)) return masked(body)
  return { ...masked(body), secrets: secrets.map((secret) => ({ ...secret, value: MASK })) }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
