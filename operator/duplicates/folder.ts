/**
 * The folder in which `npm run duplicates` keeps what it found, planned and did. User ids of some connections contain email
 * addresses, so only the folder's owner may read it.
 * @module
 */
import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** The paths of the files in the folder. */
export interface Folder {
  readonly path: string
  /** The HMAC key that turns an email address into the name of a group. It is made once. */
  readonly key: string
  /** The groups that `scan` found, one a line, with every account as it was exported. `scan --forget` removes this file. */
  readonly accounts: string
  /** The numbers that `scan` counted. */
  readonly counts: string
  /** The export job that was started and is not scanned yet. `download` is the file of that job. */
  readonly job: string
  readonly download: string
  /** DuckDB's files. They are removed when a scan ends. */
  readonly temporary: string
  readonly groups: string
  readonly reportHtml: string
  readonly reportJson: string
  readonly reportCsv: string
  readonly planHead: string
  readonly plan: string
  /** The rights (roles, permissions, memberships, factors) of accounts in the plan that were read so far. */
  readonly rights: string
  /** The journal of what `apply`, `undo` and `ask` did: one step a line, only ever appended to. */
  readonly journal: string
}

/** Names the files of a folder. */
export function folderAt(path: string): Folder {
  const file = (name: string) => join(path, name)
  return {
    path,
    key: file('key'),
    accounts: file('accounts.ndjson'),
    counts: file('counts.json'),
    job: file('export-job.json'),
    download: file('export.ndjson.gz'),
    temporary: file('temporary'),
    groups: file('groups.ndjson'),
    reportHtml: file('report.html'),
    reportJson: file('report.json'),
    reportCsv: file('report.csv'),
    planHead: file('plan.json'),
    plan: file('plan.ndjson'),
    rights: file('rights.ndjson'),
    journal: file('journal.ndjson'),
  }
}

/** Makes the folder, for its owner only, if it is not there. */
export const makeFolder = ({ path }: Folder): void => {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  // The folder may have existed with other permissions.
  chmodSync(path, 0o700)
}
