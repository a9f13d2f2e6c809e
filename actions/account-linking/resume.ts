import {
  addDeclines,
  type Identity,
  type LinkingUser,
  lookedKey,
  MARKS_KEY,
  NEVER,
  pairKey,
  parseMarks,
  parseUser,
  RESULT_PURPOSE,
  type ResponsePayload,
  TOKEN_PARAMETER,
} from '../../lib/linking'
import type { PostLoginApi, PostLoginEvent } from './auth0'
import { link } from './link'
import { log } from './log'
import { createManagement } from './management'
import { OFFER_KEY, type Offer } from './offer'
import { reportLink } from './report'
import type { Settings } from './settings'
import { seconds } from './time'

/** The whole resume may take this long at most, in milliseconds; Auth0 ends an Action after 20 s. */
const BUDGET_MS = 8_000
/** Says nothing about what was wrong: whoever forged an answer reads it. */
const DENIED = 'Sign-in could not be completed. Please start again.'
const ONCE_MORE = 'Please sign in once more.'

/**
 * Takes the linking service's answer. It is a claim, not a permission: what it names has to be what was offered, and
 * whether the link may be made is decided again here. No answer, or one that does not verify, costs nobody a login.
 *
 * @param event - The login, resumed.
 * @param api - What may be done to it.
 * @param settings - The operator's settings.
 * @see {@link https://auth0.com/docs/customize/actions/redirect-with-actions Redirect with Actions, resuming}
 */
export async function resume(event: PostLoginEvent, api: PostLoginApi, settings: Settings): Promise<void> {
  const answer = readAnswer(api, settings)
  const kept = event.transaction?.metadata?.[OFFER_KEY] as string | undefined
  const offer: Offer | undefined = kept && JSON.parse(kept)
  // An answer counts once.
  api.transaction?.setMetadata(OFFER_KEY, null)
  if (!answer) return log('answer_not_valid')
  const user = parseUser(event.user)
  const isLink = answer.result === 'link'
  const candidate = offer && isLink && findOffered(answer, offer)
  if (!offer || answer.txn !== offer.txn || answer.sub !== user.user_id || (isLink && !candidate)) {
    log('answer_impossible')
    return api.access.deny(DENIED)
  }
  if (answer.result === 'declined') return recordDecline(api, settings, user, offer, answer.never)
  if (!candidate) return

  const stays = answer.primary_identity?.user_id === user.user_id ? 'current' : 'candidate'
  const management = createManagement(settings, api.cache, Date.now() + BUDGET_MS)
  const { primaryId, reason } = await link(
    management,
    settings,
    user,
    candidate.user_id,
    stays,
    event.client.client_id,
  )
  if (primaryId) {
    const isSwitched = primaryId !== user.user_id
    // Only now: a login switched before a link that then fails would end as nobody.
    if (isSwitched) api.authentication.setPrimaryUser(primaryId)
    return reportLink(event, api, settings, primaryId, isSwitched ? offer.current : candidate)
  }
  log('not_linked', { reason })
  const result = reason === 'outcome_unknown' ? 'unknown' : 'failed'
  // The account that logs in may have become part of the other one: nobody can tell whose login this is.
  if (result === 'unknown' && stays === 'candidate') return api.access.deny(ONCE_MORE)
  const last = { result, reason, at: seconds() }
  api.user.setAppMetadata(MARKS_KEY, { ...parseMarks(user), last })
}

/** The answer, where there is one that the service made for this login. */
function readAnswer(api: PostLoginApi, settings: Settings): ResponsePayload | undefined {
  const secret = settings.SESSION_TOKEN_SHARED_SECRET
  const { origin } = new URL(settings.ACCOUNT_LINKING_SERVICE_URL)
  try {
    const answer = api.redirect.validateToken({
      secret,
      tokenParameterName: TOKEN_PARAMETER,
    }) as ResponsePayload
    if (answer.purpose === RESULT_PURPOSE && answer.iss === origin) return answer
  } catch {
    // No answer, or one that does not verify: the platform's reason may quote it.
  }
}

/** The offered candidate, where the answer names exactly it and the current identity, as they were offered. */
function findOffered(answer: ResponsePayload, { current, candidates }: Offer): Identity | undefined {
  const nameOf = ({ user_id, provider, connection }: Partial<Identity> = {}) =>
    [user_id, provider, connection].join()
  const pair = [nameOf(answer.primary_identity), nameOf(answer.secondary_identity)]
  const at = pair.indexOf(nameOf(current))
  return candidates.find((candidate) => nameOf(candidate) === pair[1 - at])
}

/** Keeps the decline for every pair that was offered, and spares the lookups while it holds. */
async function recordDecline(
  api: PostLoginApi,
  { policy, declineLife, markLife }: Settings,
  user: LinkingUser,
  { candidates }: Offer,
  never = false,
): Promise<void> {
  const now = seconds()
  const lapse = never ? NEVER : now + declineLife
  const pairs = await Promise.all(candidates.map(({ user_id }) => pairKey(user.user_id, user_id)))
  const looked = { until: Math.min(lapse, now + markLife), key: await lookedKey(user, policy) }
  api.user.setAppMetadata(MARKS_KEY, { ...addDeclines(parseMarks(user), pairs, lapse), looked })
  log('declined')
}
