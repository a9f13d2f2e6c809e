/**
 * Groups the lines of an export by email address.
 * @module
 */
import { createHmac, randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { emailKey, kindOfEmail } from '../../../core/bulk/email-key'
import { writePrivate } from '../../shared/env-file'
import type { DuckDBValue } from '../export/duckdb'
import type { Folder } from '../folder'

/** The most accounts that are kept of one email address. Further ones are only counted. */
const MAX_KEPT_ACCOUNTS = 2_000
const KEY_BYTES = 32
const NAME_DIGITS = 32

/** A line of `accounts.ndjson`. */
export interface StoredGroup {
  /** A keyed hash of the email address, which names the group. */
  key: string
  /** The accounts as exported, sorted by user id. */
  accounts: Record<string, unknown>[]
  /** How many further accounts have the email address. */
  more?: number
}

/** A group that {@link foundGroups} found: all accounts with one email address. */
export interface FoundGroup {
  group: StoredGroup
  /** The group as a line of `accounts.ndjson`. */
  line: string
  /** The size of each account as exported, in bytes. */
  bytes: number[]
}

/** A line of an export. */
interface Line {
  file: number
  text: string
}
/** A line with its parsed content. `changed` is when the account last changed, in milliseconds since the epoch. */
interface Account extends Line {
  raw: Record<string, unknown>
  changed: number
}

/**
 * Returns a function that computes the key of a group from its email address: an HMAC with the folder's secret key.
 *
 * @param folder - The folder. If it has no key, one is made.
 */
export function namer({ key: path }: Folder): (address: string) => string {
  if (!existsSync(path)) writePrivate(path, randomBytes(KEY_BYTES).toString('hex'))
  const key = Buffer.from(readFileSync(path, 'utf8'), 'hex')
  return (address) => createHmac('sha256', key).update(address).digest('hex').slice(0, NAME_DIGITS)
}

/**
 * Groups rows by email address.
 *
 * @param rows - Rows of `email_key, file, json`, ordered by `email_key`. Two email addresses may have the same `email_key`.
 * @param nameOf - Names an email address.
 */
export async function* foundGroups(
  rows: AsyncIterable<DuckDBValue[][]>,
  nameOf: (address: string) => string,
): AsyncGenerator<FoundGroup> {
  let current: DuckDBValue = null
  let lines: Line[] = []
  let more = 0
  for await (const some of rows)
    for (const [key = null, file, text] of some) {
      if (key !== current) {
        yield* groupsIn(lines, more, nameOf)
        current = key
        lines = []
        more = 0
      }
      if (lines.length < MAX_KEPT_ACCOUNTS) lines.push({ file: Number(file), text: String(text) })
      else more += 1
    }
  yield* groupsIn(lines, more, nameOf)
}

/**
 * Splits lines by their exact email address. If a user has several lines, the one that changed last counts, or the one in
 * the later file if both changed at the same time.
 */
function* groupsIn(lines: Line[], more: number, nameOf: (address: string) => string): Generator<FoundGroup> {
  const byUser = new Map<string, Account>()
  for (const { file, text } of lines) {
    const raw: Account['raw'] = JSON.parse(text)
    const changed = Date.parse(String(raw.updated_at)) || 0
    const other = byUser.get(String(raw.user_id))
    const isNewer = !other || changed > other.changed || (changed === other.changed && file > other.file)
    if (isNewer) byUser.set(String(raw.user_id), { file, text, raw, changed })
  }
  const groups = new Map<string, Account[]>()
  for (const [, account] of [...byUser].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const address = emailKey(account.raw.email)
    if (kindOfEmail(address) !== 'address') continue
    const others = groups.get(address)
    if (others) others.push(account)
    else groups.set(address, [account])
  }
  for (const [address, accounts] of groups) {
    if (accounts.length < 2) continue
    const key = nameOf(address)
    const texts = accounts.map(({ text }) => text)
    yield {
      line: `{"key":"${key}","accounts":[${texts.join()}]${more > 0 ? `,"more":${more}` : ''}}`,
      group: { key, accounts: accounts.map(({ raw }) => raw), ...(more > 0 && { more }) },
      bytes: texts.map((text) => Buffer.byteLength(text)),
    }
  }
}
