/**
 * Scans one export in a process of its own, for the benchmark: `measure(file, folder)`.
 * @module
 */
import { POLICY_OPTIONS, readOptions } from '../../../core'
import { openStore } from '../../../operator/duplicates/export/duckdb'
import { findShared } from '../../../operator/duplicates/export/read-exports'
import { folderAt, makeFolder } from '../../../operator/duplicates/folder'
import { readFiles, scanFiles } from '../../../operator/duplicates/scan'

/** Times in milliseconds, memory in bytes. */
export interface Measured {
  /** Reading all users and finding the addresses of several, beside the check that the file is whole. */
  find: number
  /** All that the command does, report and all. */
  all: number
  /** The most memory that the process had. */
  memory: number
  groups: number
}

/**
 * Measures both, one after the other.
 *
 * @param file - The export.
 * @param path - The folder of the command.
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
