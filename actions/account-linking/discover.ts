import {
  bytesOf,
  findUser,
  type Identity,
  isLookedAt,
  isTrusted,
  type LinkingUser,
  lookedKey,
  MARKS_KEY,
  parseMarks,
  parseUser,
  REQUEST_PURPOSE,
  selectCandidates,
  TOKEN_PARAMETER,
} from '../../lib/linking'
import type { PostLoginApi, PostLoginEvent } from './auth0'
import { findUsers } from './find-users'
import { log } from './log'
import { createManagement } from './management'
import { OFFER_KEY, type Offer } from './offer'
import { isServiceReady } from './service-health'
import type { Settings } from './settings'
import { seconds } from './time'

/** Discovery may add this much to a login at most, in milliseconds. */
const BUDGET_MS = 2_500
/** Bytes of candidates in the session token: with the rest, its address stays under 4 kB. */
const MAX_CANDIDATE_BYTES = 1_800

/**
 * Looks for other accounts of the person who has just logged in and, where there are some to offer, sends the browser to
 * the linking service. A login with nothing to do costs no call; one that is looked at costs one lookup.
 *
 * @param event - The login.
 * @param api - What may be done to it.
 * @param settings - The operator's settings.
 * @throws {ManagementError} Where the lookup did not succeed; the caller lets the login go on.
 * @see {@link https://auth0.com/docs/customize/actions/redirect-with-actions Redirect with Actions}
 */
export async function discover(event: PostLoginEvent, api: PostLoginApi, settings: Settings): Promise<void> {
  const { mode, policy, markLife } = settings
  // A mistyped mode must not start offering anything.
  if (!['offer', 'observe'].includes(mode)) return
  // "true" is the linking service's own client, whose login is a proof; "off" an application that wants no offers.
  if (['true', 'off'].includes(event.client.metadata?.account_linking ?? '')) return
  if ((event.organization && !settings.organizations) || !api.redirect.canRedirect()) return
  // The offer is remembered there; without it every answer would be one to nothing.
  if (!event.transaction || !api.transaction) return
  const user = parseUser(event.user)
  if (!user.email || user.email_verified !== true || !isTrusted(toIdentity(user), policy)) return
  const now = seconds()
  const key = await lookedKey(user, policy)
  if (isLookedAt(user, key, now, markLife)) return

  const deadline = Date.now() + BUDGET_MS
  const found = await findUsers(createManagement(settings, api.cache, deadline), user.email)
  // The event knows neither the number of logins nor what another program wrote a moment ago.
  const current = findUser(found, user.user_id) ?? user
  const { candidates, declinedUntil } = await selectCandidates(current, found, policy, now)
  while (bytesOf(candidates) > MAX_CANDIDATE_BYTES) candidates.pop()
  if (candidates.length === 0) {
    const until = Math.min(now + markLife, declinedUntil)
    api.user.setAppMetadata(MARKS_KEY, { ...parseMarks(current), looked: { until, key } })
  } else if (mode === 'observe') {
    log('would_offer', { count: `${candidates.length}` })
  } else if (await isServiceReady(settings, api.cache, deadline)) {
    sendToService(event, api, settings, current, candidates)
  } else {
    log('service_not_offering')
  }
}

function sendToService(
  event: PostLoginEvent,
  api: PostLoginApi,
  settings: Settings,
  user: LinkingUser,
  candidates: Identity[],
): void {
  const current = toIdentity(user)
  const txn = crypto.randomUUID()
  const offer: Offer = { txn, current, candidates }
  api.transaction?.setMetadata(OFFER_KEY, JSON.stringify(offer))
  const token = api.redirect.encodeToken({
    secret: settings.SESSION_TOKEN_SHARED_SECRET,
    // A slow phone's way to the linking service.
    expiresInSeconds: 120,
    payload: {
      purpose: REQUEST_PURPOSE,
      jti: crypto.randomUUID(),
      txn,
      client_id: event.client.client_id,
      client_name: event.client.name,
      email: user.email,
      continue_url: `https://${event.request.hostname}/continue`,
      ui_locales: [event.transaction?.ui_locales].flat().join(' '),
      previous: parseMarks(user).last,
      current_identity: current,
      candidate_identities: candidates,
    },
  })
  api.redirect.sendUserTo(settings.ACCOUNT_LINKING_SERVICE_URL, { query: { [TOKEN_PARAMETER]: token } })
}

/** The user's own identity, the first one, so that id, provider and connection are those of one entry. */
const toIdentity = ({ user_id, identities }: LinkingUser) => ({ ...identities[0], user_id }) as Identity
