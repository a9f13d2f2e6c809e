import 'server-only'
import { z } from 'zod'
import { pairKey, parseJournal, parseMarks } from '../../core'
import { providerOf } from '../../core/identity'
import type { Account } from '../auth0/account'
import { Seconds } from './seconds'
import { linkedSnapshots } from './snapshots'

/** Most entries that are shown. */
const MAX_ENTRIES = 20

/** Something that happened to the ways into an account. */
export interface HistoryEntry {
  event: 'linked' | 'unlinked' | 'restored' | 'declined'
  /** Seconds since the epoch. */
  at: number
  /** Of the other identity; not known for a decline. */
  provider?: string
  /** Its connection, if it is still part of the account. */
  connection?: string | undefined
  /** How it was proven: `login`, `settings` or another way's name. */
  way?: string
  /** Name of the application it happened at. */
  client?: string | undefined
  /** How many accounts were declined at once, if more than one. */
  count?: number
}

// Any program with the right scope can write metadata, so it is checked before it is shown.
const Decline = z.object({
  at: Seconds,
  client: z.string().optional(),
  failed: z.literal(true).optional(),
})

/**
 * What happened to an account, newest first: current links, from their snapshots; ended links, from the journal; declined offers,
 * from the marks.
 *
 * @param account - As just read.
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
  // Taking a way in out of the account also declines the offer of it.
  const ends = new Set(journal.map(({ at }) => at))
  const linked = await Promise.all(account.identities.map(({ user_id }) => pairKey(account.user_id, user_id)))
  const declines = Object.entries(parseMarks(account).declined ?? {}).flatMap(
    ([pair, value]): HistoryEntry[] => {
      const { data } = Decline.safeParse(value)
      if (!data || data.failed || ends.has(data.at) || linked.includes(pair)) return []
      return [{ event: 'declined', at: data.at, client: data.client }]
    },
  )
  // Entries of the same second are in the order in which they were recorded.
  return [...links, ...journal.reverse(), ...oneLineAnAct(declines)]
    .sort((a, b) => b.at - a.at)
    .slice(0, MAX_ENTRIES)
}

/** One answer declines every account that was offered, each with a mark of its own of the same second. */
function oneLineAnAct(declines: HistoryEntry[]): HistoryEntry[] {
  const acts = new Map<string, HistoryEntry>()
  for (const entry of declines) {
    const act = JSON.stringify([entry.at, entry.client])
    const before = acts.get(act)
    acts.set(act, before ? { ...before, count: (before.count ?? 1) + 1 } : entry)
  }
  return [...acts.values()]
}
