import { decodeJwt } from 'jose'
import type { RightsCalls } from '../../core'
import { OperatorError } from '../shared/operator-error'
import { callTenant } from '../shared/tenant-reads'
import type { Reader } from './gather'

/**
 * Creates the API calls that read rights, for the functions that the Action also uses. It never writes.
 *
 * @param reader - Its token lists the granted scopes. As in the Action, a token without a list counts as having all scopes.
 * @returns API calls that throw an `OperatorError`, or `{ status: 403 }` as in the Action.
 */
export function rightsReader({ api, token, origin }: Reader): RightsCalls {
  const { scope } = decodeJwt(token)
  const scopes = typeof scope === 'string' ? scope.split(' ') : undefined
  return {
    async call(method, path) {
      if (method !== 'GET') throw new Error(`The doctor makes no ${method}.`)
      const answer = await callTenant(api.fetch(`${origin}/api/v2${path}`))
      if (answer.ok) return answer.json()
      if (answer.status === 403) throw { status: 403 }
      throw new OperatorError('management_failed', `The Management API answered ${answer.status}.`)
    },
    isGranted: async (needed) => scopes === undefined || needed.every((each) => scopes.includes(each)),
  }
}
