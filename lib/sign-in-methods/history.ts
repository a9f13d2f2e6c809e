import 'server-only'
import { z } from 'zod'
import { pairKey, parseJournal, parseMarks } from '../../core'
import { providerOf } from '../../core/identity'
import type { Account } from '../auth0/account'
import { EpochSeconds } from './seconds'
import { linkedSnapshots } from './snapshots'

/** How many entries the page shows at most. */
const MAX_ENTRIES = 20

/** A change of the sign-in methods of an account, or a decline. */
export interface HistoryEntry {
  event: 'linked' | 'unlinked' | 'restored' | 'declined'
  /** Seconds since the epoch. */
  at: number
  /** Provider of the other identity. Unknown for a decline. */
  provider?: string
  /** Connection of the other identity, if the identity is still part of the account. */
  connection?: string | undefined
  /** How ownership of the other account was proven: the `way` of a link's proof, such as `login` or `settings`. */
  way?: string
  /** Name of the application at which it happened. */
  client?: string | undefined
  /** How many accounts were declined at once, if more than one. */
  count?: number
}

// Any program with the right scope can write metadata, so check the entry before it is shown.
const Decline = z.object({
  at: EpochSeconds,
  client: z.string().optional(),
  failed: z.literal(true).optional(),
})

/**
 * The history of an account, newest first. All of it is in `app_metadata`: current links in their snapshots (what a link
 * keeps of the secondary account), ended links in the journal, and declines in the marks (our linking state).
 *
 * @param account - Freshly read from the tenant.
 */
export async function historyOf(account: Account): Promise<HistoryEntry[]> {
  const links = (await linkedSnapshots(account)).map(
    ({ snapshot: { at, user_id, proof } }): HistoryEntry => ({
      event: 'linked',
      at,
      provider: providerOf(user_id),
      connection: account.identities.find((identity) => identity.user_id === user_id)?.connection,
      way: proof.way,
      client: proof.client_name ?? proof.client_id,
    }),
  )
  const journal = parseJournal(account).map(
    ({ event, at, provider, way, client }): HistoryEntry => ({ event, at, provider, way, client }),
  )
  // An unlink also writes a decline, so that the person is not asked to link the two again. Do not show that decline.
  const ends = new Set(journal.map(({ at }) => at))
  const linked = await Promise.all(account.identities.map(({ user_id }) => pairKey(account.user_id, user_id)))
  const declines = Object.entries(parseMarks(account).declined ?? {}).flatMap(
    ([pair, value]): HistoryEntry[] => {
      const { data } = Decline.safeParse(value)
      if (!data || data.failed || ends.has(data.at) || linked.includes(pair)) return []
      return [{ event: 'declined', at: data.at, client: data.client }]
    },
  )
  // The sort is stable and the journal is oldest first. Reverse it, so that of two entries in the same second the newer one
  // comes first.
  return [...links, ...journal.reverse(), ...mergeDeclines(declines)]
    .sort((a, b) => b.at - a.at)
    .slice(0, MAX_ENTRIES)
}

/**
 * Merges declines of the same second and application into one entry. A person declines all offered accounts at once, and
 * each is recorded on its own.
 */
function mergeDeclines(declines: HistoryEntry[]): HistoryEntry[] {
  const acts = new Map<string, HistoryEntry>()
  for (const entry of declines) {
    const act = JSON.stringify([entry.at, entry.client])
    const before = acts.get(act)
    acts.set(act, before ? { ...before, count: (before.count ?? 1) + 1 } : entry)
  }
  return [...acts.values()]
}
