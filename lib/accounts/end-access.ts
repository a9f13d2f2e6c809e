import 'server-only'
import { canEndAccess } from '../auth0/authority'
import { ManagementApi } from '../auth0/management-api'
import { ManagementApiError } from '../auth0/management-api-error'
import { logEvent } from '../log'

/** Sessions that are ended at most: a person has few, and each is a call. */
const MAX_SESSIONS = 20

/**
 * Ends what was open before the ways into an account changed: refresh tokens, and up to 20 sessions at the tenant. As far as the
 * operator granted the scopes; an identity that is no longer part of the account must not stay signed in to it.
 *
 * @param userIds - The accounts.
 * @param before - Sessions begun earlier end, in seconds since the epoch.
 * @param keptSession - The one that this is done from.
 * @see {@link https://pages.nist.gov/800-63-4/sp800-63c.html NIST SP 800-63C-4}
 */
export async function endAccess(
  userIds: string[],
  before: number,
  keptSession: string | undefined,
): Promise<void> {
  if (!(await canEndAccess())) return
  const api = new ManagementApi()
  try {
    await Promise.all(userIds.map((userId) => endOf(api, userId, before, keptSession)))
  } catch (error) {
    if (!(error instanceof ManagementApiError)) throw error
    logEvent('access_not_ended', { code: error.code, status: error.status })
  }
}

async function endOf(
  api: ManagementApi,
  userId: string,
  before: number,
  keptSession: string | undefined,
): Promise<void> {
  const gone = (error: unknown) => {
    // An account that became part of another one has neither any more.
    if (!(error instanceof ManagementApiError && error.code === 'not_found')) throw error
  }
  await api.deleteRefreshTokens(userId).catch(gone)
  const sessions = (await api.listSessions(userId).catch(gone)) ?? []
  const older = sessions.filter(({ id, authenticatedAt }) => authenticatedAt < before && id !== keptSession)
  await Promise.all(older.slice(0, MAX_SESSIONS).map(({ id }) => api.deleteSession(id).catch(gone)))
}
