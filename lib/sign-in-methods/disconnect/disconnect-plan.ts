/**
 * The plan for taking an identity out of an account.
 * @module
 */
import 'server-only'
import { decideUnlink, type GiveBack, hash12, parseJournal } from '../../../core'
import type { Account, AccountIdentity } from '../../auth0/account'
import { canWriteMetadata } from '../../auth0/authority'
import type { ManagementApi } from '../../auth0/management-api'
import type { Services } from '../../link-flow/services'
import type { Session } from '../../session/session'
import { SettingsRefusedError } from '../account-refusal'
import { signInCheck } from '../connections'
import { planReturn } from '../repair/return-account'
import { type NamedReturn, rightsReturnOf } from '../repair/return-rights'
import { readOwnAccount } from '../session-account'
import { type StoredSnapshot, snapshotOf } from '../snapshots'
import { undoObstacle } from './undo-obstacle'

/** The identity to take out, and how. */
export interface DisconnectTarget {
  /** Id of the identity in URLs: a hash of its user id. */
  handle: string
  /** Whether the person asks to undo the link, which restores everything. Otherwise the identity is only disconnected. */
  isUndo: boolean
}

/** The plan for taking an identity out of an account. */
export interface DisconnectPlan {
  account: Account
  identity: AccountIdentity
  /** The link's snapshot. Undefined if the link was made by other means, or with `LINKING_AUTHORITY=user`. */
  stored: StoredSnapshot | undefined
  /** Whether the link is undone within the undo period, so that everything is restored. */
  isUndo: boolean
  /** Metadata fields that the unlinked account gets back, and those that the primary account loses. */
  fields: GiveBack
  /**
   * Rights (roles, permissions, memberships, factors) that the unlinked account gets back, and those that the primary
   * account loses.
   */
  rights: NamedReturn
  /** Whether the unlinked account can be deleted. Never for an undo; otherwise if the operator granted `delete:users`. */
  canRemove: boolean
  isUsable: (identity: AccountIdentity) => boolean
  /** Hash of everything that the plan does. If it has changed since the person agreed, nothing is done. */
  digest: string
}

/** Whether a text has the form of a handle. */
export const isHandle = (text: string): boolean => /^[0-9a-f]{12}$/.test(text)

/**
 * Reads the account and plans how to take an identity out of it.
 *
 * @returns The plan; undefined if the identity was taken out before.
 * @throws {SettingsRefusedError} `not_linked`, `primary_identity`, `last_way_in`, `blocked`, `reauth_required`
 * @throws {ManagementApiError}
 */
export async function planDisconnect(
  services: Services,
  api: ManagementApi,
  session: Session,
  target: DisconnectTarget,
): Promise<DisconnectPlan | undefined> {
  // Check this first: it needs no API call.
  if (!isHandle(target.handle)) throw new SettingsRefusedError('not_linked')
  return planTakingOut(services, api, await readOwnAccount(api, session), target)
}

/**
 * Plans how to take an identity out of an account.
 *
 * @param account - Freshly read from the tenant.
 * @returns The plan; undefined if the identity was taken out before.
 * @throws {SettingsRefusedError} `not_linked`, `primary_identity`, `last_way_in`, `blocked`
 * @throws {ManagementApiError}
 */
export async function planTakingOut(
  services: Services,
  api: ManagementApi,
  account: Account,
  { handle, isUndo: isUndoWanted }: DisconnectTarget,
): Promise<DisconnectPlan | undefined> {
  const found = await findIdentity(account, handle)
  if (!found) {
    if (await wasTakenOut(account, handle)) return undefined
    throw new SettingsRefusedError('not_linked')
  }
  const others = account.identities.filter((each) => each !== found)
  const isUsable = await signInCheck(services, api, others)
  const { identity, reason } = decideUnlink(account, found.user_id, isUsable)
  if (reason) throw new SettingsRefusedError(reason)
  const stored = canWriteMetadata(services) ? await snapshotOf(account, identity.user_id) : undefined
  const isUndo =
    isUndoWanted && (await undoObstacle(services, account, identity.user_id, stored)) === undefined
  const fields = await planReturn(services, account, stored, isUndo)
  const rights = await rightsReturnOf(services, api, account, stored)
  const { give, take, withheld } = rights
  return {
    account,
    identity,
    stored,
    isUndo,
    isUsable,
    fields,
    rights,
    canRemove: !isUndo && (await services.authorities.isGranted('delete:users')),
    digest: await hash12(JSON.stringify([identity.user_id, isUndo, fields, give, take, withheld])),
  }
}

async function findIdentity(account: Account, handle: string): Promise<AccountIdentity | undefined> {
  for (const identity of account.identities) if ((await hash12(identity.user_id)) === handle) return identity
  return undefined
}

async function wasTakenOut(account: Account, handle: string): Promise<boolean> {
  const last = parseJournal(account).findLast(({ identity }) => identity === handle)
  return last !== undefined && last.event !== 'linked'
}
