/**
 * The last events of an account, in one key of `app_metadata`. Links stand in their snapshots while those are there; what has no
 * snapshot (any more) stands here. Two writers at once may lose an entry of this list, never a snapshot.
 * @module
 */
import { bytesOf, isObject, type LinkingUser } from './identity'
import { JOURNAL_KEY } from './key-names'
import { ownValue } from './own-keys'
import { isTime } from './snapshot'

/** Entries kept at most. */
const MAX_ENTRIES = 10
/** Bytes of JSON they may take together. */
const MAX_BYTES = 1_000

const EVENTS = ['linked', 'unlinked', 'restored'] as const

/** One event. */
export interface JournalEntry {
  event: (typeof EVENTS)[number]
  /** Seconds since the epoch. */
  at: number
  /** `provider|id` of the identity, hashed: {@link hash12}. */
  identity: string
  provider: string
  /** How it was proven: `login`, `settings` or another way's name. */
  way: string
  /** Name of the application at whose login, or on whose page. */
  client: string
}

/** As stored: short, because there is little room. */
type StoredEntry = [
  event: string,
  at: number,
  identity: string,
  provider: string,
  way: string,
  client: string,
]

/** Reads the events of an account, oldest first; anything that is none is left out. */
export function parseJournal(user: Pick<LinkingUser, 'app_metadata'>): JournalEntry[] {
  const stored = ownValue(user, JOURNAL_KEY)
  const entries = isObject(stored) && Array.isArray(stored.entries) ? (stored.entries as unknown[]) : []
  return entries.flatMap((entry) => {
    if (!Array.isArray(entry)) return []
    const [name, at, ...texts] = entry as unknown[]
    const event = EVENTS.find((known) => known === name)
    const [identity, provider, way, client] = texts.map((text) => (typeof text === 'string' ? text : ''))
    if (!event || !isTime(at) || !identity || !provider) return []
    return [{ event, at, identity, provider, way: way ?? '', client: client ?? '' }]
  })
}

/**
 * The value of {@link JOURNAL_KEY} with events added; the oldest ones make room.
 *
 * @param user - The account, read now.
 * @param added - In the order they happened.
 */
export function addToJournal(user: Pick<LinkingUser, 'app_metadata'>, added: JournalEntry[]): object {
  const entries = [...parseJournal(user), ...added]
    .slice(-MAX_ENTRIES)
    .map(
      ({ event, at, identity, provider, way, client }): StoredEntry => [
        event,
        at,
        identity,
        provider,
        way,
        client.slice(0, 30),
      ],
    )
  while (bytesOf({ entries }) > MAX_BYTES) entries.shift()
  return { entries }
}
