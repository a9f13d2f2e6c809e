/**
 * Reads the groups that `scan` found, and decides about each.
 * @module
 */
import { existsSync } from 'node:fs'
import {
  beforeRights,
  decideGroup,
  type GroupTerms,
  isText,
  type LinkingUser,
  type LinkProof,
  type PairOutcome,
  parseSizedUser,
  parseUser,
} from '../../core'
import { DuplicatesError } from './error'
import type { Folder } from './folder'
import type { StoredGroup } from './found-groups'
import { readLines } from './lines'

/** The proof as a snapshot would hold it, for an application with a name of usual length: the size of a snapshot counts. */
const PROOF: LinkProof = { way: 'operator', client_id: 'x'.repeat(32), client_name: 'x'.repeat(30) }

/** What a report says of a pair. `incomplete`: the export lacks what a decision takes. */
export type ReportedOutcome = PairOutcome | 'incomplete'

/** A pair of a group, and what was decided about it. */
export interface DecidedPair {
  secondary: string
  outcome: ReportedOutcome
  /** Names of what would be carried over. */
  carried?: { user_metadata: string[]; app_metadata: string[] }
}

/** What was decided about accounts of one address. */
export interface Decided {
  /** User id of the account that stays; null if none of them can be linked. */
  stays: string | null
  pairs: DecidedPair[]
}

/** The accounts of a group: those that the export tells in full, and the user ids of others. */
export interface ReadAccounts {
  users: LinkingUser[]
  incomplete: LinkingUser[]
}

/**
 * Reads the groups of a folder.
 *
 * @throws {DuplicatesError} `nothing_scanned`.
 */
export function storedGroups({ accounts: path }: Folder): AsyncIterable<StoredGroup> {
  if (!existsSync(path))
    throw new DuplicatesError('nothing_scanned', 'No accounts are here: run npm run duplicates -- scan.')
  return parsed(readLines(path))
}

async function* parsed(lines: AsyncIterable<string>): AsyncGenerator<StoredGroup> {
  for await (const line of lines) yield JSON.parse(line)
}

/** How many accounts an address has. */
export const sizeOf = ({ accounts, more = 0 }: StoredGroup): number => accounts.length + more

/**
 * Reads accounts as exported.
 *
 * @param bytes - Of each, if that is known.
 */
export function readAccounts({ accounts }: StoredGroup, bytes: number[] = []): ReadAccounts {
  const users: LinkingUser[] = []
  const incomplete: LinkingUser[] = []
  const parse = (raw: object, size?: number) =>
    size === undefined ? parseUser(raw) : parseSizedUser(raw, size)
  for (const [at, raw] of accounts.entries())
    if (isTold(raw)) users.push(parse(raw, bytes[at]))
    else incomplete.push(parseUser({ ...raw, identities: [] }))
  return { users, incomplete }
}

/** Whether an export tells of an account what decisions take. */
function isTold({ identities }: Record<string, unknown>): boolean {
  return (
    Array.isArray(identities) &&
    identities.length > 0 &&
    identities.every(
      (each) => isText(each?.provider) && isText(each?.connection) && each.user_id !== undefined,
    )
  )
}

/**
 * Decides about accounts of one address.
 *
 * @param accounts - With what they hold if that was read.
 */
export async function decideAccounts(
  { users, incomplete }: ReadAccounts,
  terms: Omit<GroupTerms, 'proof'>,
): Promise<Decided> {
  const { stays, pairs } = await decideGroup(users, { ...terms, proof: PROOF })
  const isRead = users.some(({ rights }) => rights !== undefined)
  const decided = pairs.map(
    ({ secondary, outcome, carried }): DecidedPair => ({
      secondary,
      outcome: isRead ? outcome : beforeRights(outcome, terms.policy),
      ...(carried && {
        carried: {
          user_metadata: Object.keys(carried.user_metadata),
          app_metadata: Object.keys(carried.app_metadata),
        },
      }),
    }),
  )
  // If none is told in full, one of them is not the other of a pair.
  const others = incomplete.slice(users.length === 0 ? 1 : 0)
  const untold = others.map(({ user_id }): DecidedPair => ({ secondary: user_id, outcome: 'incomplete' }))
  return { stays, pairs: [...decided, ...untold] }
}

/** Whether a pair may be linked as far as is known. */
export const isLinkable = ({ outcome }: { outcome: string }): boolean =>
  outcome === 'linkable' || outcome === 'linkable_before_rights'
