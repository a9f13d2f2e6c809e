import {
  bytesOf,
  type Candidate,
  decidingKinds,
  dueFactors,
  findUser,
  isLookedAt,
  type LastOutcome,
  type LinkingUser,
  type LinkPolicy,
  lookedKey,
  parseEnding,
  parseMarks,
  parseUser,
  REQUEST_PURPOSE,
  selectCandidates,
  TOKEN_PARAMETER,
  withEnded,
  withRights,
} from '../core'
import { ACCOUNT_CHECKS } from '../core/rules/checks'
import { goOnAdopting } from './adoption'
import type { PostLoginApi, PostLoginEvent } from './auth0'
import { endBeforeOffer, goOnEnding } from './end-sessions'
import { proofAt } from './link'
import { log } from './log'
import { createManagement, type Management } from './management'
import { OFFER_KEY, type Offer } from './offer'
import { isServiceReady } from './service-health'
import type { Settings } from './settings'
import { seconds } from './time'
import { uiLocalesOf } from './ui-locales'
import { writeMarks } from './write-marks'

/** Seconds. */
const DAY = 86_400
/** What discovery may add to a login at most, in milliseconds. */
const DISCOVERY_MS = 2_500
/** Bytes that the candidates may take: with the rest of the session token, its address stays under 4 kB. */
const MAX_CANDIDATES_BYTES = 1_800
/** Life of a session token in seconds: enough for a slow phone's way to the linking service. */
const TOKEN_LIFE = 120

/**
 * Continues to end what is left of the account's earlier sessions. Then looks for other accounts of the person who has just
 * logged in and, if there are some to offer, sends the browser to the linking service. A login with nothing to do costs no call;
 * one that is looked at costs one lookup.
 *
 * @param event - The login.
 * @param api - What may be done to it.
 * @param settings - The operator's settings.
 * @throws {CallFailure} If the lookup did not succeed; the caller lets the login go on.
 * @see {@link https://auth0.com/docs/customize/actions/redirect-with-actions Redirect with Actions}
 */
export async function discover(event: PostLoginEvent, api: PostLoginApi, settings: Settings): Promise<void> {
  const deadline = Date.now() + DISCOVERY_MS
  const management = createManagement(settings, api.cache, deadline, event.request.hostname)
  let user = parseUser(event.user)
  askForFactor(event, api, settings, user)
  const noted = parseEnding(user)
  if (noted) {
    const ending = await goOnEnding(management, noted)
    // Nothing is linked until it has ended.
    if (ending) return writeMarks(api, user, { ...parseMarks(user), ending })
    user = withEnded(user)
    writeMarks(api, user, parseMarks(user))
  }
  await goOnAdopting(settings, management, user)
  const [own] = user.identities
  if (!own || !isEligible(event, api, settings, user)) return
  const now = seconds()
  const key = await lookedKey(user, settings.policy)
  if (isLookedAt(user, key, now, settings.markLife)) return

  const found = await management.findUsers(user.email)
  // The event knows neither the number of logins nor what another program wrote a moment ago.
  const read = findUser(found, user.user_id) ?? user
  // The tenant still holds the note of what has ended: the platform writes it when the login continues.
  const fresh = noted ? withEnded(read) : read
  const { candidates, lookAgainAt } = await findCandidates(event, settings, management, fresh, found)
  const marks = parseMarks(fresh)
  if (!candidates[0]) return writeMarks(api, fresh, { ...marks, looked: { until: lookAgainAt, key } })
  if (settings.mode === 'observe') return log('would_offer', { count: `${candidates.length}` })
  if (!(await isServiceReady(settings, api.cache, deadline))) return log('service_not_offering')

  // Dated before the lookup, so that what the page takes apart meanwhile counts as later. The current identity is the user's own, so
  // that id, provider and connection are those of one entry.
  const offer: Offer = { txn: crypto.randomUUID(), at: now, current: own, candidates }
  api.transaction?.setMetadata(OFFER_KEY, JSON.stringify(offer))
  const token = sessionToken(event, api, settings, offer, marks.last)
  api.redirect.sendUserTo(settings.ACCOUNT_LINKING_SERVICE_URL, { query: { [TOKEN_PARAMETER]: token } })
}

/**
 * Asks for a second factor if a link took one, and the account has none yet. The platform does so once the Actions have run. A login
 * without a browser, and one that proves an account to the linking service, goes on without.
 */
function askForFactor(event: PostLoginEvent, api: PostLoginApi, settings: Settings, user: LinkingUser): void {
  const due = dueFactors(user)
  const isProof = event.client.metadata?.account_linking === 'true'
  if (due && settings.mode !== 'off' && !isProof && api.redirect.canRedirect())
    api.authentication.enrollWithAny?.(due.map((type) => ({ type })))
}

