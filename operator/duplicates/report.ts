/**
 * `report`: says what was found, for a manager and for programs, without an address.
 * @module
 */
import { writeFileSync } from 'node:fs'
import type { LinkingUser } from '../../core'
import type { Variables } from '../shared/env-file'
import { readEnvironment } from '../shared/environment'
import { readArguments } from './arguments'
import { readCounts } from './counts'
import { type Folder, folderAt } from './folder'
import { LineWriter } from './lines'
import { type Decided, decideAccounts, readAccounts, sizeOf, storedGroups } from './read-groups'
import { reportPage } from './report-page'
import { policyIn } from './settings'
import { type Report, Tally } from './tally'

/**
 * Runs the command.
 *
 * @param args - The arguments after its name.
 * @returns The exit status.
 * @throws {DuplicatesError}
 */
export async function report(args: string[]): Promise<number> {
  const { csv, out, env } = readArguments(args, { csv: { type: 'boolean', default: false } })
  await makeReport(folderAt(out), readEnvironment(process.cwd(), env), csv)
  return 0
}

/**
 * Decides about every group that was scanned, and writes the report.
 *
 * @param env - Of the service: its rules decide.
 * @param isCsv - Whether to write `report.csv` as well: a line for each account.
 * @throws {DuplicatesError} `nothing_scanned`, `environment_unusable`.
 */
export async function makeReport(folder: Folder, env: Variables, isCsv: boolean): Promise<Report> {
  const terms = { policy: policyIn(env), now: Math.floor(Date.now() / 1000) }
  const counts = readCounts(folder)
  const found = storedGroups(folder)
  const tally = new Tally()
  const groups = new LineWriter(folder.groups)
  const csv = isCsv ? new LineWriter(folder.reportCsv) : undefined
  await csv?.write(
    'key,user_id,connection,email_verified,blocked,created_at,last_login,logins_count,stays,outcome',
  )
  for await (const stored of found) {
    const read = readAccounts(stored)
    const accounts = [...read.users, ...read.incomplete]
    const decided = await decideAccounts(read, terms)
    tally.add(accounts, sizeOf(stored), decided)
    await groups.write(JSON.stringify(lineOf(stored.key, accounts, decided)))
    if (csv) for (const row of rowsOf(stored.key, accounts, decided)) await csv.write(row)
  }
  await groups.end()
  await csv?.end()
  const made = tally.end(counts)
  writeFileSync(folder.reportJson, `${JSON.stringify(made, undefined, 2)}\n`)
  writeFileSync(folder.reportHtml, reportPage(made))
  say(folder, made)
  return made
}

/** What is shown of an account. */
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

/** A spreadsheet takes a text for a formula if it begins like one. */
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
