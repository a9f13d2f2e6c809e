/**
 * Counts what a report says, group by group.
 * @module
 */
import { type LinkingUser, NEVER, parseMarks, SAMPLE_KEY, secondsOf } from '../../core'
import type { ScanCounts } from './counts'
import { type Decided, isLinkable, type ReportedOutcome } from './read-groups'

/** Sets of connections that are counted apart; further ones are counted together. */
const MAX_SETS = 10_000
/** How further sets of connections are called. */
const OTHER = '(others)'

/** The content of `report.json`. */
export interface Report extends Omit<ScanCounts, 'broken_lines'> {
  /** How many lines of the export could not be read. */
  broken_lines: number
  /** Addresses that several accounts have, the accounts that have them, and the most that one has. */
  groups: number
  accounts_in_groups: number
  largest_group: number
  /** How many groups have accounts of exactly these connections; the most frequent first. */
  by_connections: { connections: string[]; groups: number }[]
  /** What was decided about each account that does not stay. */
  by_outcome: { outcome: ReportedOutcome; pairs: number }[]
  /** How many groups have so many accounts. */
  by_size: { accounts: number; groups: number }[]
  /** In which year each account but the oldest of a group was made; 0 if it is not known. */
  by_year: { year: number; accounts: number }[]
  /** Groups of which at least two accounts could be linked. */
  linkable_groups: number
  /** Accounts of these that are not asked at the next login, because a login has looked at them already. */
  already_looked: number
}

/** Counts groups. */
export class Tally {
  /** By the names of the connections, which hold no comma. */
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
   * @param accounts - Of the group; not all of them if they are very many.
   * @param size - How many there are.
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

  /** The report on everything that was added. */
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

/** A report holds no address, whatever a connection is called. */
const shownName = (connection = '(unknown)'): string => (/[@,]/.test(connection) ? '(unnamed)' : connection)

function yearsOfYounger(accounts: LinkingUser[]): number[] {
  // One of unknown age counts as the youngest.
  const made = accounts
    .map(({ created_at }) => secondsOf(created_at) || NEVER)
    .sort((one, other) => one - other)
  return made.slice(1).map((at) => (at === NEVER ? 0 : new Date(at * 1000).getUTCFullYear()))
}

/** Whether a login has noted that it looked at an account, or Auth0's published Action has. */
const hasLooked = (user: LinkingUser): boolean =>
  parseMarks(user).looked !== undefined || typeof user.app_metadata[SAMPLE_KEY] === 'number'
