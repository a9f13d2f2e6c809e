/**
 * The first pass over an export: finds the email addresses that several accounts have. It keeps only hashes of each account.
 * @module
 */
import { appendFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Store } from './duckdb'
import { type ExportFile, linesOfExport } from './export-file'

/** The line numbers of at most this many broken lines of a file are kept. */
const MAX_NAMED = 1_000

/** How many lines one query searches for the newest line of each user: so few that DuckDB needs no disk for it. */
const USERS_AT_ONCE = 2_000_000

/** The lines of a file that cannot be read. */
export interface BrokenLines {
  /** How many lines cannot be read. */
  count: number
  /** Their line numbers, from 1; the first thousand only. Empty if DuckDB and Node.js disagree on where lines end. */
  numbers: number[]
}

/** The files of an export by number, from 1. A second file of a number holds lines that {@link nameBrokenLines} rescued. */
export type ExportFiles = Map<number, ExportFile[]>

/** Numbers about all users of an export. `over_long`: users whose email address is longer than 254 bytes. */
export interface UserCounts {
  users: number
  with_email: number
  verified: number
  over_long: number
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
/** The path of a file in SQL. DuckDB treats paths as patterns, so wildcards are escaped. */
const pathOf = ({ path }: ExportFile) => quoted(resolve(path).replaceAll(/[*?[]/g, '[$&]'))
const optionsOf = ({ isGzip }: ExportFile) =>
  `ignore_errors = true, compression = ${isGzip ? "'gzip'" : "'uncompressed'"}, maximum_object_size = 4194304`

/** SQL for the lines of a file, each as it is, in a column `json`. The column is null if a line is not JSON. */
const objectsOf = (file: ExportFile): string => `read_ndjson_objects(${pathOf(file)}, ${optionsOf(file)})`

/** SQL for some fields of each line, as columns. All of them are null if the line cannot be read. */
const fieldsOf = (file: ExportFile, columns: string): string =>
  `read_json(${pathOf(file)}, format = 'newline_delimited', columns = {user_id: 'VARCHAR', ${columns}}, ${optionsOf(file)})`

const IS_USER = `contains(user_id, '|')`

/**
 * SQL for a number that stands for an email address. All spellings that `emailKey` makes equal have the same number. Other
 * email addresses may have it too, because DuckDB also lowercases letters beyond ASCII. `foundGroups` separates them later.
 *
 * @param email - An SQL expression for the email address.
 */
const roughKey = (email: string): string => `hash(lower(${trimmed(email)}))`

/** SQL that trims white space. For speed, it trims only the few email addresses that begin or end with white space. */
const trimmed = (email: string): string =>
  `CASE WHEN ${email} < '!' OR ${[' ', '\\t', '\\r', '\\n']
    .map((space) => `suffix(${email}, E'${space}')`)
    .join(' OR ')} THEN trim(${email}, E' \\t\\r\\n') ELSE ${email} END`

/** SQL for the result of `kindOfEmail`: 0 for `none`, 1 for `over_long`, 2 for `address`. */
const kindOf = (email: string): string =>
  `CASE WHEN coalesce(${trimmed(email)}, '') = '' THEN 0 WHEN strlen(${trimmed(email)}) > 254 THEN 1 ELSE 2 END`

/** Creates the table that {@link readExport} fills. */
export async function beginReading(store: Store): Promise<void> {
  await store.rows(
    'CREATE TABLE seen (file USMALLINT, user_key UBIGINT, email_key UBIGINT, kind UTINYINT, verified BOOLEAN)',
  )
}

/**
 * Reads a file into the table.
 *
 * @param number - The number of the file.
 * @returns How many users it holds.
 */
export async function readExport(store: Store, file: ExportFile, number: number): Promise<number> {
  await store.rows(
    `INSERT INTO seen SELECT ${number}, hash(user_id), ${roughKey('email')}, ${kindOf('email')}, coalesce(email_verified = 'true', false)
     FROM ${fieldsOf(file, "email: 'VARCHAR', email_verified: 'VARCHAR'")} WHERE ${IS_USER}`,
  )
  const [[users] = []] = await store.rows(`SELECT count(*) FROM seen WHERE file = ${number}`)
  return Number(users)
}

/** Removes from the table what {@link readExport} read of a file. */
export const forgetExport = (store: Store, number: number): Promise<unknown> =>
  store.rows(`DELETE FROM seen WHERE file = ${number}`)

/**
 * Reads a file in order, to find the numbers of the lines that DuckDB cannot read. If JavaScript can read such a line, it is
 * rescued: written to another file in a form that DuckDB can read.
 *
 * @param rescued - Path of the file to which rescued lines are appended.
 * @returns The lines that neither DuckDB nor JavaScript can read.
 */
export async function nameBrokenLines(store: Store, file: ExportFile, rescued: string): Promise<BrokenLines> {
  await store.rows('SET preserve_insertion_order = true')
  const rows = store.stream(`SELECT coalesce(${IS_USER}, false) FROM ${fieldsOf(file, "email: 'VARCHAR'")}`)
  const isRead = flat(rows)[Symbol.asyncIterator]()
  const broken: BrokenLines = { count: 0, numbers: [] }
  let number = 0
  let isAligned = true
  for await (const line of linesOfExport(file)) {
    number += 1
    if (/^[ \t\r]*$/.test(line)) continue
    const { value, done } = await isRead.next()
    isAligned &&= !done
    if (value === true) continue
    const user = readUser(line)
    if (user !== undefined) appendFileSync(rescued, `${user}\n`, { mode: 0o600 })
    else {
      broken.count += 1
      if (broken.numbers.length < MAX_NAMED) broken.numbers.push(number)
    }
  }
  isAligned &&= (await isRead.next()).done === true
  await store.rows('SET preserve_insertion_order = false')
  return isAligned ? broken : { ...broken, numbers: [] }
}

async function* flat(rows: AsyncIterable<unknown[][]>) {
  for await (const some of rows) for (const [value] of some) yield value
}

/** The user on a line in a form that DuckDB can read: without a byte order mark, and without lone surrogates. */
function readUser(line: string): string | undefined {
  try {
    const user: unknown = JSON.parse(line.replace(/^\uFEFF/, ''))
    const { user_id: id } = Object(user) as { user_id?: unknown }
    if (typeof id !== 'string' || !id.includes('|')) return undefined
    return JSON.stringify(user).replaceAll(/\\\\|\\ud[89a-f][0-9a-f]{2}/g, (found) =>
      found.length === 2 ? found : '\\ufffd',
    )
  } catch {
    return undefined
  }
}

/**
 * Counts the users, and finds the email addresses that several users have. If a user is in the export twice, the newer line
 * counts.
 *
 * @param files - The files that were read, by number.
 * @param atOnce - How many lines one query searches for the newest line of each user.
 * @returns The numbers, and whether any user is in the export twice.
 */
export async function findShared(
  store: Store,
  files: ExportFiles,
  atOnce = USERS_AT_ONCE,
): Promise<{ counts: UserCounts; isRepeated: boolean }> {
  const [[all, different] = []] = await store.rows('SELECT count(*), count(DISTINCT user_key) FROM seen')
  const isRepeated = all !== different
  if (isRepeated) await keepNewest(store, files, Math.ceil(Number(all) / atOnce))
  await store.rows(
    `CREATE TABLE shared AS SELECT email_key FROM seen WHERE kind = 2 GROUP BY email_key HAVING min(user_key) <> max(user_key)`,
  )
  const [counts = []] = await store.rows(
    `SELECT count(*), count(*) FILTER (kind > 0), count(*) FILTER (verified), count(*) FILTER (kind = 1) FROM seen`,
  )
  const [users = 0, with_email = 0, verified = 0, over_long = 0] = counts.map(Number)
  return { counts: { users, with_email, verified, over_long }, isRepeated }
}

/** Keeps only the newest line of each user. If several lines of a user are equally new, the one in the later file counts. */
async function keepNewest(store: Store, files: ExportFiles, turns: number): Promise<void> {
  const parts = [...files].flatMap(([number, parts]) =>
    parts.map(
      (file) =>
        `SELECT hash(user_id) AS user_key, ${ageIn(number)} AS age, ${roughKey('email')} AS email_key, ${kindOf('email')} AS kind,
           coalesce(email_verified = 'true', false) AS verified
         FROM ${fieldsOf(file, "email: 'VARCHAR', email_verified: 'VARCHAR', updated_at: 'VARCHAR'")} WHERE ${IS_USER}`,
    ),
  )
  await store.rows('DROP TABLE seen')
  await store.rows(`CREATE TABLE aged AS ${parts.join(' UNION ALL ')}`)
  await store.rows('CREATE TABLE seen (user_key UBIGINT, email_key UBIGINT, kind UTINYINT, verified BOOLEAN)')
  for (let turn = 0; turn < turns; turn += 1)
    await store.rows(
      `INSERT INTO seen SELECT user_key, arg_max(email_key, age), arg_max(kind, age), arg_max(verified, age)
       FROM aged WHERE user_key % ${turns} = ${turn} GROUP BY user_key`,
    )
  await store.rows('DROP TABLE aged')
}

/** SQL for how new a line is: by the time of the last change, and for equal times by the number of the file. */
const ageIn = (number: number): string =>
  `coalesce(epoch_ms(try_cast(updated_at AS TIMESTAMP)), 0) * 65536 + ${number}`

/**
 * SQL for the lines of accounts that share their email address with others, as `email_key, file, json`, ordered by
 * `email_key`.
 *
 * @param isRepeated - Whether some user is in the export twice. Then lines with an email address that the user no longer has
 *   are left out.
 */
export function sharedLines(files: ExportFiles, isRepeated: boolean): string {
  const wanted = isRepeated
    ? `(email_key, hash(json ->> '$.user_id')) IN (SELECT (email_key, user_key) FROM seen SEMI JOIN shared USING (email_key))`
    : 'email_key IN (SELECT email_key FROM shared)'
  const parts = [...files].flatMap(([number, parts]) =>
    parts.map(
      (file) =>
        `SELECT * FROM (SELECT ${roughKey("json ->> '$.email'")} AS email_key, ${number} AS file, json FROM ${objectsOf(file)}) WHERE ${wanted}`,
    ),
  )
  return `SELECT email_key, file, json FROM (${parts.join(' UNION ALL ')}) ORDER BY email_key`
}
