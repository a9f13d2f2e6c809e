/**
 * What connecting an account that was just proven would do.
 * @module
 */
import 'server-only'
import {
  decideConnect,
  hash12,
  holds,
  keptNone,
  mayBeNamed,
  ofBoth,
  type PreparedLink,
  pick,
  type RightsCalls,
} from '../../core'
import type { Account } from '../auth0/account'
import type { ManagementApi } from '../auth0/management-api'
import type { Services } from '../link-flow/services'
import type { Session } from '../session/session'
import { Refused } from './account-refusal'
import { type LinkPlan, planLink } from './plan-link'
import { assertProofHolds } from './proof-life'
import { assertProven, type FieldNames, namesOf, type ProvenFlow, readProven } from './proven-account'
import { rightsCalls } from './rights-calls'
import type { SignInServices } from './services'
import { assertFactor, readOwnAccount } from './session-account'
import { mustVerify } from './verify-address'

const NO_FIELDS: FieldNames = { user_metadata: [], app_metadata: [] }

/** Two accounts as they are now, and what connecting them would do. */
export interface ConnectPlan extends LinkPlan {
  /** Whether this flow's own sign-in created the other account, and nothing is given or lost of what it may do. */
  isNew: boolean
  /** Names of the metadata fields of the account that ends: those that the account that stays takes over. */
  carried: FieldNames
  /** Those that are kept for a later restore. */
  kept: FieldNames
  /** Those that are lost, if the person's own token links: it may not write any. */
  lost: FieldNames
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
  const planned = await planLink(services, calls, (one, two) => decideStay(services, one, two), mine, theirs)
  const { stays, other, secondary, rights, prepared } = planned
  const fields = prepared
    ? fieldsOf(prepared)
    : { carried: NO_FIELDS, kept: NO_FIELDS, lost: namesOf(secondary) }
  const ids = other.identities.map(({ user_id }) => user_id)
  const digest = await hash12(JSON.stringify([stays, ids, fields, rights]))
  const isNew = flow.born === other.user_id && keptNone(rights)
  return { ...planned, ...fields, isNew, digest }
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
