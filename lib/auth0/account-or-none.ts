import 'server-only'
import type { Account } from './account'
import type { AccountApi } from './account-api'
import { ManagementApiError } from './management-api-error'

/**
 * Reads an account that may not exist.
 *
 * @returns Undefined if it does not exist, for example because it is part of another account.
 * @throws {ManagementApiError} If it cannot be read for any other reason.
 */
export async function accountOrNone(
  api: Pick<AccountApi, 'getUser'>,
  userId: string,
): Promise<Account | undefined> {
  try {
    return await api.getUser(userId)
  } catch (error) {
    if (error instanceof ManagementApiError && error.code === 'not_found') return undefined
    throw error
  }
}
