import type { Identity } from '../../lib/linking'
import type { PostLoginEvent } from './auth0'
import { type Management, pathOf } from './management'
import type { Offer } from './offer'

/**
 * Ends what either account had open before they were offered: their refresh tokens, and their sessions at the tenant but for
 * the one of this login. Where the scopes were not granted nothing ends, and whatever fails, the link stands.
 *
 * @param management - The Management API.
 * @param event - The login.
 * @param offer - The current account, and since when sessions are the person's own.
 * @param other - The account that was linked with it.
 * @see {@link https://auth0.com/docs/manage-users/sessions/manage-user-sessions-with-auth0-management-api Manage User Sessions}
 */
export async function endSessions(
  { call }: Management,
  { session }: PostLoginEvent,
  { at, current }: Offer,
  other: Identity,
): Promise<void> {
  const ask = (method: string, path: string) => call(method, path).catch(() => ({}))
  for (const path of [current, other].map(({ user_id }) => pathOf(user_id))) {
    await ask('DELETE', `${path}/refresh-tokens`)
    const { sessions = [] } = (await ask('GET', `${path}/sessions`)) as Sessions
    for (const { id, authenticated_at } of sessions)
      if (id !== session?.id && Date.parse(authenticated_at) < at * 1_000)
        await ask('DELETE', `/sessions/${id}`)
  }
}

interface Sessions {
  sessions?: { id: string; authenticated_at: string }[]
}
