/**
 * `scan`: reads exports of a tenant's users, and finds the email addresses that several accounts have.
 * @module
 */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { LinkPolicy } from '../../core'
import { readEnvironment } from '../shared/environment'
import { readArguments } from './arguments'
import { DuplicatesError } from './error'
import { type ScanCounts, writeCounts } from './export/counts'
import { openStore, type Store } from './export/duckdb'
import { checkExport, copyWholeLines, type ExportFile, openExport } from './export/export-file'
import { fetchExport, forgetDownload } from './export/export-job'
import {
  beginReading,
  type ExportFiles,
  findShared,
  forgetExport,
  nameBrokenLines,
  readExport,
  sharedLines,
} from './export/read-exports'
import { type Folder, folderAt, makeFolder } from './folder'
import { lockFolder } from './folder-lock'
import { foundGroups, namer } from './groups/found-groups'
import type { Report } from './groups/tally'
import { LineWriter } from './lines'
import { ReportWriter } from './report/report-writer'
import { policyIn } from './settings'

/** The most broken lines whose numbers are printed. */
const MAX_PRINTED = 20

/**
 * Runs the command.
 *
 * @param args - The arguments after the command's name.
 * @returns The exit status.
 * @throws {DuplicatesError} `bad_arguments`, `already_running`, and those of {@link fetchExport} and {@link scanFiles}.
 * @throws {OperatorError} If the tenant does not export its users.
 */
export async function scan(args: string[]): Promise<number> {
  const values = readArguments(args, {
    file: { type: 'string', multiple: true },
    partial: { type: 'boolean', default: false },
    forget: { type: 'boolean', default: false },
    csv: { type: 'boolean', default: false },
  })
  const folder = folderAt(values.out)
  makeFolder(folder)
  const release = lockFolder(folder)
  try {
    if (values.forget) return forget(folder)
    const env = readEnvironment(process.cwd(), values.env)
    const policy = policyIn(env)
    const paths = values.file ?? [await fetchExport(folder, env)]
    await scanFiles(folder, paths, { policy, isPartial: values.partial, isCsv: values.csv })
    if (!values.file) forgetDownload(folder)
    return 0
  } finally {
    release()
  }
}

/** Removes everything that was read from the tenant. Reports, plans and the journal stay. */
function forget(folder: Folder): number {
  forgetDownload(folder)
  for (const path of [folder.accounts, `${folder.accounts}.part`, folder.rights, folder.temporary])
    rmSync(path, { recursive: true, force: true })
  console.log('Forgotten: the accounts that were scanned, and what was downloaded.')
  return 0
}

/** Options of a scan. */
export interface ScanOptions {
  /** The linking rules by which the report decides pairs. */
  policy: LinkPolicy
  /** Whether to read the whole lines of a file that was cut off, instead of refusing the file. */
  isPartial: boolean
  isCsv: boolean
}

/**
 * Scans files. It writes the groups that it finds and the report to the folder.
 *
 * @throws {DuplicatesError} `duckdb_missing`, `file_unreadable`, `file_truncated`.
 */
export async function scanFiles(
  folder: Folder,
  paths: string[],
  { policy, isPartial, isCsv }: ScanOptions,
): Promise<Report> {
  const store = await openStore(folder.temporary)
  try {
    const { files, ...read } = await readFiles(store, folder, paths, isPartial)
    const { counts, isRepeated } = await findShared(store, files)
    const all = { scanned_at: Math.floor(Date.now() / 1000), ...counts, ...read }
    sayBroken(paths, all)
    const accounts = new LineWriter(folder.accounts)
    const report = new ReportWriter(folder, policy, isCsv)
    const rows = store.stream(sharedLines(files, isRepeated))
    for await (const { group, line, bytes } of foundGroups(rows, namer(folder))) {
      await accounts.write(line)
      await report.add(group, bytes)
    }
    await accounts.end()
    writeCounts(folder, all)
    // The stored rights belong to the accounts as they were at the previous scan.
    rmSync(folder.rights, { force: true })
    return await report.end(all)
  } finally {
    store.close()
  }
}

/** The files that were read, and what could not be read of them. */
type Read = Pick<ScanCounts, 'broken_lines' | 'partial_files'> & { files: ExportFiles }

/**
 * Reads files into the database, and finds the numbers of the lines that cannot be read.
 *
 * @throws {DuplicatesError} `file_unreadable`, `file_truncated`.
 */
export async function readFiles(
  store: Store,
  { temporary }: Folder,
  paths: string[],
  isPartial: boolean,
): Promise<Read> {
  const read: Read = { files: new Map(), broken_lines: [], partial_files: [] }
  await beginReading(store)
  for (const [index, path] of paths.entries()) {
    const number = index + 1
    const whole = await readWhole(
      store,
      await openExport(path),
      number,
      isPartial,
      join(temporary, `whole-${number}.gz`),
    )
    const parts = [whole.file]
    if (whole.isCut) read.partial_files.push(number)
    if (whole.users !== whole.lines) {
      const rescued = join(temporary, `rescued-${number}`)
      const broken = await nameBrokenLines(store, whole.file, rescued)
      if (broken.count > 0) read.broken_lines.push({ file: number, ...broken })
      if (existsSync(rescued)) {
        parts.push({ path: rescued, isGzip: false })
        await readExport(store, { path: rescued, isGzip: false }, number)
      }
    }
    read.files.set(number, parts)
  }
  return read
}

/** Reads a file into the database, while Node.js checks whether the file is complete. */
async function readWhole(
  store: Store,
  file: ExportFile,
  number: number,
  isPartial: boolean,
  copy: string,
): Promise<{ file: ExportFile; users: number; lines: number; isCut: boolean }> {
  const [{ lines, isCut }, users] = await Promise.all([
    checkExport(file),
    // DuckDB may fail on a damaged file. The check finds out whether the file is damaged.
    readExport(store, file, number).catch((error: unknown) => error as Error),
  ])
  if (!isCut) {
    if (typeof users !== 'number')
      throw new DuplicatesError('file_unreadable', `${file.path}: ${users.message}`)
    return { file, users, lines, isCut }
  }
  if (!isPartial)
    throw new DuplicatesError(
      'file_truncated',
      `${file.path} ends in the middle, after ${lines} whole lines. Download it again, or go on with these lines: --partial.`,
    )
  await forgetExport(store, number)
  const whole = await copyWholeLines(file, copy)
  return { file: whole, users: await readExport(store, whole, number), lines, isCut }
}

function sayBroken(paths: string[], { broken_lines, partial_files }: ScanCounts): void {
  for (const { file, count, numbers } of broken_lines) {
    const named = numbers.slice(0, MAX_PRINTED).join(', ')
    const rest = count > MAX_PRINTED ? ' …' : ''
    console.log(
      `${paths[file - 1]}: ${count} lines cannot be read: ${named || 'they cannot be named'}${rest}`,
    )
  }
  for (const file of partial_files) console.log(`${paths[file - 1]}: only its whole lines were read.`)
}
