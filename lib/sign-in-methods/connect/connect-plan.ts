/**
 * The plan for connecting an account that the person has just proved ownership of.
 * @module
 */
import 'server-only'
import {
  decideConnect,
  hash12,
  hasIdentity,
  keptNone,
  mapMetadataKinds,
  mayBeNamed,
  type PreparedLink,
  pickBy,
  type RightsCalls,
} from '../../../core'
import type { Account } from '../../auth0/account'
import type { ManagementApi } from '../../auth0/management-api'
import { rightsCalls } from '../../auth0/rights-calls'
import type { Services } from '../../link-flow/services'
import type { Session } from '../../session/session'
import { SettingsRefusedError } from '../account-refusal'
import { type LinkPlan, planLink } from '../link/plan-link'
import { assertProofHolds } from '../proof-life'
import type { SignInServices } from '../services'
import { assertFactor, readOwnAccount } from '../session-account'
import { assertProven, type FieldNames, namesOf, type ProvenFlow, readProven } from './proven-account'
import { mustVerify } from './verify-address'

const NO_FIELDS: FieldNames = { user_metadata: [], app_metadata: [] }

/** The plan for connecting two accounts. */
export interface ConnectPlan extends LinkPlan {
  /** Whether the sign-in of this flow created the other account, and the link moves or loses no rights of it. */
  isNew: boolean
  /** Names of the secondary account's metadata fields that the primary account takes over. */
  carried: FieldNames
  /** Names of the fields that are only kept in the snapshot, for a later restore. */
  kept: FieldNames
  /** Names of the fields that are lost. Only with `LINKING_AUTHORITY=user`, because a person's token may not write them. */
  lost: FieldNames
  /**
   * Hash of what the plan does: which account stays, the other account's identities, and what happens to fields and rights.
   * If it has changed since the person agreed, nothing is linked.
   */
  digest: string
}

/**
 * Reads both accounts and plans how to connect them.
 *
 * @returns The plan; undefined if the other account is already part of the person's account.
 * @throws {SettingsRefusedError} With the reason why they cannot be connected.
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
  if (hasIdentity(current, flow.proof.userId)) return undefined
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
    throw new SettingsRefusedError(
      reason === 'unverified' && mustVerify(services, current) ? 'own_unverified' : reason,
    )
  if (linkingAuthority !== 'user') return stays
  // A person's token can link only into the person's own account, so that account stays. Auth0 does not document what
  // happens to further identities of the other account.
  if (other.identities.length > 1) throw new SettingsRefusedError('several_identities')
  if (other.identities.some((identity) => mayBeNamed(identity, policy.provisioned)))
    throw new SettingsRefusedError('untrusted_connection')
  return 'current'
}

function fieldsOf({ carried, kept }: PreparedLink): Pick<ConnectPlan, 'carried' | 'kept' | 'lost'> {
  const isCarried = (kind: keyof FieldNames, name: string) => Object.hasOwn(carried[kind], name)
  return {
    carried: namesOf(carried),
    kept: namesOf(mapMetadataKinds((kind) => pickBy(kept[kind], (name) => !isCarried(kind, name)))),
    lost: NO_FIELDS,
  }
}
