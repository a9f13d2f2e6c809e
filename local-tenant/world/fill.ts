/**
 * Fills a world with made-up users and a known number of duplicates.
 * @module
 */
import { z } from 'zod'
import type { StoredUser } from '../model'
import { type Draft, draftSingle, KINDS, type Kind, type KindName } from './fill-kinds'
import { made, WAY_CONNECTIONS } from './fill-user'

const NAMES = Object.keys(KINDS) as KindName[]

/** The body of `POST /_tenant/fill`. */
export const Fill = z.strictObject({
  users: z.number().int().nonnegative().max(2_000_000),
  seed: z.number().int().nonnegative().max(99_999_999).default(1),
  /** How many people of each kind. Kinds that are left out have their share of the users. */
  kinds: z.partialRecord(z.enum(NAMES), z.number().int().nonnegative()).default({}),
})

/** @see {@link Fill} */
export type Fill = z.output<typeof Fill>

/** What a filled world holds. The numbers are about the users that the call made. */
export interface FillCounts {
  users: number
  /** Users with an address that is more than blanks. */
  with_email: number
  /** Users whose address is verified. */
  verified: number
  /** Addresses that several accounts have if blanks around them and the case of A to Z do not count. */
  groups: number
  accounts_in_groups: number
  largest_group: number
  /** How many groups have accounts of exactly these connections. */
  by_connections: { connections: string[]; groups: number }[]
  /** How many people of each kind there are, and how many accounts they have. */
  kinds: Record<KindName, { people: number; accounts: number }>
}

const GIVEN = 'ann bea cy dee eve fay gil hal ida jon kim lou mia ned oda pia quin ray sue tom'.split(' ')
const FAMILY = 'archer brook cole dunn ellis ford grant hill irving jones kay lane moss nash oak'.split(' ')
const DOMAINS = ['example.com', 'example.org', 'example.net', 'mail.example', 'acme.example']

/**
 * Makes users. The same input gives the same users in the same order, in which the accounts of a person are far apart.
 *
 * @param input - How many users, of which kinds, and the seed.
 * @returns The users, and what is known of them.
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
      users.push(made(each, { seed, number: users.length + 1, given, family, random }))
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

/** Whole numbers below 2^32 that the seed decides (mulberry32). They need not be hard to guess. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}
