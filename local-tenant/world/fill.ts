/**
 * Makes up users for `POST /_tenant/fill`, with a known number of duplicates.
 * @module
 */
import { z } from 'zod'
import type { StoredUser } from '../model'
import { type Draft, draftSingle, KINDS, type Kind, type KindName } from './fill-kinds'
import { makeUser, WAY_CONNECTIONS } from './fill-user'

const NAMES = Object.keys(KINDS) as KindName[]

/** The body of `POST /_tenant/fill`. */
export const Fill = z.strictObject({
  users: z.number().int().nonnegative().max(2_000_000),
  seed: z.number().int().nonnegative().max(99_999_999).default(1),
  /** How many people of each kind to add. The number for a kind that is left out follows from its `share`. */
  kinds: z.partialRecord(z.enum(NAMES), z.number().int().nonnegative()).default({}),
})

/** @see {@link Fill} */
export type Fill = z.output<typeof Fill>

/** How many users were added, and how many duplicates are among them. Users that the tenant had before do not count. */
export interface FillCounts {
  users: number
  /** Users whose email address is not empty or blank. */
  with_email: number
  /** Users whose email address is verified. */
  verified: number
  /** Email addresses that several accounts share, ignoring surrounding blanks and the case of A to Z. */
  groups: number
  accounts_in_groups: number
  largest_group: number
  /** How many of the groups have accounts of exactly these connections. */
  by_connections: { connections: string[]; groups: number }[]
  /** How many people of each kind there are, and how many accounts they have. */
  kinds: Record<KindName, { people: number; accounts: number }>
}

const GIVEN = 'ann bea cy dee eve fay gil hal ida jon kim lou mia ned oda pia quin ray sue tom'.split(' ')
const FAMILY = 'archer brook cole dunn ellis ford grant hill irving jones kay lane moss nash oak'.split(' ')
const DOMAINS = ['example.com', 'example.org', 'example.net', 'mail.example', 'acme.example']

/**
 * Makes users. The same input gives the same users in the same order. The order is shuffled, so that the accounts of a
 * person are usually far apart.
 *
 * @param input - How many users, of which kinds, and the seed.
 * @returns The users, and how many there are of each kind.
 * @throws {Error} If the kinds need more users than asked for.
 */
export function makeUsers({ users: wanted, seed, kinds }: Fill): { users: StoredUser[]; counts: FillCounts } {
  const random = randomNumbers(seed)
  const users: StoredUser[] = []
  const counts = emptyCounts()
  const byConnections = new Map<string, number>()
  let people = 0

  const add = (draft: (person: { n: number; local: string; domain: string }) => Draft[], n: number) => {
    const given = GIVEN[random() % GIVEN.length] ?? ''
    const family = FAMILY[random() % FAMILY.length] ?? ''
    const domain = DOMAINS[random() % DOMAINS.length] ?? ''
    people += 1
    const drafts = draft({
      n,
      local: `${given}.${family}.${seed.toString(36)}x${people.toString(36)}`,
      domain,
    })
    for (const each of drafts)
      users.push(makeUser(each, { seed, number: users.length + 1, given, family, random }))
    return drafts
  }

  for (const name of NAMES) {
    const kind: Kind = KINDS[name]
    const size = (n: number) => kind.draft({ n, local: '', domain: '' }).length
    const target = kinds[name]
    const room = Math.floor((wanted * kind.share) / 10_000)
    for (
      let n = 0;
      target === undefined ? counts.kinds[name].accounts + size(n) <= room : n < target;
      n += 1
    ) {
      const drafts = add(kind.draft, n)
      counts.kinds[name].people += 1
      counts.kinds[name].accounts += drafts.length
      if (users.length > wanted) throw new Error(`users: ${wanted} are too few for these kinds`)
      if (kind.isGroup) countGroup(counts, byConnections, drafts)
    }
  }
  for (let n = 0; users.length < wanted; n += 1) add(draftSingle, n)

  counts.users = users.length
  counts.with_email = users.filter(({ email }) => typeof email === 'string' && email.trim() !== '').length
  counts.verified = users.filter(({ email_verified: isVerified }) => isVerified).length
  counts.by_connections = [...byConnections]
    .map(([key, groups]) => ({ connections: key.split(' '), groups }))
    .sort(
      (one, other) =>
        other.groups - one.groups || (one.connections.join() < other.connections.join() ? -1 : 1),
    )
  return { users: shuffled(users, random), counts }
}

function emptyCounts(): FillCounts {
  const kinds = Object.fromEntries(NAMES.map((name) => [name, { people: 0, accounts: 0 }]))
  return {
    users: 0,
    with_email: 0,
    verified: 0,
    groups: 0,
    accounts_in_groups: 0,
    largest_group: 0,
    by_connections: [],
    kinds: kinds as FillCounts['kinds'],
  }
}

function countGroup(counts: FillCounts, byConnections: Map<string, number>, drafts: Draft[]): void {
  counts.groups += 1
  counts.accounts_in_groups += drafts.length
  counts.largest_group = Math.max(counts.largest_group, drafts.length)
  const key = [...new Set(drafts.map(({ way }) => WAY_CONNECTIONS[way].name))].sort().join(' ')
  byConnections.set(key, (byConnections.get(key) ?? 0) + 1)
}

function shuffled<Item>(items: Item[], random: () => number): Item[] {
  for (let index = items.length - 1; index > 0; index -= 1) {
    const other = random() % (index + 1)
    const kept = items[index] as Item
    items[index] = items[other] as Item
    items[other] = kept
  }
  return items
}

/**
 * Returns a generator of whole numbers below 2^32 that depend only on the seed (mulberry32). They need not be hard to guess.
 */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}
