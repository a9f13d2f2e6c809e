/**
 * What connecting an account that was just proven would do.
 * @module
 */
import 'server-only'
import {
  decideConnect,
  decideRights,
  hash12,
  holds,
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
import type { Services } from '../link-flow/services'
import type { Session } from '../session/session'
import { Refused } from './account-refusal'
import { assertProofHolds } from './proof-life'
import { assertProven, type FieldNames, namesOf, type ProvenFlow, readProven } from './proven-account'
import { rightsCalls } from './rights-calls'
import { nowSeconds } from './seconds'
import type { SignInServices } from './services'
import { assertFactor, readOwnAccount } from './session-account'
import { readSnapshots, snapshotOf } from './snapshots'
import { mustVerify } from './verify-address'

const NO_FIELDS: FieldNames = { user_metadata: [], app_metadata: [] }

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
  const other = await readProven(api, flow.proof)
  await assertProofHolds(services, current, other, flow.proof.at ?? flow.openedAt * 1000)
  return planFor(services, rightsCalls(services, api), current, other, flow)
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
