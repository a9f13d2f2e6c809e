/**
 * `report`: makes the report again from the last scan, by the current linking rules.
 * @module
 */
import { readEnvironment } from '../shared/environment'
import { readArguments } from './arguments'
import { readCounts } from './export/counts'
import { folderAt } from './folder'
import { storedGroups } from './groups/read-groups'
import { ReportWriter } from './report/report-writer'
import { policyIn } from './settings'

/**
 * Runs the command.
 *
 * @param args - The arguments after the command's name.
 * @returns The exit status.
 * @throws {DuplicatesError} `bad_arguments`, `environment_unusable`, `nothing_scanned`.
 */
export async function report(args: string[]): Promise<number> {
  const { csv, out, env } = readArguments(args, { csv: { type: 'boolean', default: false } })
  const folder = folderAt(out)
  const policy = policyIn(readEnvironment(process.cwd(), env))
  const counts = readCounts(folder)
  const found = storedGroups(folder)
  const writer = new ReportWriter(folder, policy, csv)
  for await (const stored of found) await writer.add(stored)
  await writer.end(counts)
  return 0
}
