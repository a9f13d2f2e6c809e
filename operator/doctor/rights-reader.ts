import { decodeJwt } from 'jose'
import type { RightsCalls } from '../../core'
import { OperatorError } from '../shared/operator-error'
import { attempt } from '../shared/tenant-reads'
import type { Reader } from './gather'

/**
 * The calls that read what accounts hold, as the Action makes them, and none that writes.
 *
 * @param reader - Its token says which scopes are granted; one that does not say counts as granted all, as in the Action.
 * @returns Calls that throw an `OperatorError`, or the status 403 as the Action's do.
 */
export function rightsReader({ api, token, origin }: Reader): RightsCalls {
  const { scope } = decodeJwt(token)
  const scopes = typeof scope === 'string' ? scope.split(' ') : undefined
  return {
    async call(method, path) {
      if (method !== 'GET') throw new Error(`The doctor makes no ${method}.`)
      const answer = await attempt(api.fetch(`${origin}/api/v2${path}`))
      if (answer.ok) return answer.json()
      if (answer.status === 403) throw { status: 403 }
      throw new OperatorError('management_failed', `The Management API answered ${answer.status}.`)
    },
    isGranted: async (needed) => scopes === undefined || needed.every((each) => scopes.includes(each)),
  }
}
