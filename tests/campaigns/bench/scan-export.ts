/**
 * Measures the scan of one export. `scan-export.mjs` runs this in a separate process for the benchmark.
 * @module
 */
import { POLICY_OPTIONS, readOptions } from '../../../core'
import { openStore } from '../../../operator/duplicates/export/duckdb'
import { findShared } from '../../../operator/duplicates/export/read-exports'
import { folderAt, makeFolder } from '../../../operator/duplicates/folder'
import { readFiles, scanFiles } from '../../../operator/duplicates/scan'

/** Times in milliseconds, memory in bytes. */
export interface Measured {
  /** Reading all users and finding the addresses that several share, including the check that the file is complete. */
  find: number
  /** Everything that the command does, including the report. */
  all: number
  /** Peak resident memory of the process. */
  memory: number
  groups: number
}

/**
 * Measures first the search for shared addresses alone, then the whole scan.
 *
 * @param file - The export.
 * @param path - The folder to which the command writes.
 */
export async function measure(file: string, path: string): Promise<Measured> {
  const folder = folderAt(path)
  makeFolder(folder)
  const policy = readOptions(POLICY_OPTIONS, () => undefined).values
  const find = await timed(async () => {
    const store = await openStore(folder.temporary)
    try {
      await findShared(store, (await readFiles(store, folder, [file], false)).files)
    } finally {
      store.close()
    }
  })
  let groups = 0
  const all = await timed(async () => {
    groups = (await scanFiles(folder, [file], { policy, isPartial: false, isCsv: false })).groups
  })
  return { find, all, memory: process.resourceUsage().maxRSS * 1024, groups }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}
