/**
 * Counts the numbers of a report, group by group.
 * @module
 */
import { type LinkingUser, NEVER, parseMarks, SAMPLE_KEY, secondsOf } from '../../../core'
import type { ScanCounts } from '../export/counts'
import { type Decided, isLinkable, type ReportedOutcome } from './read-groups'

/** The most sets of connections that are counted separately. All further sets are counted together. */
const MAX_SETS = 10_000
/** The name under which further sets of connections are counted. */
const OTHER = '(others)'

/** The content of `report.json`. */
export interface Report extends Omit<ScanCounts, 'broken_lines'> {
  /** How many lines of the export could not be read. */
  broken_lines: number
  /** How many email addresses several accounts share, how many accounts these are, and the most accounts of one address. */
  groups: number
  accounts_in_groups: number
  largest_group: number
  /** How many groups have accounts of exactly these connections, the most frequent set first. */
  by_connections: { connections: string[]; groups: number }[]
  /** How many accounts that do not stay have each outcome. */
  by_outcome: { outcome: ReportedOutcome; pairs: number }[]
  /** How many groups have each number of accounts. */
  by_size: { accounts: number; groups: number }[]
  /** How many accounts were created in each year, without the oldest account of each group. Year 0 means unknown. */
  by_year: { year: number; accounts: number }[]
  /** How many groups have at least two accounts that could be linked. */
  linkable_groups: number
  /** How many accounts of these groups the next login does not ask about, because an earlier one has looked for others. */
  already_looked: number
}

/** Adds up groups to a report. */
export class Tally {
  /** Keys are the names of the connections, joined with commas. {@link shownName} makes sure that no name has a comma. */
  readonly #connections = new Map<string, number>()
  readonly #outcomes = new Map<ReportedOutcome, number>()
  readonly #sizes = new Map<number, number>()
  readonly #years = new Map<number, number>()
  #groups = 0
  #accounts = 0
  #largest = 0
  #linkable = 0
  #looked = 0

  /**
   * Counts a group.
   *
   * @param accounts - The accounts of the group. Very large groups are not given in full.
   * @param size - How many accounts the group has in all.
   */
  add(accounts: LinkingUser[], size: number, { pairs }: Decided): void {
    this.#groups += 1
    this.#accounts += size
    this.#largest = Math.max(this.#largest, size)
    raise(this.#sizes, size)
    this.#addConnections(accounts)
    for (const year of yearsOfYounger(accounts)) raise(this.#years, year)
    for (const { outcome } of pairs) raise(this.#outcomes, outcome)
    if (size > accounts.length) raise(this.#outcomes, 'too_many_accounts', size - accounts.length)
    if (!pairs.some(isLinkable)) return
    this.#linkable += 1
    this.#looked += accounts.filter(hasLooked).length
  }

  #addConnections(accounts: LinkingUser[]): void {
    const names = new Set(accounts.map(({ identities: [own] }) => shownName(own?.connection)))
    const key = [...names].sort().join()
    const isNew = !this.#connections.has(key)
    raise(this.#connections, isNew && this.#connections.size >= MAX_SETS ? OTHER : key)
  }

  /** Returns the report on all groups that were added. */
  end({ broken_lines, ...counts }: ScanCounts): Report {
    return {
      ...counts,
      broken_lines: broken_lines.reduce((sum, { count }) => sum + count, 0),
      groups: this.#groups,
      accounts_in_groups: this.#accounts,
      largest_group: this.#largest,
      by_connections: mostFirst(this.#connections).map(([key, groups]) => ({
        connections: key.split(','),
        groups,
      })),
      by_outcome: mostFirst(this.#outcomes).map(([outcome, pairs]) => ({ outcome, pairs })),
      by_size: inOrder(this.#sizes).map(([accounts, groups]) => ({ accounts, groups })),
      by_year: inOrder(this.#years).map(([year, accounts]) => ({ year, accounts })),
      linkable_groups: this.#linkable,
      already_looked: this.#looked,
    }
  }
}

function raise<Key>(counts: Map<Key, number>, key: Key, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by)
}

const mostFirst = <Key extends string>(counts: Map<Key, number>): [Key, number][] =>
  [...counts].sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1))

const inOrder = (counts: Map<number, number>): [number, number][] =>
  [...counts].sort(([one], [other]) => one - other)

/** The name of a connection in a report. A report contains no email address, even if a connection is named like one. */
const shownName = (connection = '(unknown)'): string => (/[@,]/.test(connection) ? '(unnamed)' : connection)

function yearsOfYounger(accounts: LinkingUser[]): number[] {
  // An account of unknown age counts as the youngest.
  const made = accounts
    .map(({ created_at }) => secondsOf(created_at) || NEVER)
    .sort((one, other) => one - other)
  return made.slice(1).map((at) => (at === NEVER ? 0 : new Date(at * 1000).getUTCFullYear()))
}

/** Whether an account has a mark of ours, or of Auth0's published Action, that a login already looked for other accounts. */
const hasLooked = (user: LinkingUser): boolean =>
  parseMarks(user).looked !== undefined || typeof user.app_metadata[SAMPLE_KEY] === 'number'
