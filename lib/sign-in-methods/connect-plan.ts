/**
 * What connecting an account that was just proven would do.
 * @module
 */
import 'server-only'
import {
  type BothKinds,
  decideConnect,
  decideRights,
  foreignOf,
  hasField,
  hash12,
  holds,
  type Identity,
  isReturning,
  type KeptRights,
  keptNone,
  lossOf,
  mayBeNamed,
  ofBoth,
  type PreparedLink,
  pick,
  prepareLink,
  RIGHTS_KINDS,
  type RightsCalls,
  withRights,
  withRightsForLink,
} from '../../core'
import type { Account } from '../auth0/account'
import type { ManagementApi } from '../auth0/management-api'
import { ManagementApiError } from '../auth0/management-api-error'
import type { Services } from '../link-flow/services'
import type { Session } from '../session/session'
import { Refused } from './account-refusal'
import type { ConnectFlow, ConnectProof } from './connect-flow'
import { assertProofHolds } from './proof-life'
import { rightsCalls } from './rights-calls'
import { nowSeconds } from './seconds'
import type { SignInServices } from './services'
import { assertFactor, readOwnAccount } from './session-account'
import { readSnapshots, snapshotOf } from './snapshots'
import { mustVerify } from './verify-address'

/** The flow, if an account was proven in it. */
export function toProvenFlow(flow: ConnectFlow | undefined): ProvenFlow | undefined {
  return flow?.chosen && flow.proof ? { ...flow, chosen: flow.chosen, proof: flow.proof } : undefined
}

/** Names of metadata fields. */
export type FieldNames = BothKinds<string[]>

const NO_FIELDS: FieldNames = { user_metadata: [], app_metadata: [] }

/** A flow in which an account was proven. */
export type ProvenFlow = ConnectFlow & Required<Pick<ConnectFlow, 'chosen' | 'proof'>>

/** Two accounts as they are now, and what connecting them would do. */
export interface ConnectPlan {
  current: Account
  other: Account
  /** The account that stays, and the one that ends. */
  primary: Account
  secondary: Account
  stays: 'current' | 'candidate'
  /** Whether this flow's own sign-in created the other account, and nothing is given or lost of what it may do. */
  isNew: boolean
  /** Names of the metadata fields of the account that ends: those that the account that stays takes over. */
  carried: FieldNames
  /** Those that are kept for a later restore. */
  kept: FieldNames
  /** Those that are lost, if the person's own token links: it may not write any. */
  lost: FieldNames
  /** When the plan was made, in seconds since the epoch. */
  at: number
  /** What becomes of the rights of the account that ends. */
  rights: KeptRights
  /** What is written to the account that stays; undefined if the person's own token links, which writes nothing. */
  patch: PreparedLink['patch'] | undefined
  /** Changes with the accounts, the one that stays, and every field named, so that people get exactly what they agreed to. */
  digest: string
}

/**
 * Reads both accounts and works out what connecting them would do.
 *
 * @returns The plan; undefined if the other account is part of this one already.
 * @throws {Refused} With the reason why they cannot be connected.
 * @throws {ManagementApiError}
 */
export async function planConnect(
  services: Pick<
    SignInServices,
    'adopt' | 'authorities' | 'linkProof' | 'linkingAuthority' | 'policy' | 'store'
  >,
  api: ManagementApi,
  session: Session,
  flow: ProvenFlow,
): Promise<ConnectPlan | undefined> {
  const current = await readOwnAccount(api, session)
  assertFactor(session, current)
  if (holds(current, flow.proof.userId)) return undefined
  const other = await readOther(api, flow.proof)
  await assertProofHolds(services, current, other, flow.proof.at ?? flow.openedAt * 1000)
  return planFor(services, rightsCalls(services, api), current, other, flow)
}

async function readOther(api: ManagementApi, { userId, seen }: ConnectProof): Promise<Account> {
  if (seen) return toAccount(userId, seen)
  try {
    return await api.getUser(userId)
  } catch (error) {
    const isGone = error instanceof ManagementApiError && error.code === 'not_found'
    throw isGone ? new Refused('not_available') : error
  }
}

/** What must be stored of an account that only its own token may read. */
export function toSeen(account: Account): NonNullable<ConnectProof['seen']> {
  return {
    email: account.email,
    isEmailVerified: account.email_verified === true,
    hasMfa: Boolean(account.multifactor?.length),
    identities: account.identities.map(({ user_id, provider, connection }) => ({
      user_id,
      provider,
      connection,
    })),
    fields: namesOf(account),
  }
}

/** The account as {@link toSeen} kept it. */
function toAccount(userId: string, seen: NonNullable<ConnectProof['seen']>): Account {
  return {
    user_id: userId,
    email: seen.email,
    email_verified: seen.isEmailVerified,
    multifactor: seen.hasMfa ? ['any'] : [],
    identities: seen.identities.map((identity) => ({ ...identity, profile: {} })),
    names: { email: seen.email },
    user_metadata: Object.fromEntries(seen.fields.user_metadata.map((name) => [name, true])),
    app_metadata: Object.fromEntries(seen.fields.app_metadata.map((name) => [name, true])),
    bytes: 0,
  }
}

