/**
 * Puts the lines of an export together that have one address.
 * @module
 */
import { createHmac, randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { emailKey, kindOfEmail } from '../../core/bulk/email-key'
import { writePrivate } from '../shared/env-file'
import type { Value } from './duckdb'
import type { Folder } from './folder'

/** Accounts of one address that are kept at most: more are only counted. */
const MAX_KEPT_ACCOUNTS = 2_000
const KEY_BYTES = 32
const NAME_DIGITS = 32

/** A line of `accounts.ndjson`. */
export interface StoredGroup {
  /** Names the address. */
  key: string
  /** By user id, each as exported. */
  accounts: Record<string, unknown>[]
  /** How many accounts more the address has. */
  more?: number
}

/** A group that was found. */
export interface FoundGroup {
  group: StoredGroup
  /** The same as a line of `accounts.ndjson`. */
  line: string
  /** Of each account, as exported. */
  bytes: number[]
}

/** A line of an export. */
interface Line {
  file: number
  text: string
}
/** The same, read. `changed` is the time of its last change. */
interface Account extends Line {
  raw: Record<string, unknown>
  changed: number
}

/**
 * Names addresses by a hash that takes the folder's key to compute.
 *
 * @param folder - Its key is made if it has none.
 */
export function namer({ key: path }: Folder): (address: string) => string {
  if (!existsSync(path)) writePrivate(path, randomBytes(KEY_BYTES).toString('hex'))
  const key = Buffer.from(readFileSync(path, 'utf8'), 'hex')
  return (address) => createHmac('sha256', key).update(address).digest('hex').slice(0, NAME_DIGITS)
}

/**
 * Puts lines together.
 *
 * @param rows - `email_key, file, json`, one address after the other; two addresses may have one key.
 * @param nameOf - Names an address.
 */
export async function* foundGroups(
  rows: AsyncIterable<Value[][]>,
  nameOf: (address: string) => string,
): AsyncGenerator<FoundGroup> {
  let current: Value = null
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

/** Splits lines by address, exactly. Of two of one user the newer counts, of two as new that of the later file. */
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
