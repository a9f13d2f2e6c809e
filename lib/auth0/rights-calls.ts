import 'server-only'
import type { RightsCalls } from '../../core'
import type { AccountApi } from './account-api'
import type { Authorities } from './authority'

/**
 * The API calls for reading and moving rights. With `LINKING_AUTHORITY=user` no right can be read. `isGranted` throws if we cannot find
 * out which scopes were granted, because rights that cannot be read for a moment must not count as lost.
 */
export const rightsCalls = (
  { authorities }: { authorities: Pick<Authorities, 'areGranted'> },
  api: AccountApi,
): RightsCalls => ({
  call: (method, path, body) => api.call(method, path, body, 'rights'),
  isGranted: (scopes) => authorities.areGranted(scopes),
})
