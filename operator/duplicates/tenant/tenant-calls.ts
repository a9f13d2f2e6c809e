/**
 * Makes Management API calls at a limited pace, for the commands that read accounts and remove marks.
 * @module
 */
import { setTimeout } from 'node:timers/promises'
import { decodeJwt } from 'jose'
import { isString, type RightsCalls, waitOf } from '../../../core'
import type { RequestPacer } from '../../../lib/auth0/pace'
import { OperatorError } from '../../shared/operator-error'
import type { TenantAccess } from './tenant-access'

/** How often an API call is tried if it gets a 429, a 5xx or no response. */
const TRIES = 6
const PAUSE_MS = 1_000

/** Management API calls, including PATCH. */
export interface TenantCalls extends RightsCalls {
  call(method: 'GET' | 'POST' | 'DELETE' | 'PATCH', path: string, body?: object): Promise<unknown>
}

/** The error of an API call that the tenant refused. It has the status, so that a 403 and a 404 can be told from others. */
export class CallError extends OperatorError {
  /** @param status - The HTTP status of the response. */
  constructor(readonly status: number) {
    super('management_failed', `The Management API answered ${status}.`)
  }

  /** The outcome of the account that the API call was for. */
  get outcome(): 'missing_scope' | 'management_failed' {
    return this.status === 403 ? 'missing_scope' : 'management_failed'
  }
}

/**
 * Makes an object for API calls with one access token.
 *
 * @param tenant - Its token names the granted scopes. If it does not, all scopes count as granted.
 * @param pace - Delays each API call so that the command stays within its share of the rate limit.
 * @returns Its methods throw a {@link CallError}, or an `OperatorError` `tenant_unreachable`.
 */
export function tenantCalls({ token, origin }: TenantAccess, pace: Pick<RequestPacer, 'send'>): TenantCalls {
  const { scope } = decodeJwt(token)
  const scopes = isString(scope) ? scope.split(' ') : undefined
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return {
    async call(method, path, body) {
      const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
      for (let tried = 1; ; tried += 1) {
        const answer = await pace.send(`${origin}/api/v2${path}`, init).catch(() => undefined)
        if (answer?.ok) return answer.status === 204 ? undefined : answer.json()
        const isLastTry = tried === TRIES || (answer && answer.status < 500 && answer.status !== 429)
        if (isLastTry && answer) throw new CallError(answer.status)
        if (isLastTry) throw new OperatorError('tenant_unreachable', 'The tenant did not answer.')
        await setTimeout(answer?.status === 429 ? waitOf(answer.headers, Date.now()) : PAUSE_MS)
      }
    },
    isGranted: async (needed) => scopes === undefined || needed.every((each) => scopes.includes(each)),
  }
}
