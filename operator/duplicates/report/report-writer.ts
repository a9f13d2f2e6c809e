/**
 * Writes a report group by group: `groups.ndjson`, `report.json`, `report.html`, and with `--csv` also `report.csv`.
 * @module
 */
import { writeFileSync } from 'node:fs'
import type { LinkingUser, LinkPolicy } from '../../../core'
import type { ScanCounts } from '../export/counts'
import type { Folder } from '../folder'
import type { StoredGroup } from '../groups/found-groups'
import { type Decided, decideAccounts, readAccounts, sizeOf } from '../groups/read-groups'
import { type Report, Tally } from '../groups/tally'
import { LineWriter } from '../lines'
import { reportPage } from './report-page'

const CSV_HEAD =
  'key,user_id,connection,email_verified,blocked,created_at,last_login,logins_count,stays,outcome'

/** A report that is being written. */
export class ReportWriter {
  readonly #tally = new Tally()
  readonly #groups: LineWriter
  readonly #csv: LineWriter | undefined
  readonly #now = Math.floor(Date.now() / 1000)

  /**
   * @param folder - The folder whose report is replaced.
   * @param policy - The linking rules by which pairs are decided.
   * @param isCsv - Whether to write `report.csv`, with one line for each account.
   */
  constructor(
    private readonly folder: Folder,
    private readonly policy: LinkPolicy,
    isCsv: boolean,
  ) {
    this.#groups = new LineWriter(folder.groups)
    this.#csv = isCsv ? new LineWriter(folder.reportCsv, CSV_HEAD) : undefined
  }

  /**
   * Decides about a group, and adds it to the report.
   *
   * @param bytes - The size of each account in bytes, if known.
   */
  async add(stored: StoredGroup, bytes?: number[]): Promise<void> {
    const read = readAccounts(stored, bytes)
    const accounts = [...read.users, ...read.incomplete]
    const decided = await decideAccounts(read, { policy: this.policy, now: this.#now })
    this.#tally.add(accounts, sizeOf(stored), decided)
    await this.#groups.write(JSON.stringify(lineOf(stored.key, accounts, decided)))
    if (this.#csv) for (const row of rowsOf(stored.key, accounts, decided)) await this.#csv.write(row)
  }

  /** Completes the report, and prints a summary and the report's path. */
  async end(counts: ScanCounts): Promise<Report> {
    await this.#groups.end()
    await this.#csv?.end()
    const report = this.#tally.end(counts)
    writeFileSync(this.folder.reportJson, `${JSON.stringify(report, undefined, 2)}\n`)
    writeFileSync(this.folder.reportHtml, reportPage(report))
    say(this.folder, report)
    return report
  }
}

/** The fields of an account that a report shows. */
const shown = (user: LinkingUser) => {
  const { user_id, identities, email_verified, blocked, created_at, logins_count } = user
  const { last_login } = user as { last_login?: string }
  return {
    user_id,
    connection: identities[0]?.connection ?? null,
    email_verified: email_verified === true,
    created_at: created_at ?? null,
    last_login: last_login ?? null,
    logins_count: logins_count ?? 0,
    blocked: Boolean(blocked),
  }
}

/** A line of `groups.ndjson`. */
const lineOf = (key: string, accounts: LinkingUser[], { stays, pairs }: Decided) => ({
  key,
  accounts: accounts.map(shown),
  stays,
  pairs: pairs.map(({ secondary, outcome }) => ({ secondary, outcome })),
})

function rowsOf(key: string, accounts: LinkingUser[], { stays, pairs }: Decided): string[] {
  return accounts.map((user) => {
    const { user_id: id, ...rest } = shown(user)
    const { connection, email_verified, blocked, created_at, last_login, logins_count } = rest
    const outcome = pairs.find(({ secondary }) => secondary === id)?.outcome ?? ''
    const cells = [key, id, connection, email_verified, blocked, created_at, last_login, logins_count]
    return [...cells, stays === id, outcome].map(cell).join(',')
  })
}

/** The text of a CSV cell. A spreadsheet would run a text that begins like a formula, so such a text gets a quote first. */
function cell(value: string | number | boolean | null): string {
  const text = String(value ?? '').replace(/^[=+\-@\t\r]/, "'$&")
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function say(
  { reportHtml }: Folder,
  { users, groups, accounts_in_groups: accounts, linkable_groups }: Report,
): void {
  const number = (value: number) => value.toLocaleString('en')
  console.log(
    `${number(users)} users; ${number(groups)} addresses have ${number(accounts)} accounts; at ${number(linkable_groups)} of them accounts could be linked.`,
  )
  console.log(reportHtml)
}
