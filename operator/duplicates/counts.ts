/**
 * What a scan counted, kept for the reports: `counts.json`.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs'
import { writePrivate } from '../shared/env-file'
import { DuplicatesError } from './error'
import type { Folder } from './folder'
import type { BrokenLines, UserCounts } from './read-exports'

/** The content of the file. */
export interface ScanCounts extends UserCounts {
  /** Seconds since the epoch. */
  scanned_at: number
  /** Of each file that has any. */
  broken_lines: (BrokenLines & { file: number })[]
  /** Files of which only the whole lines were read, by number. */
  partial_files: number[]
}

/** Keeps what was counted. */
export const writeCounts = ({ counts: path }: Folder, counts: ScanCounts): void =>
  writePrivate(path, `${JSON.stringify(counts, undefined, 2)}\n`)

/**
 * Reads what was counted.
 *
 * @throws {DuplicatesError} `nothing_scanned`.
 */
export function readCounts({ counts: path }: Folder): ScanCounts {
  if (!existsSync(path))
    throw new DuplicatesError('nothing_scanned', 'Nothing was scanned here: run npm run duplicates -- scan.')
  return JSON.parse(readFileSync(path, 'utf8'))
}
