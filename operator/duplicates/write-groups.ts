/**
 * Puts the accounts of one address together, and keeps them in `accounts.ndjson`.
 * @module
 */
import { createHmac, randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { emailKey, kindOfEmail } from '../../core/bulk/email-key'
import { writePrivate } from '../shared/env-file'
import type { Value } from './duckdb'
import type { Folder } from './folder'
import { LineWriter } from './lines'

/** Accounts of one address that are kept at most: more are only counted. */
export const MAX_KEPT_ACCOUNTS = 2_000
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

/** A line of an export. */
interface Line {
  file: number
  text: string
}

/**
 * Names addresses by a hash that nobody without the folder's key can compute.
 *
 * @param folder - Its key is made if it has none.
 */
export function namer({ key: path }: Folder): (address: string) => string {
  if (!existsSync(path)) writePrivate(path, randomBytes(KEY_BYTES).toString('hex'))
  const key = Buffer.from(readFileSync(path, 'utf8'), 'hex')
  return (address) => createHmac('sha256', key).update(address).digest('hex').slice(0, NAME_DIGITS)
}

/**
 * Writes the groups.
 *
 * @param folder - Its `accounts.ndjson` is replaced.
 * @param rows - `email_key, file, json`, one address after the other; two addresses may have one key.
 */
export async function writeGroups(folder: Folder, rows: AsyncIterable<Value[][]>): Promise<void> {
  const nameOf = namer(folder)
  const writer = new LineWriter(folder.accounts)
  let current: Value = null
  let lines: Line[] = []
  let more = 0
  const flush = async () => {
    for (const [address, texts] of groupsIn(lines)) {
      if (texts.length < 2) continue
      const rest = more > 0 ? `,"more":${more}` : ''
      await writer.write(`{"key":"${nameOf(address)}","accounts":[${texts.join(',')}]${rest}}`)
    }
  }
  for await (const some of rows)
    for (const [key = null, file, text] of some) {
      if (key !== current) {
        await flush()
        current = key
        lines = []
        more = 0
      }
      if (lines.length < MAX_KEPT_ACCOUNTS) lines.push({ file: Number(file), text: String(text) })
      else more += 1
    }
  await flush()
  await writer.end()
}

/** Splits lines by address, exactly. Of two of one user the newer counts, of two as new that of the later file. */
function groupsIn(lines: Line[]): Map<string, string[]> {
  const byUser = new Map<string, Line & { email: unknown; changed: number }>()
  for (const { file, text } of lines) {
    const { user_id: id, email, updated_at: at } = JSON.parse(text) as Record<string, unknown>
    const changed = Date.parse(String(at)) || 0
    const other = byUser.get(String(id))
    const isNewer = !other || changed > other.changed || (changed === other.changed && file > other.file)
    if (isNewer) byUser.set(String(id), { file, text, email, changed })
  }
  const groups = new Map<string, string[]>()
  for (const [, { email, text }] of [...byUser].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const address = emailKey(email)
    if (kindOfEmail(address) !== 'address') continue
    const texts = groups.get(address)
    if (texts) texts.push(text)
    else groups.set(address, [text])
  }
  return groups
}
