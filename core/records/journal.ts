/**
 * The last events of an account, in one key of `app_metadata`. Links stand in their snapshots while those are there; what has no
 * snapshot (any more) stands here. Two writers at once may lose an entry of this list, never a snapshot.
 * @module
 */
import { bytesOf, isObject, isText, isTime, type LinkingUser } from '../identity'
import { JOURNAL_KEY } from './key-names'
import { parseMarks } from './marks'
import { ownValue } from './own-keys'

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
  /** Of an unlink: sign-ins earlier than this no longer count. Seconds since the epoch, by the tenant's clock. */
  before?: number
  /**
   * Of an unlink: a hash of the session in which it was made. That session stays signed in. The marks say so too, but a login may
   * overwrite them.
   */
  by?: string
}

/** As stored: short, because there is little room. */
type StoredEntry = [
  event: string,
  at: number,
  identity: string,
  provider: string,
  way: string,
  client: string,
  before?: number,
  by?: string,
]

const toText = (value: unknown): string => (isText(value) ? value : '')

/** Reads the events of an account, oldest first; anything that is none is left out. */
export function parseJournal(user: Pick<LinkingUser, 'app_metadata'>): JournalEntry[] {
  const stored = ownValue(user, JOURNAL_KEY)
  const entries = isObject(stored) && Array.isArray(stored.entries) ? (stored.entries as unknown[]) : []
  return entries.flatMap((stored) => {
    if (!Array.isArray(stored)) return []
    const [name, at, , , , , before] = stored as unknown[]
    const [identity, provider, way, client, , by] = stored.slice(2).map(toText)
    const event = EVENTS.find((known) => known === name)
    if (!event || !isTime(at) || !identity || !provider) return []
    const eviction = isTime(before) && { before, ...(by && { by }) }
    return [{ event, at, identity, provider, way: way ?? '', client: client ?? '', ...eviction }]
  })
}

/**
 * The value of {@link JOURNAL_KEY} with events added; the oldest ones make room.
 *
 * @param user - The account, read now.
 * @param added - In the order they happened.
 */
export function addToJournal(user: Pick<LinkingUser, 'app_metadata'>, added: JournalEntry[]): object {
  const entries = [...parseJournal(user), ...added].slice(-MAX_ENTRIES).map(
    ({ event, at, identity, provider, way, client, before, by }): StoredEntry => [
      event,
      at,
      identity,
      provider,
      way,
      client.slice(0, 30),
      // JSON has no undefined: it would become a null.
      ...((before === undefined ? [] : by === undefined ? [before] : [before, by]) as [
        before?: number,
        by?: string,
      ]),
    ],
  )
  while (bytesOf({ entries }) > MAX_BYTES) entries.shift()
  return { entries }
}

/**
 * When an identity was last taken out of an account: sign-ins to it that are earlier no longer count, by the tenant's clock. 0
 * if that is not known. The journal holds it, and from before the unlink on the marks do, too.
 */
export function lastEviction(user: Pick<LinkingUser, 'app_metadata'>): number {
  const marked = parseMarks(user).changed?.before
  const noted = parseJournal(user).flatMap(({ before }) => before ?? [])
  return Math.max(0, ...noted, ...(isTime(marked) ? [marked] : []))
}
