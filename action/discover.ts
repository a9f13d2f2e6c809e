/**
 * What the Action does at each login: it finds the accounts that may be linked, and sends the browser to the linking
 * service. What it learns for later logins it writes to the user's marks (in `app_metadata`). `rights` are roles,
 * permissions, memberships of organizations, and second factors.
 * @module
 */
import {
  bytesOf,
  type Candidate,
  factorsToEnroll,
  findUser,
  isLookedAt,
  type LastOutcome,
  type LinkingUser,
  type LinkPolicy,
  lookupMarkHash,
  parseEnding,
  parseMarks,
  parseUser,
  REQUEST_PURPOSE,
  readRightsForOffer,
  selectCandidates,
  TOKEN_PARAMETER,
  withoutEndingMark,
} from '../core'
import { ACCOUNT_CHECKS } from '../core/rules/checks'
import { goOnAdopting } from './adoption'
import type { PostLoginApi, PostLoginEvent } from './auth0'
import { continueEnding, endBeforeOffer } from './end-sessions'
import { mayLinkHere, proofAt } from './link'
import { log } from './log'
import { createManagement, type Management } from './management'
import { OFFER_KEY, type Offer } from './offer'
import { isServiceReady } from './service-health'
import type { Settings } from './settings'
import { seconds } from './time'
import { uiLocalesOf } from './ui-locales'
import { writeMarks } from './write-marks'

/** A day in seconds. */
const DAY = 86_400
/** Milliseconds that discovery may add to a login. */
const DISCOVERY_MS = 2_500
/** The most bytes of JSON for the candidates, so that the URL with the session token stays under 4 kB. */
const MAX_CANDIDATES_BYTES = 1_880
/** Life of a session token in seconds: enough for a slow phone to reach the linking service. */
const TOKEN_LIFE = 120

/**
 * Ends sessions that an earlier link or unlink left open, then looks for other accounts of the person who has just logged in,
 * and sends the browser to the linking service if there are some to offer. Makes no API call if there is nothing to do. A login
 * with no other account makes one lookup.
 *
 * @param event - The login.
 * @param api - Auth0's `api` for the login.
 * @param settings - The operator's settings.
 * @throws {CallFailure} If the lookup failed; the caller lets the login go on.
 * @see {@link https://auth0.com/docs/customize/actions/redirect-with-actions Redirect with Actions}
 */
export async function discover(event: PostLoginEvent, api: PostLoginApi, settings: Settings): Promise<void> {
  const deadline = Date.now() + DISCOVERY_MS
  const management = createManagement(settings, api.cache, deadline, event.request.hostname)
  let user = parseUser(event.user)
  askForFactor(event, api, settings, user)
  const noted = parseEnding(user)
  if (noted) {
    const ending = await continueEnding(management, noted)
    // Offer nothing as long as a session or refresh token is left open.
    if (ending) return writeMarks(api, user, { ...parseMarks(user), ending })
    user = withoutEndingMark(user)
    writeMarks(api, user, parseMarks(user))
  }
  await goOnAdopting(settings, management, user)
  const [own] = user.identities
  if (!own || !isEligible(event, api, settings, user)) return
  const now = seconds()
  const key = await lookupMarkHash(user, settings.policy)
  if (isLookedAt(user, key, now, settings.markLife)) return

  const found = await management.findUsers(user.email)
  // Prefer the user that was just read: `event.user` has no `logins_count`, and misses what another program has just
  // written.
  const read = findUser(found, user.user_id) ?? user
  // The tenant still has the `ending` mark that was removed above: Auth0 writes new marks only when the login continues.
  const fresh = noted ? withoutEndingMark(read) : read
  const { candidates, lookAgainAt } = await findCandidates(event, settings, management, fresh, found)
  const marks = parseMarks(fresh)
  if (!candidates[0]) return writeMarks(api, fresh, { ...marks, looked: { until: lookAgainAt, key } })
  if (settings.mode === 'observe') return log('would_offer', { count: `${candidates.length}` })
  if (!(await isServiceReady(settings, api.cache, deadline))) return log('service_not_offering')

  // `at` is from before the lookup, so that an unlink in the meantime counts as later. `current` is the user's first
  // identity and not the login's connection, so that user id, provider and connection belong together.
  const offer: Offer = { txn: crypto.randomUUID(), at: now, current: own, candidates }
  api.transaction?.setMetadata(OFFER_KEY, JSON.stringify(offer))
  const token = sessionToken(event, api, settings, offer, marks.last)
  api.redirect.sendUserTo(settings.ACCOUNT_LINKING_SERVICE_URL, { query: { [TOKEN_PARAMETER]: token } })
}

