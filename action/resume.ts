import {
  addDeclines,
  type CandidateHint,
  type Identity,
  isCertain,
  marksAfter,
  marksKeyOf,
  NEVER,
  parseMarks,
  parseProof,
  parseUser,
  RESULT_PURPOSE,
  type ResponsePayload,
  TOKEN_PARAMETER,
} from '../core'
import type { PostLoginApi, PostLoginEvent } from './auth0'
import { endAfterLink, planEnding } from './end-sessions'
import { link } from './link'
import { log } from './log'
import { createManagement } from './management'
import { OFFER_KEY, type Offer } from './offer'
import { reportLink } from './report'
import type { Settings } from './settings'
import { seconds } from './time'

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
  const offer: Offer | null = JSON.parse(`${event.transaction?.metadata?.[OFFER_KEY] ?? null}`)
  // An answer counts once.
  api.transaction?.setMetadata(OFFER_KEY, null)
  if (!answer) return log('answer_not_valid')
  const user = parseUser(event.user)
  const isLink = answer.result === 'link'
  const candidate = offer && isLink && findOffered(answer, offer)
  if (!offer || answer.txn !== offer.txn || answer.sub !== user.user_id || (isLink && !candidate)) {
    log('answer_impossible')
    // Says nothing about what was wrong: whoever forged an answer reads it.
    return api.access.deny('Sign-in could not be completed. Please start again.')
  }
  if (answer.result === 'declined') {
    const at = seconds()
    const until = answer.never ? NEVER : at + settings.declineLife
    const others = offer.candidates.map(({ user_id }) => user_id)
    const marks = await addDeclines(user, others, { until, at, client: event.client.name })
    api.user.setAppMetadata(marksKeyOf(user), marks)
    return log('declined')
  }
  if (!candidate) return

  const pair = ([answer.primary_identity, answer.secondary_identity] as Identity[]).map(
    ({ user_id }) => user_id,
  )
  // All of it takes 8 s at most; Auth0 ends an Action after 20.
  const management = createManagement(settings, api.cache, Date.now() + 8_000, event.request.hostname)
  const proof = parseProof(answer)
  const ending = await planEnding(management, event, offer, proof, pair).catch(() => undefined)
  const { also, more = 0 } = candidate as Partial<CandidateHint>
  const request = {
    pair,
    offeredAt: offer.at,
    provenAt: proof?.authTime,
    further: also && { also, more },
    ending,
  }
  const { primaryId, written, reason } = await link(management, settings, user, request, event.client)
  if (primaryId) {
    const isSwitched = primaryId !== user.user_id
    // Only now: a login switched before a link that then fails would end as nobody.
    if (isSwitched) api.authentication.setPrimaryUser(primaryId)
    if (ending && written) {
      const after = await endAfterLink(management, ending, proof !== undefined)
      const app_metadata = { [written.key]: marksAfter(written.marks, after.ending, after.left) }
      // If this fails, the note from before the link stands, and a later login looks again.
      await management.patch(primaryId, { app_metadata }).catch(() => undefined)
    }
    return reportLink(event, api, settings, primaryId, isSwitched ? offer.current : candidate)
  }
  log('not_linked', { reason })
  // What the page is writing now stays.
  if (reason === 'busy') return
  const isUnknown = reason === 'outcome_unknown'
  // The account that logs in may have become part of the other one: nobody can tell whose login this is.
  if (isUnknown && pair[0] !== user.user_id) return api.access.deny('Please sign in once more.')
  const at = seconds()
  const last = { result: isUnknown ? 'unknown' : 'failed', reason, at }
  // Asked again, the person would sign in twice for nothing.
  const marks = isCertain(reason)
    ? await addDeclines(user, [candidate.user_id], { until: at + settings.declineLife, at, failed: true })
    : parseMarks(user)
  api.user.setAppMetadata(marksKeyOf(user), { ...marks, last })
}

/** The answer, where there is one that the service made for this login. */
function readAnswer(
  api: PostLoginApi,
  { SESSION_TOKEN_SHARED_SECRET: secret, ACCOUNT_LINKING_SERVICE_URL: url }: Settings,
): ResponsePayload | undefined {
  const { origin } = new URL(url)
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
  // JSON tells a text from a list that holds it.
  const nameOf = (identity: unknown) => JSON.stringify(identity, ['user_id', 'provider', 'connection'])
  const pair = [answer.primary_identity, answer.secondary_identity].map(nameOf)
  const at = pair.indexOf(nameOf(current))
  return candidates.find((candidate) => nameOf(candidate) === pair[1 - at])
}
