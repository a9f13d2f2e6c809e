/**
 * Connecting an account that was just proven.
 * @module
 */
import 'server-only'
import type { Account } from '../auth0/account'
import type { IdentityToLink, ManagementApi } from '../auth0/management-api'
import { config } from '../config'
import { carryOutLink, decideConnect, holds, type Identity, idOf, marksKeyOf, parseMarks } from '../linking'
import type { Session } from '../session/session'
import { store } from '../store/store'
import { unlessUnavailable } from '../store/unless-unavailable'
import { type ConnectPlan, type ProvenFlow, planConnect } from './connect-plan'
import { provingConnections } from './connections'
import { endAccess } from './end-access'
import { locked } from './locked'
import { Refused, refusalOf } from './refused'
import { assertFreshEnough, managementApiFor, sessionMark } from './session-account'
import { named, tell, tellRefused } from './tell'

/** How long a flow that connected is remembered, in seconds: longer than it can be open. */
const REMEMBERED = 3600

/**
 * Connects the account that a flow proved, under locks on both accounts: writes what is kept and carried over, links, makes
 * sure, ends what was open before, and tells the operator.
 *
 * @param agreed - {@link ConnectPlan.digest} of what the person agreed to.
 * @returns What was done; undefined where the two were connected already.
 * @throws {Refused} `changed` where the accounts are no longer as they were shown, `already_used` where this flow connected
 *   before and that was undone since; else whatever stands against it.
 * @throws {ManagementApiError}
 * @throws {LinkingError} `store_unavailable`
 */
export async function connectAccount(
  session: Session,
  flow: ProvenFlow,
  agreed: string,
): Promise<ConnectPlan | undefined> {
  assertFreshEnough(session)
  const api = managementApiFor(session)
  try {
    const plan = await locked([session.userId, flow.proof.userId], () => carryOut(api, session, flow, agreed))
    if (plan) await afterwards(session, flow, plan)
    return plan
  } catch (error) {
    tellRefused(session, refusalOf(error), flow.proof)
    throw error
  }
}

async function carryOut(
  api: ManagementApi,
  session: Session,
  flow: ProvenFlow,
  agreed: string,
): Promise<ConnectPlan | undefined> {
  const plan = await planConnect(api, session, flow)
  if (!plan) return undefined
  const usedKey = `connected:${flow.handle}`
  if (await store().isTaken(usedKey)) throw new Refused('already_used')
  if (plan.digest !== agreed) throw new Refused('changed')
  await link(api, session, flow, plan)
  await unlessUnavailable(store().take(usedKey, REMEMBERED), false)
  return plan
}

async function link(
  api: ManagementApi,
  session: Session,
  flow: ProvenFlow,
  plan: ConnectPlan,
): Promise<void> {
  const { policy } = config()
  const { primary, secondary } = plan
  const patch = patchFor(plan, await sessionMark(session))
  const identity = await nameForTenant(api, secondary, flow)
  const failure = await carryOutLink(
    {
      read: (userId) => api.readUser(userId),
      // Where nothing is written, the account is read once more all the same.
      patch: (userId, body) => (patch ? api.patchUser(userId, body) : api.readUser(userId)),
      link: (userId) => api.linkIdentity(userId, identity),
      pause: (cause) => api.pause(cause),
    },
    primary,
    secondary,
    patch ?? { app_metadata: {} },
    (written) => decideConnect(written, secondary, policy).reason,
  )
  if (failure) throw new Refused(failure)
}

/**
 * What is written to the account that stays, with its marks; nothing if the person's own token links.
 *
 * @param by - The session that this is done in, by its mark.
 */
function patchFor({ primary, at, patch }: ConnectPlan, by: string | undefined): ConnectPlan['patch'] {
  if (!patch) return undefined
  const marks = {
    ...parseMarks(primary),
    last: undefined,
    looked: undefined,
    ...(by && { changed: { at, by } }),
  }
  return { ...patch, app_metadata: { ...patch.app_metadata, [marksKeyOf(primary)]: marks } }
}

/** How the tenant is told which identity is meant. */
async function nameForTenant(
  api: ManagementApi,
  secondary: Account,
  { proof }: ProvenFlow,
): Promise<IdentityToLink> {
  if (proof.idToken && secondary.user_id === proof.userId) return { link_with: proof.idToken }
  const { provider, user_id, connection } = secondary.identities[0] as Identity
  const identity = { provider, user_id: idOf(user_id) }
  if (provider !== 'auth0') return identity
  // Two databases may hold the same id.
  const databases = (await provingConnections(api)).filter(({ strategy }) => strategy === 'auth0')
  const id = databases.find(({ name }) => name === connection)?.id
  return databases.length > 1 && id ? { ...identity, connection_id: id } : identity
}

/**
 * Whether the account of a session has become part of the one that a flow proved: the form once more, after that one stayed.
 *
 * @throws {ManagementApiError}
 */
export async function hasMoved(session: Session, { proof }: ProvenFlow): Promise<boolean> {
  return holds(await managementApiFor(session).getUser(proof.userId), session.userId)
}

/** What was open before ends, the flow's own sign-in and the session that this is done from excepted. */
async function afterwards(
  { sid }: Session,
  { openedAt }: ProvenFlow,
  { primary, secondary }: ConnectPlan,
): Promise<void> {
  tell({
    type: 'account.linked',
    userId: primary.user_id,
    email: primary.email,
    other: named(secondary),
  })
  await endAccess([primary.user_id, secondary.user_id], openedAt, sid)
}
