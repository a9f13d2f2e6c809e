/**
 * The last events of an account, in one key of `app_metadata`. A snapshot records a current link; the journal lists links
 * that have ended. Two concurrent writers may lose a journal entry, never a snapshot.
 * @module
 */
import { bytesOf, isObject, isString, isTime, type LinkingUser } from '../identity'
import { JOURNAL_KEY } from './key-names'
import { parseMarks } from './marks'
import { ownValue } from './own-keys'

/** The most entries that are kept. */
const MAX_ENTRIES = 10
/** The most bytes of JSON that all entries may take. */
const MAX_BYTES = 1_000

const EVENTS = ['linked', 'unlinked', 'restored'] as const

/** One event. */
export interface JournalEntry {
  event: (typeof EVENTS)[number]
  /** Seconds since the epoch. */
  at: number
  /** {@link hash12} of the identity's `provider|id`. */
  identity: string
  provider: string
  /** How the other account was proven, such as `login` or `settings`. */
  way: string
  /** Name of the application whose login or page it was. */
  client: string
  /** For an unlink: sign-ins before this are no longer valid. Seconds since the epoch, by the tenant's clock. */
  before?: number
  /**
   * For an unlink: hash of the session that made it, which stays signed in. The marks say so too, but a login may overwrite
   * the marks.
   */
  by?: string
}

/** An entry as stored: a list without names, to save space. */
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

const toText = (value: unknown): string => (isString(value) ? value : '')

/** Reads the events of an account, oldest first, and skips invalid entries. */
export function parseJournal(user: Pick<LinkingUser, 'app_metadata'>): JournalEntry[] {
  const stored = ownValue(user, JOURNAL_KEY)
  const entries = isObject(stored) && Array.isArray(stored.entries) ? (stored.entries as unknown[]) : []
  return entries.flatMap((stored) => {
    if (!Array.isArray(stored)) return []
    const [name, at, , , , , before] = stored as unknown[]
    const [identity, provider, way, client, , by] = stored.slice(2).map(toText)
    const event = EVENTS.find((known) => known === name)
    if (!event || !isTime(at) || !identity || !provider) return []
    const unlinkFields = isTime(before) && { before, ...(by && { by }) }
    return [{ event, at, identity, provider, way: way ?? '', client: client ?? '', ...unlinkFields }]
  })
}

/**
 * Returns the value of {@link JOURNAL_KEY} with events added. If there is no room, the oldest ones are dropped.
 *
 * @param user - The account, read now.
 * @param added - New events, oldest first.
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
      // JSON would write undefined as null.
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
 * When an identity was last unlinked from an account, by the tenant's clock; 0 if unknown. Earlier sign-ins to the account are
 * no longer valid. The marks have this time from before the unlink on, the journal after it.
 */
export function lastUnlinkAt(user: Pick<LinkingUser, 'app_metadata'>): number {
  const marked = parseMarks(user).changed?.before
  const noted = parseJournal(user).flatMap(({ before }) => before ?? [])
  return Math.max(0, ...noted, ...(isTime(marked) ? [marked] : []))
}
