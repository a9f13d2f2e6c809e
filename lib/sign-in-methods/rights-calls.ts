import 'server-only'
import type { RightsCalls } from '../../core'
import type { AccountApi } from '../auth0/account-api'
import type { Authorities } from '../auth0/authority'

/**
 * The calls that reading and moving rights takes. A person's own token may read none. If it cannot be found out what was granted,
 * they fail: what is not read for a moment must not count as lost.
 */
export const rightsCalls = (
  { authorities }: { authorities: Pick<Authorities, 'areGranted'> },
  api: AccountApi,
): RightsCalls => ({
  call: (method, path, body) => api.call(method, path, body, 'rights'),
  isGranted: (scopes) => authorities.areGranted(scopes),
})
