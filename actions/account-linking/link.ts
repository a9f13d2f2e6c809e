import {
  decideLink,
  findUser,
  holds,
  type Identity,
  idOf,
  type LinkFailure,
  type LinkingUser,
  type LinkRefusal,
  lookedKey,
  MARKS_KEY,
  parseMarks,
  parseUser,
  prepareLink,
} from '../../lib/linking'
import { findUsers } from './find-users'
import { isFinal, isRefusal, type Management, type ManagementError, pathOf } from './management'
import type { Settings } from './settings'
import { seconds } from './time'

/** The account that stayed, or why nothing was linked; `outcome_unknown` where even the reads after a lost answer failed. */
export type LinkOutcome =
  | { primaryId: string; reason?: undefined }
  | { primaryId?: undefined; reason: LinkRefusal | LinkFailure }

/**
 * Links two users whose accounts were both just signed in to: reads both, decides, writes the snapshot and what is carried
 * over to the account that stays, links, and looks at the answer. Three calls of the Management API where nothing
 * goes wrong.
 *
 * @param management - The Management API.
 * @param settings - The operator's rules.
 * @param user - The user who logs in.
 * @param candidateId - The other one's user id.
 * @param promisedStay - Which account the person was told stays: `current` or `candidate`.
 * @param client_id - The application whose login this is.
 * @returns The outcome, whatever happens at the tenant.
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/user-account-linking/link-user-accounts Link User Accounts}
 */
export async function link(
  management: Management,
  { policy, markLife }: Settings,
  { user_id: currentId, email }: LinkingUser,
  candidateId: string,
  promisedStay: string,
  client_id: string,
): Promise<LinkOutcome> {
  const isLinked = (user: LinkingUser) => holds(user, currentId) && holds(user, candidateId)
  try {
    const found = await findUsers(management, email)
    const current = findUser(found, currentId)
    const candidate = findUser(found, candidateId)
    // Two logins at once, or an answer lost earlier: the link may be there already.
    const both = found.find(isLinked)
    if (both) return { primaryId: both.user_id }
    if (!current || !candidate) return { reason: 'not_available' }

    const decision = decideLink(current, candidate, policy)
    if (decision.reason) return decision
    if (decision.stays !== promisedStay) return { reason: 'decision_changed' }
    const [primary, secondary] = decision.stays === 'current' ? [current, candidate] : [candidate, current]
    const now = seconds()
    const patch = await prepareLink(primary, secondary, policy, now, { way: 'login', client_id })
    if (!patch) return { reason: 'metadata_too_large' }
    const identities = [...primary.identities, ...secondary.identities]
    // A third account is still to be offered at the next login.
    const until = found.length > 2 ? now : now + markLife
    const looked = { until, key: await lookedKey({ email, identities }, policy) }
    const app_metadata = {
      ...patch.app_metadata,
      [MARKS_KEY]: { ...parseMarks(primary), last: undefined, looked },
    }
    const path = pathOf(primary.user_id)
    const written = parseUser(await management.call('PATCH', path, { ...patch, app_metadata }))
    if (!Object.keys(app_metadata).every((key) => key in written.app_metadata))
      return { reason: 'management_failed' }
    // Since it was read, the account that stays may have been linked by another login, or blocked.
    const reason =
      !isLinked(written) &&
      (decideLink(written, secondary, policy).reason ??
        (await makeLink(management, path, secondary.identities[0] as Identity, isLinked)))
    return reason ? { reason } : { primaryId: primary.user_id }
  } catch (error) {
    return { reason: failureOf(error as ManagementError) }
  }
}

/** Links; where the answer does not say that it worked, reads, and tries once more only if the link is not there. */
async function makeLink(
  { call, pause }: Management,
  path: string,
  { provider, user_id }: Identity,
  isLinked: (user: LinkingUser) => boolean,
): Promise<LinkFailure | undefined> {
  const identity = { provider, user_id: idOf(user_id) }
  for (let mayRepeat = true; ; mayRepeat = false) {
    let failure: ManagementError | undefined
    try {
      if (isLinked(parseUser({ identities: await call('POST', `${path}/identities`, identity, false) })))
        return
    } catch (error) {
      failure = error as ManagementError
    }
    // 409 is said of an identity that is linked already, perhaps by the very call whose answer was lost.
    if (!isRefusal(failure) || failure.status === 409) {
      try {
        if (isLinked(parseUser(await call('GET', path)))) return
      } catch {
        return 'outcome_unknown'
      }
    }
    if (isFinal(failure) || !mayRepeat || !(await pause(failure))) return failureOf(failure)
  }
}

function failureOf(error: ManagementError | undefined): LinkFailure {
  if (error?.status === 403) return 'missing_scope'
  return isFinal(error) ? 'link_refused' : 'management_failed'
}
