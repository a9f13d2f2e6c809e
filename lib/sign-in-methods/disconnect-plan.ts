/**
 * What taking a way in out of an account would do.
 * @module
 */
import 'server-only'
import { decideUnlink, type GiveBack, hash12, parseJournal } from '../../core'
import type { Account, AccountIdentity } from '../auth0/account'
import type { ManagementApi } from '../auth0/management-api'
import type { Services } from '../link-flow/services'
import type { Session } from '../session/session'
import { Refused } from './account-refusal'
import { signInCheck } from './connections'
import { canUndo, planReturn } from './return-account'
import { type NamedReturn, rightsReturnOf } from './return-rights'
import { readOwnAccount } from './session-account'
import { type StoredSnapshot, snapshotOf } from './snapshots'

/** Which identity is meant, and what for. */
export interface DisconnectTarget {
  /** Names the identity: a hash of its id. */
  handle: string
  /** Whether the link is undone, so that everything is restored. */
  isUndo: boolean
}

/** An account as it is now, and what taking an identity out of it would do. */
export interface DisconnectPlan {
  account: Account
  identity: AccountIdentity
  /** What the link kept; undefined if it was made by other means, or if the person's own token may not write. */
  stored: StoredSnapshot | undefined
  /** Whether the link is undone within its time, so that everything is restored. */
  isUndo: boolean
  /** What would be given back, and what the account would give up. */
  fields: GiveBack
  /** The same of rights. */
  rights: NamedReturn
  /** Whether the account that is left behind can be removed: the operator decides. */
  canRemove: boolean
  isUsable: (identity: AccountIdentity) => boolean
  /** Changes with what is done and with every field named, so that people get exactly what they agreed to. */
  digest: string
}

/** Whether a text can name an identity at all. */
export const isHandle = (text: string): boolean => /^[0-9a-f]{12}$/.test(text)

/**
 * Reads the account and works out what taking an identity out of it would do.
 *
 * @returns The plan; undefined if the identity was taken out before.
 * @throws {Refused} `not_linked`, `primary_identity`, `last_way_in`, `blocked`, `reauth_required`
 * @throws {ManagementApiError}
 */
export async function planDisconnect(
  services: Services,
  api: ManagementApi,
  session: Session,
  target: DisconnectTarget,
): Promise<DisconnectPlan | undefined> {
  // Costs no call: an address that names no handle names no identity.
  if (!isHandle(target.handle)) throw new Refused('not_linked')
  return planTakingOut(services, api, await readOwnAccount(api, session), target)
}

/**
 * Works out what taking an identity out of an account would do.
 *
 * @param account - As just read.
 * @returns The plan; undefined if the identity was taken out before.
 * @throws {Refused} `not_linked`, `primary_identity`, `last_way_in`, `blocked`
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
    throw new Refused('not_linked')
  }
  const others = account.identities.filter((each) => each !== found)
  const isUsable = await signInCheck(services, api, others)
  const { identity, reason } = decideUnlink(account, found.user_id, isUsable)
  if (reason) throw new Refused(reason)
  const stored = canWrite(services) ? await snapshotOf(account, identity.user_id) : undefined
  const isUndo = isUndoWanted && stored !== undefined && canUndo(services, stored)
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

/** Whether accounts may be written to: the person's own token can only take identities out. */
export const canWrite = (services: Pick<Services, 'linkingAuthority'>) => services.linkingAuthority !== 'user'

async function findIdentity(account: Account, handle: string): Promise<AccountIdentity | undefined> {
  for (const identity of account.identities) if ((await hash12(identity.user_id)) === handle) return identity
  return undefined
}

async function wasTakenOut(account: Account, handle: string): Promise<boolean> {
  const last = parseJournal(account).findLast(({ identity }) => identity === handle)
  return last !== undefined && last.event !== 'linked'
}
