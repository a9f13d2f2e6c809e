/**
 * The folder in which `npm run duplicates` keeps what it found, planned and did. User ids of some connections are addresses, so only
 * its owner may read it.
 * @module
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** Where each file stands. */
export interface Folder {
  readonly path: string
  /** The HMAC key by which groups are named; made once. */
  readonly key: string
  /** What `scan` found: one group a line, with every account as it was exported. Gone after `scan --forget`. */
  readonly accounts: string
  /** For DuckDB; removed when a scan ends. */
  readonly temporary: string
  readonly groups: string
  readonly reportHtml: string
  readonly reportJson: string
  readonly planHead: string
  readonly plan: string
  /** What `apply` and `undo` did: append-only, one step a line. */
  readonly journal: string
}

/** Names the files of a folder. */
export function folderAt(path: string): Folder {
  const file = (name: string) => join(path, name)
  return {
    path,
    key: file('key'),
    accounts: file('accounts.ndjson'),
    temporary: file('temporary'),
    groups: file('groups.ndjson'),
    reportHtml: file('report.html'),
    reportJson: file('report.json'),
    planHead: file('plan.json'),
    plan: file('plan.ndjson'),
    journal: file('journal.ndjson'),
  }
}

/** Makes the folder, for its owner only, if it is not there. */
export const makeFolder = ({ path }: Folder): void => {
  mkdirSync(path, { recursive: true, mode: 0o700 })
}
