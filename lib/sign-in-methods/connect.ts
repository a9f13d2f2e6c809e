/**
 * Connecting an account that was just proven.
 * @module
 */
import 'server-only'
import {
  adoptionSteps,
  carryOutLink,
  decideConnect,
  type Ending,
  enrollAfter,
  holds,
  type Identity,
  idOf,
  isNone,
  type Marks,
  type Metadata,
  marksKeyOf,
  type PreparedLink,
  parseMarks,
  rightsSteps,
  withEnded,
} from '../../core'
import type { Account } from '../auth0/account'
import type { IdentityToLink, ManagementApi } from '../auth0/management-api'
import { planLook } from '../jobs/plan-look'
import type { Services } from '../link-flow/services'
import type { Session } from '../session/session'
import { orFallback } from '../store/or-fallback'
import { Refused, refusalOf } from './account-refusal'
import { commitOpen } from './adoption'
import { type ConnectPlan, planConnect } from './connect-plan'
import { provingConnections } from './connections'
import { emitAccountEvent, emitLinkRefused, toEventAccount } from './emit-account-event'
import { afterEnding, endOlder, planEnding } from './end-access'
import type { ProvenFlow } from './proven-account'
import { rightsCalls } from './rights-calls'
import type { CallServices, SignInServices } from './services'
import { assertFreshEnough, managementApiFor, sessionMark } from './session-account'
import { withAccountLock } from './with-account-lock'

/** How long a flow that connected is remembered, in seconds: longer than it can be open. */
const CONNECTED_FLOW_SECONDS = 3600

/**
 * Connects the account that a flow proved, under locks on both accounts: writes the snapshot and the carried fields, links, checks
 * the result, ends older sessions, and emits an event.
 *
 * @param agreed - {@link ConnectPlan.digest} of what the person agreed to.
 * @returns What was done; undefined if the two were connected already.
 * @throws {Refused} `changed` if the accounts are no longer as they were shown, `already_used` if this flow connected them before and
 *   that was undone since; otherwise the reason why they cannot be connected.
 * @throws {ManagementApiError}
 * @throws {LinkingError} `store_unavailable`
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
    const done = await afterEnding(services, both, () =>
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
  if (await services.store.isTaken(usedKey)) throw new Refused('already_used')
  if (plan.digest !== agreed) throw new Refused('changed')
  const { authTime, sid } = flow.proof
  const ending = await planEnding(
    services,
    [plan.primary.user_id, plan.secondary.user_id],
    api.tenantNow() + 1,
    [session.sid, sid],
    sid === undefined ? authTime : undefined,
  )
  const app_metadata = await link(services, api, session, flow, plan, ending)
  const before = api.tenantNow() + 1
  await orFallback(services.store.take(usedKey, CONNECTED_FLOW_SECONDS), false)
  const identities = [...plan.primary.identities, ...plan.secondary.identities]
  // What is not noted is sent again at the next view of the page.
  await commitOpen(services, api, { ...plan.primary, app_metadata, identities }).catch(() => undefined)
  return { plan, ending, before }
}

/** A link that was made, what ends after it, and when it was made, as the second after the tenant's answer. */
interface Connected {
  plan: ConnectPlan
  ending: Ending | undefined
  before: number
}

/** @returns What was written to the account that stays. */
async function link(
  services: SignInServices,
  api: ManagementApi,
  session: Session,
  flow: ProvenFlow,
  plan: ConnectPlan,
  ending: Ending | undefined,
): Promise<Metadata> {
  const { policy } = services
  const { primary, secondary } = plan
  const patch = patchFor(plan, policy, await sessionMark(session), ending)
  const identity = await nameForTenant(services, api, secondary, flow)
  const body = patch?.body ?? { app_metadata: {} }
  const rights = await rightsSteps(rightsCalls(services, api), primary, secondary, plan.rights)
  // For the case that this process ends in the middle.
  const look = isNone(plan.rights.given)
    ? undefined
    : await planLook(services.jobs, primary.user_id, secondary.user_id)
  const failure = await carryOutLink(
    {
      read: (userId) => api.readUser(userId),
      // Even if nothing is written, read the account once more.
      patch: (userId, body) => (patch ? api.patchUser(userId, body) : api.readUser(userId)),
      link: (userId) => api.linkIdentity(userId, identity),
      pause: (cause) => api.pause(cause),
    },
    primary,
    secondary,
    body,
    {
      ...adoptionSteps(primary, body.app_metadata, rights, services.adopt, (id, change) =>
        api.patchUser(id, change),
      ),
      recheck: (written) =>
        decideConnect({ ...withEnded(written), rights: primary.rights }, secondary, policy).reason,
    },
  )
  if (!failure) {
    await look?.drop()
    return body.app_metadata
  }
  // Nothing was linked, so nothing should end. If this fails, older sessions end nevertheless.
  if (patch && ending && failure !== 'outcome_unknown')
    await api
      .patchUser(primary.user_id, {
        app_metadata: {
          [marksKeyOf(primary)]: { ...patch.marks, ending: undefined, enroll: parseMarks(primary).enroll },
        },
      })
      .catch(() => undefined)
  throw new Refused(failure)
}

/**
 * What is written to the account that stays, with its marks; nothing if the person's own token links.
 *
 * @param by - The mark of the session in which this is done.
 * @param ending - What ends after the link.
 */
function patchFor(
  { primary, secondary, at, patch, rights }: ConnectPlan,
  policy: Services['policy'],
  by: string | undefined,
  ending: Ending | undefined,
): { body: PreparedLink['patch']; marks: Marks } | undefined {
  if (!patch) return undefined
  const before = parseMarks(primary).changed?.before
  const marks: Marks = {
    ...parseMarks(primary),
    last: undefined,
    looked: undefined,
    ...enrollAfter(rights, policy, at, secondary.user_id),
    // An earlier unlink still counts.
    ...(by && { changed: { at, by, ...(before !== undefined && { before }) } }),
    ending,
  }
  return { body: { ...patch, app_metadata: { ...patch.app_metadata, [marksKeyOf(primary)]: marks } }, marks }
}

/** How to name the identity for the tenant. */
async function nameForTenant(
  services: Services,
  api: ManagementApi,
  secondary: Account,
  { proof }: ProvenFlow,
): Promise<IdentityToLink> {
  if (proof.idToken && secondary.user_id === proof.userId) return { link_with: proof.idToken }
  const { provider, user_id, connection } = secondary.identities[0] as Identity
  const identity = { provider, user_id: idOf(user_id) }
  if (provider !== 'auth0') return identity
  // Two databases may hold the same id.
  const databases = (await provingConnections(services, api)).filter(({ strategy }) => strategy === 'auth0')
  const id = databases.find(({ name }) => name === connection)?.id
  return databases.length > 1 && id ? { ...identity, connection_id: id } : identity
}

/**
 * Whether the account of a session has become part of the one that a flow proved, because the form was sent before and that one
 * stayed.
 *
 * @throws {ManagementApiError}
 */
export async function hasMoved(
  services: CallServices,
  session: Session,
  { proof }: ProvenFlow,
): Promise<boolean> {
  return holds(await managementApiFor(services, session, 'change').getUser(proof.userId), session.userId)
}

/** Emits the event, and ends older sessions, except the session of the page and the one that the proof began. */
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
  if (ending) await endOlder(services, primary.user_id, { ...ending, before }, ending.before)
}