/** Whether other accounts are to be looked for at this login. To find out costs no call. */
function isEligible(
  event: PostLoginEvent,
  api: PostLoginApi,
  settings: Settings,
  user: LinkingUser,
): boolean {
  const mark = event.client.metadata?.account_linking
  return (
    settings.mode !== 'off' &&
    // The linking service's own client, whose login is a proof.
    mark !== 'true' &&
    // An application that wants no offers.
    mark !== 'off' &&
    (!event.organization || settings.organizations) &&
    api.redirect.canRedirect() &&
    // The offer is remembered there: without it every answer would be one to nothing.
    Boolean(event.transaction && api.transaction) &&
    mayLinkHere(event, user) &&
    !Object.values(ACCOUNT_CHECKS).some(({ ofEither }) => ofEither?.(user, settings))
  )
}

/**
 * Whether the second factor of an account, if it has one, was used at this login. Auth0 asks for it only after this redirect, so an
 * account whose factor was not used is left to the page.
 */
const mayLinkHere = ({ authentication }: PostLoginEvent, { multifactor }: LinkingUser): boolean =>
  !multifactor?.length || (authentication?.methods?.some(({ name }) => name === 'mfa') ?? false)

/**
 * Selects the accounts to offer, as many as fit into a session token.
 *
 * @param fresh - The user who logs in, as read now.
 * @param found - Every user with the same address.
 * @returns With them, until when the account need not be looked at again if there are none, in seconds since the epoch.
 */
async function findCandidates(
  event: PostLoginEvent,
  { policy, markLife }: Settings,
  management: Management,
  fresh: LinkingUser,
  found: LinkingUser[],
): Promise<{ candidates: Candidate[]; lookAgainAt: number }> {
  const mayLink = (user: LinkingUser) => mayLinkHere(event, user)
  // The event may not know of a factor that was enrolled a moment ago.
  const open = mayLink(fresh) ? found.filter(mayLink) : []
  const others = open.filter(({ user_id }) => user_id !== fresh.user_id)
  const offerable = await endBeforeOffer(management, others)
  const now = seconds()
  const proof = proofAt(event.client)
  const select = ([current = fresh, ...others]: LinkingUser[]) =>
    selectCandidates(current, others, policy, now, proof)
  const first = await select([fresh, ...offerable])
  const { candidates, declinedUntil } = first.candidates[0]
    ? await select(await readOffered(event, management, policy, [fresh, ...offerable], first.candidates))
    : first
  while (bytesOf(candidates) > MAX_CANDIDATES_BYTES) candidates.pop()
  // If an account was left out because it has a second factor, look again after a day.
  const life = open.length < found.length ? Math.min(markLife, DAY) : markLife
  return { candidates, lookAgainAt: Math.min(now + life, declinedUntil) }
}

/**
 * Reads what the account and those to be offered hold. What cannot be read in time is read before the link.
 *
 * @returns The account, those to be offered, and the others as they were.
 */
async function readOffered(
  event: PostLoginEvent,
  management: Management,
  policy: LinkPolicy,
  [current, ...others]: [LinkingUser, ...LinkingUser[]],
  candidates: Candidate[],
): Promise<LinkingUser[]> {
  const isCandidate = ({ user_id }: LinkingUser) => candidates.some((each) => each.user_id === user_id)
  const offered = others.filter(isCandidate)
  const users = [{ ...current, ...knownRights(event) }, ...offered]
  const ending = candidates.map(({ stays, user_id }) => (stays === 'current' ? user_id : current.user_id))
  const kinds = decidingKinds(policy)
  const read = await withRights(management, users, kinds, ending, policy.memberships === 'carry').catch(
    () => [current, ...offered],
  )
  return [...read, ...others.filter((user) => !isCandidate(user))]
}

/** What the event says of what the account holds: it names roles of a login without an organization, those of groups among them. */
const knownRights = ({ authorization, organization }: PostLoginEvent): Pick<LinkingUser, 'rights'> =>
  authorization?.roles?.length === 0 && !organization ? { rights: { roles: {} } } : {}

/** The token that tells the linking service what is offered to whom. */
function sessionToken(
  event: PostLoginEvent,
  api: PostLoginApi,
  settings: Settings,
  offer: Offer,
  previous: LastOutcome | undefined,
): string {
  return api.redirect.encodeToken({
    secret: settings.SESSION_TOKEN_SHARED_SECRET,
    expiresInSeconds: TOKEN_LIFE,
    payload: {
      purpose: REQUEST_PURPOSE,
      jti: offer.txn,
      txn: offer.txn,
      client_id: event.client.client_id,
      client_name: event.client.name,
      email: event.user.email,
      continue_url: `https://${event.request.hostname}/continue`,
      organization: event.organization?.id,
      ui_locales: uiLocalesOf(event),
      previous,
      current_identity: offer.current,
      candidate_identities: offer.candidates,
    },
  })
}