/**
 * Asks the person to set up a second factor if a link lost one and the account has none. Auth0 shows that page after all
 * Actions. Skips logins without a browser, and logins that prove an account to the linking service.
 */
function askForFactor(event: PostLoginEvent, api: PostLoginApi, settings: Settings, user: LinkingUser): void {
  const due = factorsToEnroll(user)
  const isProof = event.client.metadata?.account_linking === 'true'
  if (due && settings.mode !== 'off' && !isProof && api.redirect.canRedirect())
    api.authentication.enrollWithAny?.(due.map((type) => ({ type })))
}

/** Whether to look for other accounts at this login. Makes no API call. */
function isEligible(
  event: PostLoginEvent,
  api: PostLoginApi,
  settings: Settings,
  user: LinkingUser,
): boolean {
  const mark = event.client.metadata?.account_linking
  return (
    settings.mode !== 'off' &&
    // The application is the linking service: this login only proves an account to it.
    mark !== 'true' &&
    // The operator excluded this application.
    mark !== 'off' &&
    (!event.organization || settings.organizations) &&
    api.redirect.canRedirect() &&
    // The offer is stored in the transaction. Without an offer, no response token is valid.
    Boolean(event.transaction && api.transaction) &&
    mayLinkHere(event, user) &&
    !Object.values(ACCOUNT_CHECKS).some(({ ofEither }) => ofEither?.(user, settings))
  )
}

/**
 * Selects the accounts to offer, as many as fit into a session token.
 *
 * @param fresh - The user who logs in, as just read from the tenant.
 * @param found - Every user with the same email address.
 * @returns The accounts. If there are none, logins need not look again before `lookAgainAt` (seconds since the epoch).
 */
async function findCandidates(
  event: PostLoginEvent,
  { policy, markLife, ADOPTION_URL }: Settings,
  management: Management,
  fresh: LinkingUser,
  found: LinkingUser[],
): Promise<{ candidates: Candidate[]; lookAgainAt: number }> {
  const mayLink = (user: LinkingUser) => mayLinkHere(event, user)
  // Check the user that was just read: `event.user` may miss a factor that was just enrolled.
  const open = mayLink(fresh) ? found.filter(mayLink) : []
  const others = open.filter(({ user_id }) => user_id !== fresh.user_id)
  const offerable = await endBeforeOffer(management, others)
  const now = seconds()
  const proof = proofAt(event.client)
  const select = ([current = fresh, ...others]: LinkingUser[]) =>
    selectCandidates(current, others, policy, now, proof, Boolean(ADOPTION_URL))
  const first = await select([fresh, ...offerable])
  const { candidates, lookAgainAt } = first.candidates[0]
    ? await select(await readOffered(event, management, policy, [fresh, ...offerable], first.candidates))
    : first
  while (bytesOf(candidates) > MAX_CANDIDATES_BYTES) candidates.pop()
  // If an account was left out because it has a second factor, look again after a day at most.
  const life = open.length < found.length ? Math.min(markLife, DAY) : markLife
  return { candidates, lookAgainAt: Math.min(now + life, lookAgainAt) }
}

/**
 * Reads the rights of the user who logs in and of the candidates. If that fails, the Action reads them only before the link.
 *
 * @returns The user and the candidates with their rights, then the other accounts unchanged.
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
  const read = await readRightsForOffer(management, users, policy, ending).catch(() => [current, ...offered])
  return [...read, ...others.filter((user) => !isCandidate(user))]
}

/**
 * Returns an empty set of roles if the event shows that the user has none, so that they need not be read. Outside an
 * organization, the event lists all roles, including those of groups.
 */
const knownRights = ({ authorization, organization }: PostLoginEvent): Pick<LinkingUser, 'rights'> =>
  authorization?.roles?.length === 0 && !organization ? { rights: { roles: {} } } : {}

/** Signs the session token, which tells the linking service who logs in and what to offer. */
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
