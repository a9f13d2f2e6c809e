/**
 * What the Action does when the browser comes back from the linking service with a response token. The offer (the accounts
 * that may be linked) is in the login's transaction. What later logins need to know goes to the user's marks, in
 * `app_metadata`.
 * @module
 */
import {
  addDeclines,
  failsFor,
  type Identity,
  type LinkFailure,
  type LinkingUser,
  type LinkRefusal,
  marksAfter,
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
import { OFFER_KEY, type Offer, type OfferedAccount } from './offer'
import { reportLink } from './report'
import type { Settings } from './settings'
import { seconds } from './time'
import { writeMarks } from './write-marks'

/** Milliseconds that a link may take. Auth0 stops an Action after 20 s. */
const LINK_MS = 15_000

/**
 * Handles the linking service's response token. The token is no permission: it must match the offer, and the Action decides
 * again whether to link. If there is no token, or it does not verify, the login goes on. If it does not match the offer, the
 * login is denied.
 *
 * @param event - The login, resumed.
 * @param api - Auth0's `api` for the login.
 * @param settings - The operator's settings.
 * @see {@link https://auth0.com/docs/customize/actions/redirect-with-actions Redirect with Actions, resuming}
 */
export async function resume(event: PostLoginEvent, api: PostLoginApi, settings: Settings): Promise<void> {
  const answer = readAnswer(api, settings)
  const offer: Offer | null = JSON.parse(`${event.transaction?.metadata?.[OFFER_KEY] ?? null}`)
  // Delete the offer, so that this login accepts no second response token.
  api.transaction?.setMetadata(OFFER_KEY, null)
  if (!answer) return log('answer_not_valid')
  const user = parseUser(event.user)
  const match = offer && matchOffer(answer, offer, user)
  if (!match) {
    log('answer_impossible')
    // Do not say what was wrong: a person who forged a token would read it.
    return api.access.deny('Sign-in could not be completed. Please start again.')
  }
  if (answer.result === 'declined') return decline(event, api, settings, user, offer, answer)
  if (match.candidate) return apply(event, api, settings, user, offer, answer, match.candidate)
}

/** Reads the response token; undefined unless the service signed it for this login. */
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
    // There is no token, or it does not verify. Do not log the error: it may quote the token.
  }
}

/**
 * Compares a response token with the offer.
 *
 * @returns `candidate` is set if the result is `link`. Undefined if the token is for another offer, or does not name exactly the
 *   current identity and a candidate as offered.
 */
function matchOffer(
  answer: ResponsePayload,
  { txn, current, candidates }: Offer,
  { user_id }: LinkingUser,
): { candidate?: OfferedAccount } | undefined {
  if (answer.txn !== txn || answer.sub !== user_id) return
  if (answer.result !== 'link') return {}
  const named = nameOf([answer.primary_identity, answer.secondary_identity])
  const candidate = candidates.find((each) =>
    [nameOf([current, each]), nameOf([each, current])].includes(named),
  )
  return candidate && { candidate }
}

/** Identities as JSON, for comparison: JSON tells a string from a list that holds it. */
const nameOf = (identities: (Identity | undefined)[]): string =>
  JSON.stringify(identities, ['user_id', 'provider', 'connection'])

/** Stores that the person declined the offered accounts, for a time or forever. */
async function decline(
  event: PostLoginEvent,
  api: PostLoginApi,
  settings: Settings,
  user: LinkingUser,
  offer: Offer,
  answer: ResponsePayload,
): Promise<void> {
  const at = seconds()
  const until = answer.never ? NEVER : at + settings.declineLife
  const others = offer.candidates.map(({ user_id }) => user_id)
  writeMarks(api, user, await addDeclines(user, others, { until, at, client: event.client.name }))
  log('declined')
}

/** Links the accounts that the response token names, and updates the login accordingly. */
async function apply(
  event: PostLoginEvent,
  api: PostLoginApi,
  settings: Settings,
  user: LinkingUser,
  offer: Offer,
  answer: ResponsePayload,
  candidate: OfferedAccount,
): Promise<void> {
  const pair = [answer.primary_identity, answer.secondary_identity].map((identity) => identity?.user_id ?? '')
  const management = createManagement(settings, api.cache, Date.now() + LINK_MS, event.request.hostname)
  const proof = parseProof(answer)
  const ending = await planEnding(management, event, offer, proof, pair).catch(() => undefined)
  const request = { pair, offeredAt: offer.at, offered: candidate, proof, ending }
  const { primaryId, written, reason } = await link(management, settings, user, request, event)
  if (reason) return explain(api, settings, user, pair, candidate, reason)
  const isSwitched = primaryId !== user.user_id
  // Switch only after the link: if the link failed, a switched login would end without a user.
  if (isSwitched) api.authentication.setPrimaryUser(primaryId)
  if (ending && written) {
    const after = await endAfterLink(management, ending, proof !== undefined)
    const app_metadata = { [written.key]: marksAfter(written.marks, after.ending, after.left) }
    // If this write fails, the `ending` mark from before the link remains, and a later login ends the sessions.
    await management.patch(primaryId, { app_metadata }).catch(() => undefined)
  }
  // A switched login continues as another user. That user is asked to set up a second factor at the next login.
  const due = !isSwitched && written?.marks.enroll?.factors
  if (due) api.authentication.enrollWithAny?.(due.map((type) => ({ type })))
  return reportLink(event, api, settings, primaryId, isSwitched ? offer.current : candidate)
}

/** Stores why nothing was linked, for the next prompt. Denies the login if it may now belong to another account. */
async function explain(
  api: PostLoginApi,
  settings: Settings,
  user: LinkingUser,
  [primaryId]: string[],
  { user_id }: Identity,
  reason: LinkRefusal | LinkFailure,
): Promise<void> {
  log('not_linked', { reason })
  // The page "Sign-in methods" is changing the account right now: do not overwrite what it writes.
  if (reason === 'busy') return
  const isUnknown = reason === 'outcome_unknown'
  // The account of this login may be part of the primary account by now, so it is unclear whose login this is.
  if (isUnknown && primaryId !== user.user_id) return api.access.deny('Please sign in once more.')
  const at = seconds()
  // If the link would fail again, do not offer it: the person would sign in twice for nothing.
  const pause = failsFor(reason, settings.declineLife)
  const marks =
    pause > 0 ? await addDeclines(user, [user_id], { until: at + pause, at, failed: true }) : parseMarks(user)
  writeMarks(api, user, { ...marks, last: { result: isUnknown ? 'unknown' : 'failed', reason, at } })
}
