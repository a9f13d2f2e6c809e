import 'server-only'
import type { RightsCalls } from '../../core'
import type { Authorities } from '../auth0/authority'
import type { ManagementApi } from '../auth0/management-api'

/** The calls that reading and moving rights takes. A person's own token may read none. */
export const rightsCalls = (
  { authorities }: { authorities: Pick<Authorities, 'isGranted'> },
  api: ManagementApi,
): RightsCalls => ({
  call: (method, path, body) => api.call(method, path, body),
  isGranted: async (scopes) => (await Promise.all(scopes.map(authorities.isGranted))).every(Boolean),
})
