/**
 * What connecting an account that was just proven would do.
 * @module
 */
import 'server-only'
import type { Account } from '../auth0/account'
import type { ManagementApi } from '../auth0/management-api'
import { ManagementApiError } from '../auth0/management-api-error'
import { config } from '../config'
import {
  type BothKinds,
  bytesOf,
  decideConnect,
  hash12,
  holds,
  type Identity,
  MARKS_KEY,
  type Metadata,
  mayBeNamed,
  selectCarryOver,
} from '../linking'
import type { ConnectFlow, ConnectProof } from '../session/connect-flow'
import type { Session } from '../session/session'
import { assertProofHolds } from './proof-life'
import { Refused } from './refused'
import { planReturn } from './return-account'
import { assertFactor, readOwnAccount } from './session-account'
import { readSnapshots, snapshotOf } from './snapshots'
import { mustVerify } from './verify-address'

/** A flow, where an account was proven in it. */
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
  /** The account that stays, as it was before an earlier attempt that failed, and the one that ends. */
  primary: Account
  secondary: Account
  stays: 'current' | 'candidate'
  /** Whether the other account came into being by this flow's own sign-in. */
  isNew: boolean
  /** Names of the metadata fields of the account that ends: which of them the one that stays takes over. */
  carried: FieldNames
  /** Which are kept for the time it stands alone again. */
  kept: FieldNames
  /** Which are lost, where the person's own token links: it may write none. */
  lost: FieldNames
  /** What an earlier attempt has left with the account that stays. */
  leftover: FieldNames
  /** Changes with the accounts, the one that stays, and every field named, so that nobody agrees to one thing and gets another. */
  digest: string
}

/**
 * Reads both accounts and works out what connecting them would do.
 *
 * @returns The plan; undefined where the other account is part of this one already.
 * @throws {Refused} With whatever stands against it.
 * @throws {ManagementApiError}
 */
export async function planConnect(
  api: ManagementApi,
  session: Session,
  flow: ProvenFlow,
): Promise<ConnectPlan | undefined> {
  const current = await readOwnAccount(api, session)
  assertFactor(session, current)
  if (holds(current, flow.proof.userId)) return undefined
  const other = await readOther(api, flow.proof)
  await assertProofHolds(current, other, flow.proof.at ?? flow.openedAt * 1000)
  return planFor(current, other, flow)
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

/** What has to be kept of an account that only its own token may read. */
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

async function planFor(current: Account, other: Account, flow: ProvenFlow): Promise<ConnectPlan> {
  assertProven(other, flow)
  const stays = decideStay(current, other)
  const [staying, secondary] = stays === 'current' ? [current, other] : [other, current]
  await assertNothingUnderWay(staying, secondary)
  const leftover = await leftoverOf(staying, secondary.user_id)
  const primary = withoutFields(staying, leftover)
  const fields = fieldsOf(primary, secondary)
  const ids = other.identities.map(({ user_id }) => user_id)
  const digest = await hash12(JSON.stringify([stays, ids, fields]))
  const isNew = flow.born === other.user_id
  return { primary, secondary, current, other, stays, isNew, ...fields, leftover, digest }
}

/** A snapshot that is being given back would be overwritten, or end with its account. */
async function assertNothingUnderWay(staying: Account, ending: Account): Promise<void> {
  const of = await snapshotOf(staying, ending.user_id)
  const snapshots = [...(of ? [of] : []), ...(await readSnapshots(ending))]
  if (snapshots.some(({ snapshot }) => snapshot.returning)) throw new Refused('busy')
}

/** What an attempt that linked nothing has carried over: carried over again, it is still what came from the other account. */
async function leftoverOf(staying: Account, endingId: string): Promise<FieldNames> {
  const stored = await snapshotOf(staying, endingId)
  if (!stored) return NO_FIELDS
  const { take } = await planReturn(staying, stored, false)
  return { ...take, app_metadata: [...take.app_metadata, stored.key] }
}

function withoutFields(account: Account, names: FieldNames): Account {
  const without = (kind: keyof FieldNames): Metadata =>
    Object.fromEntries(Object.entries(account[kind]).filter(([key]) => !names[kind].includes(key)))
  const user_metadata = without('user_metadata')
  const app_metadata = without('app_metadata')
  const saved =
    bytesOf(account.user_metadata) -
    bytesOf(user_metadata) +
    bytesOf(account.app_metadata) -
    bytesOf(app_metadata)
  return { ...account, user_metadata, app_metadata, bytes: account.bytes - saved }
}

function decideStay(current: Account, other: Account): ConnectPlan['stays'] {
  const { policy, linkingAuthority } = config()
  const { stays, reason } = decideConnect(current, other, policy)
  if (reason) throw new Refused(reason === 'unverified' && mustVerify(current) ? 'own_unverified' : reason)
  if (linkingAuthority !== 'user') return stays
  // A person's own token acts on their own account only, so that one stays; no source says what then becomes of further
  // identities of the other.
  if (other.identities.length > 1) throw new Refused('several_identities')
  if (other.identities.some((identity) => mayBeNamed(identity, policy.provisioned)))
    throw new Refused('untrusted_connection')
  return 'current'
}

function fieldsOf(primary: Account, secondary: Account): Pick<ConnectPlan, 'carried' | 'kept' | 'lost'> {
  const { policy, linkingAuthority } = config()
  const all = namesOf(secondary)
  if (linkingAuthority === 'user') return { carried: NO_FIELDS, kept: NO_FIELDS, lost: all }
  const filled = selectCarryOver(primary, secondary, policy)
  const isFilled = (kind: keyof FieldNames) => (key: string) => Object.hasOwn(filled[kind], key)
  const isKept = (kind: keyof FieldNames) => (key: string) => !isFilled(kind)(key)
  return { carried: filter(all, isFilled), kept: filter(all, isKept), lost: NO_FIELDS }
}

const namesOf = ({ user_metadata, app_metadata }: Account): FieldNames => ({
  user_metadata: Object.keys(user_metadata),
  // Our own bookkeeping about an account ends with it.
  app_metadata: Object.keys(app_metadata).filter((key) => !key.startsWith(MARKS_KEY)),
})
const filter = (
  names: FieldNames,
  isWanted: (kind: keyof FieldNames) => (key: string) => boolean,
): FieldNames => ({
  user_metadata: names.user_metadata.filter(isWanted('user_metadata')),
  app_metadata: names.app_metadata.filter(isWanted('app_metadata')),
})

/** Whether the sign-in proved this very account, and as strongly as its owner wants it. */
function assertProven({ identities, multifactor }: Account, { chosen, proof }: ProvenFlow): void {
  const [own, ...further] = identities
  const isChosen = (identity: Identity | undefined) =>
    identity?.provider === chosen.provider && identity.connection === chosen.connection
  // Whoever signed in with an identity that is part of another account has shown that they hold the identity, not the account.
  if (!isChosen(own) || further.some(isChosen)) throw new Refused('belongs_to_another')
  if (multifactor?.length && !proof.hasUsedMfa) throw new Refused('mfa_required')
  // The owner of such an address could reset the password and come in by it.
  if (
    further.some(({ provider, profile }) => provider === 'auth0' && profile.email && !profile.email_verified)
  )
    throw new Refused('unverified')
}
