import {
  bytesOf,
  findUser,
  isLookedAt,
  isRestricted,
  isTrusted,
  type LinkingUser,
  lookedKey,
  marksKeyOf,
  normalizeEmail,
  parseEnding,
  parseMarks,
  parseUser,
  REQUEST_PURPOSE,
  selectCandidates,
  TOKEN_PARAMETER,
  withEnded,
} from '../core'
import type { PostLoginApi, PostLoginEvent } from './auth0'
import { endBeforeOffer, goOnEnding } from './end-sessions'
import { proofAt } from './link'
import { log } from './log'
import { createManagement } from './management'
import { OFFER_KEY, type Offer } from './offer'
import { isServiceReady } from './service-health'
import type { Settings } from './settings'
import { seconds } from './time'

/** Seconds. */
const DAY = 86_400
/** How much of discovery's time is kept for looking other accounts up, in milliseconds. */
const LOOKUP_MS = 800

/**
 * Goes on with what is still to be ended of this account; then looks for other accounts of the person who has just logged in and,
 * where there are some to offer, sends the browser to the linking service. A login with nothing to do costs no call; one that is looked at costs one lookup.
 *
 * @param event - The login.
 * @param api - What may be done to it.
 * @param settings - The operator's settings.
 * @throws {CallFailure} Where the lookup did not succeed; the caller lets the login go on.
 * @see {@link https://auth0.com/docs/customize/actions/redirect-with-actions Redirect with Actions}
 */
export async function discover(event: PostLoginEvent, api: PostLoginApi, settings: Settings): Promise<void> {
  const { mode, policy, markLife } = settings
  const { client, transaction } = event
  // What discovery may add to a login at most.
  const deadline = Date.now() + 2_500
  const management = createManagement(settings, api.cache, deadline, event.request.hostname)
  let user = parseUser(event.user)
  const hasEnded = parseEnding(user) !== undefined
  if (hasEnded) {
    // The lookup has to fit in after it.
    const left = await goOnEnding(management, user, deadline - LOOKUP_MS)
    // Nothing is linked until it has ended.
    if (left) return api.user.setAppMetadata(marksKeyOf(user), { ...parseMarks(user), ending: left })
    user = withEnded(user)
    api.user.setAppMetadata(marksKeyOf(user), parseMarks(user))
  }
  if (
    mode === 'off' ||
    // "true" is the linking service's own client, whose login is a proof; "off" an application that wants no offers.
    ['true', 'off'].includes(client.metadata?.account_linking ?? '') ||
    (event.organization && !settings.organizations) ||
    !api.redirect.canRedirect() ||
    // The offer is remembered there; without it every answer would be one to nothing.
    !transaction ||
    !api.transaction
  )
    return
  // The user's own identity, so that id, provider and connection are those of one entry.
  const [own] = user.identities
  if (!user.email || user.email_verified !== true || !own || !isTrusted(own, policy)) return
  // Auth0 asks for a second factor only after this redirect. An account that has one is left to the page until it was used.
  const hasUsedFactor = event.authentication?.methods?.some(({ name }) => name === 'mfa')
  const isOpen = ({ multifactor }: LinkingUser) => hasUsedFactor || !multifactor?.length
  if (!isOpen(user)) return
  // With one of these keys it is not linked, whatever there is.
  if (isRestricted(user, policy)) return
  const now = seconds()
  const key = await lookedKey(user, policy)
  if (isLookedAt(user, key, now, markLife)) return

  const found = await management.findUsers([user.email, normalizeEmail(user.email)])
  // The event knows neither the number of logins nor what another program wrote a moment ago. What has ended by now still stands
  // there as to be ended: it is written when the login goes on.
  const read = findUser(found, user.user_id) ?? user
  const fresh = hasEnded ? withEnded(read) : read
  // The event may not know of a factor that the account has since a moment ago.
  const open = isOpen(fresh) ? found.filter(isOpen) : []
  const others = open.filter(({ user_id }) => user_id !== user.user_id)
  const offerable = await endBeforeOffer(management, others, deadline - LOOKUP_MS)
  const marks = parseMarks(fresh)
  const { candidates, declinedUntil } = await selectCandidates(fresh, offerable, policy, now, proofAt(client))
  // With the rest of the session token, its address stays under 4 kB.
  while (bytesOf(candidates) > 1_800) candidates.pop()
  if (!candidates[0]) {
    // What was left out for a factor is looked at again a day later.
    const life = open.length < found.length ? Math.min(markLife, DAY) : markLife
    const looked = { until: Math.min(now + life, declinedUntil), key }
    return api.user.setAppMetadata(marksKeyOf(fresh), { ...marks, looked })
  }
  if (mode === 'observe') return log('would_offer', { count: `${candidates.length}` })
  if (!(await isServiceReady(settings, api.cache, deadline))) return log('service_not_offering')

  const txn = crypto.randomUUID()
  api.transaction.setMetadata(
    OFFER_KEY,
    JSON.stringify({ txn, at: now, current: own, candidates } satisfies Offer),
  )
  const token = api.redirect.encodeToken({
    secret: settings.SESSION_TOKEN_SHARED_SECRET,
    // A slow phone's way to the linking service.
    expiresInSeconds: 120,
    payload: {
      purpose: REQUEST_PURPOSE,
      jti: txn,
      txn,
      client_id: client.client_id,
      client_name: client.name,
      email: user.email,
      continue_url: `https://${event.request.hostname}/continue`,
      ui_locales: [transaction.ui_locales].flat().join(' '),
      previous: marks.last,
      current_identity: own,
      candidate_identities: candidates,
    },
  })
  api.redirect.sendUserTo(settings.ACCOUNT_LINKING_SERVICE_URL, { query: { [TOKEN_PARAMETER]: token } })
}
