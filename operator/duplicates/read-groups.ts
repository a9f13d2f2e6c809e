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
  parseUser,
} from '../../core'
import { DuplicatesError } from './error'
import type { Folder } from './folder'
import { readLines } from './lines'
import type { StoredGroup } from './write-groups'

/** The proof as a snapshot would hold it, for an application with a name of usual length: the size of a snapshot counts. */
export const PROOF: LinkProof = { way: 'operator', client_id: 'x'.repeat(32), client_name: 'x'.repeat(30) }

/** What a report says of a pair. `incomplete`: the export lacks what a decision takes. */
export type ReportedOutcome = PairOutcome | 'incomplete'

/** A pair of a group, and what was decided about it. */
export interface DecidedPair {
  secondary: string
  outcome: ReportedOutcome
  /** Names of what would be carried over. */
  carried?: { user_metadata: string[]; app_metadata: string[] }
}

/** A group, and what was decided about it. */
export interface DecidedGroup {
  key: string
  /** By user id. Those that the export tells in full are read. */
  accounts: LinkingUser[]
  /** How many accounts there are; more than were kept if they are very many. */
  size: number
  stays: string | null
  pairs: DecidedPair[]
}

/**
 * Reads the groups of a folder.
 *
 * @throws {DuplicatesError} `nothing_scanned`.
 */
export async function* storedGroups({ accounts }: Folder): AsyncGenerator<StoredGroup> {
  if (!existsSync(accounts))
    throw new DuplicatesError('nothing_scanned', 'No accounts are here: run npm run duplicates -- scan.')
  for await (const line of readLines(accounts)) yield JSON.parse(line)
}

/**
 * Decides about a group.
 *
 * @param group - As stored.
 * @param terms - The operator's rules and the time.
 * @param rightsOf - Adds what an account holds; by default nothing is known of that.
 */
export async function decideStored(
  { key, accounts, more = 0 }: StoredGroup,
  terms: Omit<GroupTerms, 'proof'>,
): Promise<DecidedGroup> {
  const read = accounts.map(readAccount)
  const known = read.filter(({ isWhole }) => isWhole).map(({ user }) => user)
  const { stays, pairs } = await decideGroup(known, { ...terms, proof: PROOF })
  const incomplete = read
    .filter(({ isWhole }) => !isWhole)
    // If none is known in full, one of them is not the other of a pair.
    .slice(known.length === 0 ? 1 : 0)
    .map(({ user }): DecidedPair => ({ secondary: user.user_id, outcome: 'incomplete' }))
  const decided = pairs.map(
    ({ secondary, outcome, carried }): DecidedPair => ({
      secondary,
      outcome: beforeRights(outcome, terms.policy),
      ...(carried && {
        carried: {
          user_metadata: Object.keys(carried.user_metadata),
          app_metadata: Object.keys(carried.app_metadata),
        },
      }),
    }),
  )
  return {
    key,
    accounts: read.map(({ user }) => user),
    size: accounts.length + more,
    stays,
    pairs: [...decided, ...incomplete],
  }
}

/** Reads an account as exported, if it has what decisions take. */
function readAccount(raw: Record<string, unknown>): { user: LinkingUser; isWhole: boolean } {
  const { identities } = raw
  const isWhole =
    Array.isArray(identities) &&
    identities.length > 0 &&
    identities.every(
      (each) => isText(each?.provider) && isText(each?.connection) && each.user_id !== undefined,
    )
  return { user: parseUser(isWhole ? raw : { ...raw, identities: [] }), isWhole }
}

/** Whether a pair may be linked as far as is known. */
export const isLinkable = ({ outcome }: Pick<DecidedPair, 'outcome'>): boolean =>
  outcome === 'linkable' || outcome === 'linkable_before_rights'
