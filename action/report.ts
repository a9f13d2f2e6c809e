import { hash12, type Identity } from '../core'
import type { PostLoginApi, PostLoginEvent } from './auth0'
import { jsonHeaders } from './json-headers'
import { log } from './log'
import type { Settings } from './settings'
import { timeLimit } from './time'
import { uiLocalesOf } from './ui-locales'

/**
 * Reports a link that was made: in a log line with hashed ids, and if they are configured, in the application's ID-token claim and
 * to the operator's webhook. The webhook is called once, and never delays a login by more than a second.
 *
 * @param event - The login.
 * @param api - What may be done to it.
 * @param settings - Claim and webhook.
 * @param primaryId - The account that stayed.
 * @param secondary - The identity that became part of it.
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
