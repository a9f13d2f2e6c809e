/**
 * Opens the database that searches an export: DuckDB, with little memory and a folder for what does not fit into it.
 * @module
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { DuplicatesError } from '../error'

/**
 * The memory, disk space and threads that DuckDB may use. It reads each export with one thread, while Node.js unpacks the
 * same file with another.
 */
const LIMITS = { memory_limit: '400MB', max_temp_directory_size: '5GB', threads: '2' }
/** DuckDB must not download extensions. The one that reads JSON is part of the package. */
const OFFLINE = { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' }

/**
 * DuckDB optimizers that are turned off. DuckDB does not know how many lines a file has before it reads it. These optimizers
 * guess that there are few. They would keep all lines in memory, instead of only the shared email addresses.
 */
const GUESSING = 'build_side_probe_side,join_order'

/** The value of a column in a row. */
export type DuckDBValue = string | number | bigint | boolean | null

/** An open database. */
export interface Store {
  /** Runs a statement that returns few rows. */
  rows(sql: string): Promise<DuckDBValue[][]>
  /** Runs a statement, and yields its rows in batches as they arrive. */
  stream(sql: string): AsyncIterable<DuckDBValue[][]>
  close(): void
}

/** Loads the DuckDB package for {@link openStore}. */
export type LoadDuckDB = () => Promise<typeof import('@duckdb/node-api')>
const load: LoadDuckDB = () => import('@duckdb/node-api')

/**
 * Opens an empty database.
 *
 * @param folder - The folder for the database's files. It is emptied first, and removed when the database is closed.
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
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRowsJS() as DuckDBValue[][],
    async *stream(sql) {
      const result = await connection.stream(sql)
      for await (const rows of result.yieldRowsJs()) yield rows as DuckDBValue[][]
    },
    close() {
      connection.closeSync()
      instance.closeSync()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
