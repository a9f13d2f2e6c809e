import { hash12, type Identity } from '../core'
import type { PostLoginApi, PostLoginEvent } from './auth0'
import { jsonHeaders } from './json-headers'
import { log } from './log'
import type { Settings } from './settings'
import { timeLimit } from './time'
import { uiLocalesOf } from './ui-locales'

/**
 * Reports a link: in a log line with hashed ids and, if configured, in an ID-token claim and to the operator's webhook. Sends the
 * webhook once, and delays the login by a second at most.
 *
 * @param event - The login.
 * @param api - Auth0's `api` for the login.
 * @param settings - Claim and webhook.
 * @param primaryId - User id of the primary account.
 * @param secondary - The identity that was linked to it.
 */
export async function reportLink(
  event: PostLoginEvent,
  api: PostLoginApi,
  { claim, EVENTS_WEBHOOK_URL: url, EVENTS_WEBHOOK_SECRET: secret }: Settings,
  primaryId: string,
  { user_id, connection }: Identity,
): Promise<void> {
  const [primary, secondary] = await Promise.all([primaryId, user_id].map(hash12))
  log('linked', { primary, secondary })
  if (claim) api.idToken.setCustomClaim(claim, 'linked')
  if (!url) return
  const { client_id, name: client_name } = event.client
  const data = {
    primary_user_id: primaryId,
    secondary_user_id: user_id,
    connection,
    client_id,
    client_name,
    ui_locales: uiLocalesOf(event) || undefined,
  }
  const body = JSON.stringify({ type: 'account.linked', timestamp: new Date(), data })
  const headers = jsonHeaders(secret)
  await fetch(url, { method: 'POST', headers, body, signal: timeLimit(1_000) }).catch(() =>
    log('webhook_failed'),
  )
}
