/**
 * Reads the groups that `scan` found (accounts that share an email address), and decides about each.
 * @module
 */
import { existsSync } from 'node:fs'
import {
  beforeRights,
  decideGroup,
  type GroupTerms,
  isString,
  type LinkingUser,
  type PairOutcome,
  parseSizedUser,
  parseUser,
  proofOfUsualLength,
} from '../../../core'
import { DuplicatesError } from '../error'
import type { Folder } from '../folder'
import { readLines } from '../lines'
import type { StoredGroup } from './found-groups'

const PROOF = proofOfUsualLength('operator')

/** The outcome that a report shows for a pair. `incomplete`: the export lacks fields that the decision needs. */
export type ReportedOutcome = PairOutcome | 'incomplete'

/** The decision about a pair of a group. */
export interface DecidedPair {
  secondary: string
  outcome: ReportedOutcome
  /** Names of the metadata fields that would be carried over. */
  carried?: { user_metadata: string[]; app_metadata: string[] }
}

/** The decisions about all accounts of a group. */
export interface Decided {
  /** User id of the account that stays (primary); null if no pair can be linked. */
  stays: string | null
  pairs: DecidedPair[]
}

/** The accounts of a group: those for which the export has all needed fields (`users`), and the others (`incomplete`). */
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

/** How many accounts have the email address of a group. */
export const sizeOf = ({ accounts, more = 0 }: StoredGroup): number => accounts.length + more

/**
 * Parses the exported accounts of a group.
 *
 * @param bytes - The size of each account in bytes, if known.
 */
export function readAccounts({ accounts }: StoredGroup, bytes: number[] = []): ReadAccounts {
  const users: LinkingUser[] = []
  const incomplete: LinkingUser[] = []
  const parse = (raw: object, size?: number) =>
    size === undefined ? parseUser(raw) : parseSizedUser(raw, size)
  for (const [at, raw] of accounts.entries())
    if (hasNeededFields(raw)) users.push(parse(raw, bytes[at]))
    else incomplete.push(parseUser({ ...raw, identities: [] }))
  return { users, incomplete }
}

/** Whether an exported account has the fields from which we decide whether and how to link it. */
function hasNeededFields({ identities }: Record<string, unknown>): boolean {
  return (
    Array.isArray(identities) &&
    identities.length > 0 &&
    identities.every(
      (each) => isString(each?.provider) && isString(each?.connection) && each.user_id !== undefined,
    )
  )
}

/**
 * Decides about all accounts of a group.
 *
 * @param accounts - The accounts, with their `rights` if these were read.
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
  // If all accounts are incomplete, the first one stands for the primary account, so it is no pair.
  const others = incomplete.slice(users.length === 0 ? 1 : 0)
  const undecided = others.map(({ user_id }): DecidedPair => ({ secondary: user_id, outcome: 'incomplete' }))
  return { stays, pairs: [...decided, ...undecided] }
}

/** Whether a pair may be linked. The rights (roles, permissions, memberships, factors) may not have been read. */
export const isLinkable = ({ outcome }: { outcome: string }): boolean =>
  outcome === 'linkable' || outcome === 'linkable_before_rights'
