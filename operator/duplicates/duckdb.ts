/**
 * The database in which an export is looked through: DuckDB, with little memory and a folder to spill to.
 * @module
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { DuplicatesError } from './error'

/** Memory and disk that it may take, and threads. Exports are read by one thread each, beside the one that unpacks them in Node.js. */
const LIMITS = { memory_limit: '400MB', max_temp_directory_size: '5GB', threads: '2' }
/** It loads nothing from elsewhere: what reads JSON is part of the package. */
const OFFLINE = { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' }

/**
 * How many lines a file has is not known before it is read. These guess that it is few, and would keep all of them in memory to look
 * each shared address up among them, not the other way round.
 */
const GUESSING = 'build_side_probe_side,join_order'

/** A value of a column. */
export type Value = string | number | bigint | boolean | null

/** An open database. */
export interface Store {
  /** Runs a statement that gives few rows. */
  rows(sql: string): Promise<Value[][]>
  /** Runs a statement, and gives its rows as they come, some at a time. */
  stream(sql: string): AsyncIterable<Value[][]>
  close(): void
}

/** How {@link openStore} gets the package. */
export type LoadDuckDB = () => Promise<typeof import('@duckdb/node-api')>
const load: LoadDuckDB = () => import('@duckdb/node-api')

/**
 * Opens an empty database.
 *
 * @param folder - For its files; emptied first, and removed when it is closed.
 * @throws {DuplicatesError} `duckdb_missing`.
 * @see {@link https://duckdb.org/docs/stable/guides/performance/how_to_tune_workloads DuckDB, larger than memory}
 */
export async function openStore(folder: string, loadDuckDB = load): Promise<Store> {
  const { DuckDBInstance } = await loadDuckDB().catch((error) => {
    throw new DuplicatesError(
      'duckdb_missing',
      'scan needs DuckDB, an optional dependency that is not installed here. Type: npm install --no-save @duckdb/node-api@1.5.6-r.1',
      { cause: error },
    )
  })
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const options = { ...LIMITS, ...OFFLINE, temp_directory: folder, preserve_insertion_order: 'false' }
  const instance = await DuckDBInstance.create(join(folder, 'store.db'), options)
  const connection: DuckDBConnection = await instance.connect()
  await connection.run(`SET disabled_optimizers = '${GUESSING}'`)
  return {
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRowsJS() as Value[][],
    async *stream(sql) {
      const result = await connection.stream(sql)
      for await (const rows of result.yieldRowsJs()) yield rows as Value[][]
    },
    close() {
      connection.closeSync()
      instance.closeSync()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
