/**
 * Reads everything that the console shows about an account, as the tenant has it now.
 * @module
 */
import 'server-only'
import {
  type Decline,
  hasIdentity,
  isOurs,
  type JournalEntry,
  type Marks,
  operatorMetadata,
  pairKey,
  parseJournal,
  parseMarks,
  RIGHTS_KINDS,
  type Rights,
  type RightsCalls,
  readRightsOf,
} from '../../core'
import { type Step, simulateLogin } from '../../core/explain/simulate-login'
import { HELD_PREFIX } from '../../core/records/key-names'
import { LOGIN_OPTIONS } from '../../core/rules/policy-options'
import { readOptions } from '../../core/rules/read-options'
import type { Account, AccountIdentity } from '../auth0/account'
import type { ManagementApi } from '../auth0/management-api'
import { ManagementApiError } from '../auth0/management-api-error'
import { rightsCalls } from '../auth0/rights-calls'
import { type UndoObstacle, undoObstacle } from '../sign-in-methods/disconnect/undo-obstacle'
import { nowSeconds } from '../sign-in-methods/seconds'
import { readSnapshots, type StoredSnapshot } from '../sign-in-methods/snapshots'
import type { ConsoleServices } from './services'

/** A decline in an account's marks: two accounts that logins do not offer to link. */
export interface KeptDecline extends Decline {
  /** A hash that identifies the two accounts. */
  pair: string
  /** User id of the other account. It is known only if that account has the same email address, because `pair` is a hash. */
  other: string | undefined
}

/** An account, and everything that its metadata and the tenant say about it. */
export interface ConsoleAccount {
  account: Account
  snapshots: StoredSnapshot[]
  /** Why the link of an identity cannot be undone, by the identity's user id. Without the main identity, which is not linked. */
  undoObstacles: Map<string, UndoObstacle | undefined>
  /** Keys of `app_metadata` that hold metadata which an unlink did not restore to the other account. */
  withheld: string[]
  /** The account's record of past links and unlinks, oldest first. */
  journal: JournalEntry[]
  declines: KeptDecline[]
  /** What we record about the account between logins, in one key of its `app_metadata`. */
  marks: Marks
  /** Roles, permissions, memberships and factors. A kind that cannot be read is missing. Undefined if the tenant did not respond. */
  rights: Rights | undefined
  /** Other accounts with the same email address. */
  duplicates: Account[]
  /** What a login with the first identity would do. Undefined if the tenant did not respond. */
  steps: Step[] | undefined
}

/**
 * Reads an account and everything that the console shows about it.
 *
 * @throws {ManagementApiError} `not_found` if the account is gone.
 */
export async function readPerson(
  services: ConsoleServices,
  api: ManagementApi,
  userId: string,
): Promise<ConsoleAccount> {
  const account = await api.getUser(userId)
  const found = account.email ? await api.findUsers(account.email) : []
  const duplicates = found.filter((each) => each.user_id !== userId && each.identities.length > 0)
  const calls = rightsCalls(services, api)
  const marks = parseMarks(account)
  const snapshots = await readSnapshots(account)
  const obstacleOf = async ({ user_id: id }: Pick<AccountIdentity, 'user_id'>) => {
    const stored = snapshots.find(({ snapshot }) => snapshot.user_id === id)
    return [id, await undoObstacle(services, account, id, stored)] as const
  }
  return {
    account,
    snapshots,
    undoObstacles: new Map(await Promise.all(account.identities.slice(1).map(obstacleOf))),
    withheld: Object.entries(account.app_metadata).flatMap(([key, value]) =>
      key.startsWith(HELD_PREFIX) && isOurs(key, value) ? [key] : [],
    ),
    journal: parseJournal(account),
    declines: await declinesOf(account, marks, duplicates),
    marks,
    rights: await unlessFailed(rightsOf(calls, account)),
    duplicates,
    steps: await unlessFailed(stepsOf(services, calls, account, found)),
  }
}

async function rightsOf(calls: RightsCalls, account: Account): Promise<Rights | undefined> {
  const [read] = await readRightsOf(calls, [account], RIGHTS_KINDS)
  return read?.rights
}

/** The service does not know the Action's settings, so this simulates a login with their defaults and the service's rules. */
const stepsOf = (
  { policy }: ConsoleServices,
  calls: RightsCalls,
  account: Account,
  found: Account[],
): Promise<Step[]> => {
  const { mode, markLife } = readOptions(LOGIN_OPTIONS, () => undefined).values
  return simulateLogin(account, found, { mode, markLife, policy }, nowSeconds(), calls)
}

async function unlessFailed<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work
  } catch (error) {
    if (error instanceof ManagementApiError || !(error instanceof Error)) return undefined
    throw error
  }
}

async function declinesOf(account: Account, marks: Marks, duplicates: Account[]): Promise<KeptDecline[]> {
  const names = new Map(
    await Promise.all(
      duplicates.map(async ({ user_id }) => [await pairKey(account.user_id, user_id), user_id] as const),
    ),
  )
  return Object.entries(marks.declined ?? {}).map(([pair, decline]) => ({
    ...decline,
    pair,
    other: names.get(pair),
  }))
}

/** Whether the identity that a snapshot is about is part of the account now, so that the link still exists. */
export const isLinked = (
  { account }: Pick<ConsoleAccount, 'account'>,
  { snapshot }: StoredSnapshot,
): boolean => hasIdentity(account, snapshot.user_id)

/** Names of the account's metadata fields, without our own keys. */
export const metadataNames = ({ account }: Pick<ConsoleAccount, 'account'>) => ({
  user_metadata: Object.keys(account.user_metadata),
  app_metadata: Object.keys(operatorMetadata(account.app_metadata)),
})
