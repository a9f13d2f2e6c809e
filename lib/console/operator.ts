import 'server-only'
import { userPath } from '../../core/rights/read-rights'
import { accountOrNone } from '../auth0/account-or-none'
import type { ManagementApi } from '../auth0/management-api'
import type { ConsoleServices } from './services'

/** The permission that lets an account use the console. */
export const PERMISSION = 'operate:account_linking'

/** The most pages that are read of one account's permissions, with a hundred permissions each. */
const MAX_PAGES = 10

/** The identifier of the console's API at the tenant, which is the audience of its access tokens. */
export const consoleAudience = ({ appBaseUrl }: Pick<ConsoleServices, 'appBaseUrl'>): string =>
  `${appBaseUrl}/console`

/**
 * Whether an account may use the console now. The account must exist under this user id, so that it is not part of another account,
 * and must not be blocked. It must have the permission, directly or by a role, or be named in `CONSOLE_SUBJECTS`.
 *
 * @throws {ManagementApiError}
 */
export async function isOperator(
  services: Pick<ConsoleServices, 'appBaseUrl' | 'console'>,
  api: ManagementApi,
  userId: string,
): Promise<boolean> {
  const account = await accountOrNone(api, userId)
  if (!account || account.user_id !== userId || account.blocked) return false
  return services.console.subjects.includes(userId) || holdsPermission(services, api, userId)
}

/**
 * Whether an account has the console's permission, directly or by a role.
 *
 * @see {@link https://auth0.com/docs/api/management/v2/users/get-permissions Get a user's permissions}
 */
async function holdsPermission(
  services: Pick<ConsoleServices, 'appBaseUrl'>,
  api: Pick<ManagementApi, 'call'>,
  userId: string,
): Promise<boolean> {
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const path = `${userPath(userId)}/permissions?per_page=100&page=${page}`
    const listed = await api.call('GET', path)
    if (!Array.isArray(listed)) return false
    const isHeld = listed.some(
      (each: { resource_server_identifier?: unknown; permission_name?: unknown }) =>
        each.permission_name === PERMISSION && each.resource_server_identifier === consoleAudience(services),
    )
    if (isHeld || listed.length < 100) return isHeld
  }
  return false
}
