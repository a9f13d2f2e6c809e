import 'server-only'
import type { RightsCalls } from '../../core'
import type { AccountApi } from './account-api'
import type { Authorities } from './authority'

/**
 * The API calls for reading and moving rights (roles, permissions, memberships, factors). With `LINKING_AUTHORITY=user` no
 * right can be read. `isGranted` throws if we cannot find out which scopes were granted. It must not return false instead,
 * because a link may go ahead without the rights that we have no scope to read.
 */
export const rightsCalls = (
  { authorities }: { authorities: Pick<Authorities, 'areGranted'> },
  api: AccountApi,
): RightsCalls => ({
  call: (method, path, body) => api.call(method, path, body, 'rights'),
  isGranted: (scopes) => authorities.areGranted(scopes),
})
