/**
 * Calls of the Management API at a pace, for what the commands read and mark.
 * @module
 */
import { setTimeout } from 'node:timers/promises'
import { decodeJwt } from 'jose'
import { isText, type RightsCalls, waitOf } from '../../core'
import type { Pace } from '../../lib/auth0/pace'
import { OperatorError } from '../shared/operator-error'
import type { TenantAccess } from './tenant-access'

/** How often a call is made that meets a rate limit, a 5xx or silence. */
const TRIES = 6
const PAUSE_MS = 1_000

/** Makes calls. */
export interface TenantCalls extends RightsCalls {
  call(method: 'GET' | 'POST' | 'DELETE' | 'PATCH', path: string, body?: object): Promise<unknown>
}

/** Why a call failed: an error with the status, so that a 403 and a 404 can be told from others. */
export class CallError extends OperatorError {
  /** @param status - Of the answer. */
  constructor(readonly status: number) {
    super('management_failed', `The Management API answered ${status}.`)
  }
}

/**
 * Makes the calls with a token.
 *
 * @param tenant - Its token says which scopes are granted; one that does not say counts as granted all.
 * @param pace - At which calls are made.
 * @returns Calls that throw a {@link CallError}, or an `OperatorError` `tenant_unreachable`.
 */
export function tenantCalls({ token, origin }: TenantAccess, pace: Pick<Pace, 'send'>): TenantCalls {
  const { scope } = decodeJwt(token)
  const scopes = isText(scope) ? scope.split(' ') : undefined
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return {
    async call(method, path, body) {
      const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
      for (let tried = 1; ; tried += 1) {
        const answer = await pace.send(`${origin}/api/v2${path}`, init).catch(() => undefined)
        if (answer?.ok) return answer.status === 204 ? undefined : answer.json()
        const isOver = tried === TRIES || (answer && answer.status < 500 && answer.status !== 429)
        if (isOver && answer) throw new CallError(answer.status)
        if (isOver) throw new OperatorError('tenant_unreachable', 'The tenant did not answer.')
        await setTimeout(answer?.status === 429 ? waitOf(answer.headers, Date.now()) : PAUSE_MS)
      }
    },
    isGranted: async (needed) => scopes === undefined || needed.every((each) => scopes.includes(each)),
  }
}
