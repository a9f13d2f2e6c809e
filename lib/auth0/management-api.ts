import 'server-only'
import { UsersClient } from 'auth0/users'
import { config } from '@/lib/config'
import { Account } from './account'
import { ManagementApiError } from './management-api-error'
import { dropManagementToken, managementToken } from './management-token'

/** Longest wait for one call, in seconds. */
const DEADLINE = 2.5
/** What the settings page reads of a user, and nothing else. */
const FIELDS = 'user_id,email,username,phone_number,name,nickname,created_at,blocked,identities,app_metadata'

/**
 * Reads a user, fresh.
 *
 * @param userId - `provider|id`.
 * @throws {ManagementApiError} `not_found` where there is no such user (any more), `missing_scope` where the client
 *   lacks `read:users`, `tenant_unreachable` or `management_failed` otherwise.
 * @see {@link https://auth0.com/docs/api/management/v2/users/get-users-by-id Get a user}
 */
export async function getUser(userId: string): Promise<Account> {
  const raw = await withToken((users) => users.get(userId, { fields: FIELDS, include_fields: true }))
  const account = Account.safeParse(raw)
  if (!account.success) throw new ManagementApiError('management_failed')
  return account.data
}

async function withToken<Result>(call: (users: UsersClient) => PromiseLike<Result>): Promise<Result> {
  const token = await managementToken()
  try {
    return await call(usersClient(token))
  } catch (error) {
    if (statusOf(error) !== 401) throw toManagementApiError(error)
  }
  // Refused although it has not run out: the tenant's keys or the client's secret were rotated.
  dropManagementToken(token)
  try {
    return await call(usersClient(await managementToken()))
  } catch (error) {
    throw toManagementApiError(error)
  }
}

function usersClient(token: string): UsersClient {
  return new UsersClient({
    baseUrl: `${config().managementDomain.origin}/api/v2`,
    token,
    timeoutInSeconds: DEADLINE,
    maxRetries: 0,
  })
}

function toManagementApiError(error: unknown): ManagementApiError {
  if (error instanceof ManagementApiError) return error
  const status = statusOf(error)
  if (status === undefined || status >= 500) return new ManagementApiError('tenant_unreachable', status)
  if (status === 404) return new ManagementApiError('not_found', status)
  if (status === 403) return new ManagementApiError('missing_scope', status)
  return new ManagementApiError('management_failed', status)
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined
  return typeof error.statusCode === 'number' ? error.statusCode : undefined
}
