/**
 * `counts.json`: the numbers that a scan counted, for later reports.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs'
import { writePrivate } from '../../shared/env-file'
import { DuplicatesError } from '../error'
import type { Folder } from '../folder'
import type { BrokenLines, UserCounts } from './read-exports'

/** The content of `counts.json`. */
export interface ScanCounts extends UserCounts {
  /** When the scan ran, in seconds since the epoch. */
  scanned_at: number
  /** The lines that could not be read, for each file that has any. */
  broken_lines: (BrokenLines & { file: number })[]
  /** Numbers of the files that were cut off, so that only their whole lines were read. */
  partial_files: number[]
}

/** Writes `counts.json`. */
export const writeCounts = ({ counts: path }: Folder, counts: ScanCounts): void =>
  writePrivate(path, `${JSON.stringify(counts, undefined, 2)}\n`)

/**
 * Reads `counts.json`.
 *
 * @throws {DuplicatesError} `nothing_scanned`.
 */
export function readCounts({ counts: path }: Folder): ScanCounts {
  if (!existsSync(path))
    throw new DuplicatesError('nothing_scanned', 'Nothing was scanned here: run npm run duplicates -- scan.')
  return JSON.parse(readFileSync(path, 'utf8'))
}
