/**
 * Connects an account that the person has just proved ownership of.
 * @module
 */
import 'server-only'
import { decideConnect, type Ending, hasIdentity, hasNoRights } from '../../../core'
import type { ManagementApi } from '../../auth0/management-api'
import { scheduleLinkCheck } from '../../jobs/plan-look'
import type { Session } from '../../session/session'
import { fallBackIfStoreDown } from '../../store/or-fallback'
import { refusalOf, SettingsRefusedError } from '../account-refusal'
import { emitAccountEvent, emitLinkRefused, toEventAccount } from '../emit-account-event'
import { endAccessAfterLink, planEnding, retryAfterEnding } from '../end-sessions/end-access'
import { commitLink, linkAccounts, toLinkIdentity } from '../link/link-accounts'
import type { CallServices, SignInServices } from '../services'
import { assertFreshEnough, managementApiFor, sessionMark } from '../session-account'
import { withAccountLock } from '../with-account-lock'
import { type ConnectPlan, planConnect } from './connect-plan'
import type { ProvenFlow } from './proven-account'

/** How long we remember that a flow has connected its account, in seconds. That is longer than a flow can be open. */
const CONNECTED_FLOW_SECONDS = 3600

/**
 * Connects the account that was proven in a flow, under locks on both accounts: writes the snapshot (what we keep of the
 * secondary account) and the carried fields, links, checks the result, ends older sessions, and emits an event.
 *
 * @param agreed - {@link ConnectPlan.digest} of what the person agreed to.
 * @returns The plan that was carried out; undefined if the two accounts were connected already.
 * @throws {SettingsRefusedError} `reauth_required` if the last sign-in is too old, `changed` if the accounts are no longer
 *   as they were shown, `already_used` if this flow had connected them and the link was undone since; otherwise the reason
 *   why they cannot be connected.
 * @throws {ManagementApiError}
 * @throws {LinkingError} `store_unavailable`, `rate_limited`
 */
export async function connectAccount(
  services: SignInServices,
  session: Session,
  flow: ProvenFlow,
  agreed: string,
): Promise<ConnectPlan | undefined> {
  assertFreshEnough(services, session)
  const api = managementApiFor(services, session, 'change')
  try {
    const both = [session.userId, flow.proof.userId]
    const done = await retryAfterEnding(services, both, () =>
      withAccountLock(services, both, () => carryOut(services, api, session, flow, agreed)),
    )
    if (done) await afterwards(services, done)
    return done?.plan
  } catch (error) {
    emitLinkRefused(services, session, refusalOf(error), flow.proof)
    throw error
  }
}

async function carryOut(
  services: SignInServices,
  api: ManagementApi,
  session: Session,
  flow: ProvenFlow,
  agreed: string,
): Promise<Connected | undefined> {
  const plan = await planConnect(services, api, session, flow)
  if (!plan) return undefined
  const usedKey = `connected:${flow.handle}`
  if (await services.store.isTaken(usedKey)) throw new SettingsRefusedError('already_used')
  if (plan.digest !== agreed) throw new SettingsRefusedError('changed')
  const { authTime, sid } = flow.proof
  const ending = await planEnding(
    services,
    [plan.primary.user_id, plan.secondary.user_id],
    api.tenantNow() + 1,
    [session.sid, sid],
    sid === undefined ? authTime : undefined,
  )
  const identity =
    flow.proof.idToken && plan.secondary.user_id === flow.proof.userId
      ? { link_with: flow.proof.idToken }
      : await toLinkIdentity(services, api, plan.secondary)
  // If this process dies before the link is made, a job takes back the rights that it gave to the primary account.
  const look = hasNoRights(plan.rights.given)
    ? undefined
    : await scheduleLinkCheck(services.jobs, plan.primary.user_id, plan.secondary.user_id)
  const { policy } = services
  const written = await linkAccounts(services, api, plan, {
    ...{ identity, ending },
    by: await sessionMark(session),
    recheck: (primary, secondary) => decideConnect(primary, secondary, policy).reason,
  })
  await look?.drop()
  const before = api.tenantNow() + 1
  await fallBackIfStoreDown(services.store.take(usedKey, CONNECTED_FLOW_SECONDS), false)
  await commitLink(services, api, plan, written)
  return { plan, ending, before }
}

/** A link that was made, the sessions that end after it, and the second after the tenant confirmed it, by its clock. */
interface Connected {
  plan: ConnectPlan
  ending: Ending | undefined
  before: number
}

/**
 * Whether the account of the session is now part of the account that was proven. That is so if the form is submitted a
 * second time, and the proven account became the primary one the first time.
 *
 * @throws {ManagementApiError}
 */
export async function hasMoved(
  services: CallServices,
  session: Session,
  { proof }: ProvenFlow,
): Promise<boolean> {
  return hasIdentity(
    await managementApiFor(services, session, 'change').getUser(proof.userId),
    session.userId,
  )
}

/** Emits the event and ends older sessions, except the session of the page and the one that started with the proof. */
async function afterwards(
  services: SignInServices,
  { plan: { primary, secondary }, ending, before }: Connected,
): Promise<void> {
  emitAccountEvent(services, {
    type: 'account.linked',
    userId: primary.user_id,
    email: primary.email,
    other: toEventAccount(secondary),
  })
  if (ending) await endAccessAfterLink(services, primary.user_id, { ...ending, before }, ending.before)
}