async function planFor(
  services: Pick<SignInServices, 'adopt' | 'linkProof' | 'linkingAuthority' | 'policy'>,
  calls: RightsCalls,
  mine: Account,
  theirs: Account,
  flow: ProvenFlow,
): Promise<ConnectPlan> {
  assertProven(theirs, flow)
  // Costs no call if something else stands against it.
  const before = decideStay(services, mine, theirs)
  const ends = [before === 'current' ? theirs.user_id : mine.user_id]
  const [current, other] = (await withRights(calls, [mine, theirs], RIGHTS_KINDS, ends)) as [Account, Account]
  const stays = decideStay(services, current, other)
  const [staying, ending] = stays === 'current' ? [current, other] : [other, current]
  await assertNothingUnderWay(staying, ending)
  const { primary, secondary, rights } = await planRightsFor(services, calls, staying, ending)
  const at = nowSeconds()
  const prepared = await preparedFor(services, primary, secondary, rights, at)
  const fields = prepared
    ? fieldsOf(prepared)
    : { carried: NO_FIELDS, kept: NO_FIELDS, lost: namesOf(secondary) }
  const ids = other.identities.map(({ user_id }) => user_id)
  const digest = await hash12(JSON.stringify([stays, ids, fields, rights]))
  const isNew = flow.born === other.user_id && keptNone(rights)
  return {
    ...{ primary, secondary, current, other, stays, isNew },
    ...{ ...fields, rights, at, patch: prepared?.patch, digest },
  }
}

/** Reads the rest of what both hold, and works out what becomes of it. */
async function planRightsFor(
  { policy }: Pick<Services, 'policy'>,
  calls: RightsCalls,
  staying: Account,
  ending: Account,
): Promise<{ primary: Account; secondary: Account; rights: KeptRights }> {
  const read = await withRightsForLink(calls, RIGHTS_KINDS, staying, ending)
  const loss = lossOf(read.staying, read.ending, policy)
  if (loss) throw new Refused(loss)
  const { plan, reason } = await decideRights(calls, read.staying, read.ending, policy)
  if (reason) throw new Refused(reason)
  return { primary: read.staying, secondary: read.ending, rights: plan }
}

/** A snapshot that is being restored would be overwritten, or end with its account. */
async function assertNothingUnderWay(staying: Account, ending: Account): Promise<void> {
  const of = await snapshotOf(staying, ending.user_id)
  const snapshots = [...(of ? [of] : []), ...(await readSnapshots(ending))]
  if (snapshots.some(({ snapshot }) => isReturning(snapshot, nowSeconds()))) throw new Refused('busy')
}

/** What is written to the account that stays; undefined if the person's own token links, which writes nothing. */
async function preparedFor(
  services: Pick<SignInServices, 'adopt' | 'linkProof' | 'linkingAuthority' | 'policy'>,
  primary: Account,
  secondary: Account,
  rights: KeptRights,
  at: number,
): Promise<PreparedLink | undefined> {
  const { policy, linkingAuthority } = services
  if (linkingAuthority === 'user') return undefined
  const { adopt, linkProof } = services
  const prepared = await prepareLink(primary, secondary, policy, at, linkProof, rights, adopt !== undefined)
  if (!prepared) throw new Refused('metadata_too_large')
  return prepared
}

function decideStay(
  services: Pick<Services, 'linkingAuthority' | 'policy'>,
  current: Account,
  other: Account,
): ConnectPlan['stays'] {
  const { policy, linkingAuthority } = services
  const { stays, reason } = decideConnect(current, other, policy)
  if (reason)
    throw new Refused(reason === 'unverified' && mustVerify(services, current) ? 'own_unverified' : reason)
  if (linkingAuthority !== 'user') return stays
  // A person's own token acts on their own account only, so that one stays. Auth0 does not document what happens to further
  // identities of the other.
  if (other.identities.length > 1) throw new Refused('several_identities')
  if (other.identities.some((identity) => mayBeNamed(identity, policy.provisioned)))
    throw new Refused('untrusted_connection')
  return 'current'
}

function fieldsOf({ carried, kept }: PreparedLink): Pick<ConnectPlan, 'carried' | 'kept' | 'lost'> {
  const isCarried = (kind: keyof FieldNames, name: string) => Object.hasOwn(carried[kind], name)
  return {
    carried: namesOf(carried),
    kept: namesOf(ofBoth((kind) => pick(kept[kind], (name) => !isCarried(kind, name)))),
    lost: NO_FIELDS,
  }
}

/** Names that are shown to the person: fields that are null do not exist, and our own keys are not theirs. */
const namesOf = ({ user_metadata, app_metadata }: BothKinds): FieldNames => ({
  user_metadata: Object.keys(user_metadata).filter((name) => hasField(user_metadata, name)),
  app_metadata: Object.keys(foreignOf(app_metadata)),
})

/** Passes if the sign-in proved this very account, and with the second factor if its owner has one. */
function assertProven(other: Account, { chosen, proof }: ProvenFlow): void {
  const reason = unprovable(other, chosen)
  if (reason === 'belongs_to_another') throw new Refused(reason)
  if (other.multifactor?.length && !proof.hasUsedMfa) throw new Refused('mfa_required')
  if (reason) throw new Refused(reason)
}

/**
 * Why no sign-in through a connection can ever prove an account.
 *
 * @param chosen - The connection that the person signs in through.
 */
export function unprovable(
  { identities }: Account,
  chosen: Pick<Identity, 'provider' | 'connection'>,
): 'belongs_to_another' | 'unverified' | undefined {
  const [own, ...further] = identities
  const isChosen = (identity: Identity | undefined) =>
    identity?.provider === chosen.provider && identity.connection === chosen.connection
  // A sign-in with an identity that is part of another account proves the identity, not the account.
  if (!isChosen(own) || further.some(isChosen)) return 'belongs_to_another'
  // The owner of such an address could reset the password and sign in with it.
  const isOpen = further.some(
    ({ provider, profile }) => provider === 'auth0' && profile.email && !profile.email_verified,
  )
  return isOpen ? 'unverified' : undefined
}
