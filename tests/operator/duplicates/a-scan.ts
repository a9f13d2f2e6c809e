/**
 * Folders, exports and scans, for tests of the commands that read them.
 * @module
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { type Folder, folderAt } from '@/operator/duplicates/folder'
import { main } from '@/operator/duplicates/main'

/** An environment file that does not exist, so that only the variables of the process apply. */
const NO_FILE = join(tmpdir(), 'account-linking-no-such.env')

/** Makes a temporary folder for a test. Commands write into the folder `out` inside it. */
export function aScanFolder() {
  const path = mkdtempSync(join(tmpdir(), 'account-linking-scan-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  const folder = folderAt(join(path, 'out'))
  return {
    folder,
    /** Writes a file beside the folder, and returns its path. */
    write(name: string, content: string | Buffer): string {
      const file = join(path, name)
      writeFileSync(file, content)
      return file
    },
    /** Runs a command with this folder, and returns its exit status and what it printed. */
    run: (...args: string[]) => runCommand(...args, '--out', folder.path, '--env', NO_FILE),
    /** Scans files. */
    scan: (files: string[], ...args: string[]) =>
      runCommand(
        'scan',
        ...files.flatMap((file) => ['--file', file]),
        ...args,
        ...['--out', folder.path, '--env', NO_FILE],
      ),
    report: () => JSON.parse(readFileSync(folder.reportJson, 'utf8')),
    groups: () => jsonLines(folder.groups),
  }
}

/** Runs a command in this process. */
async function runCommand(...args: string[]) {
  const said: string[] = []
  const note = (line: unknown) => void said.push(String(line))
  const spies = (['log', 'error'] as const).map((name) => vi.spyOn(console, name).mockImplementation(note))
  const status = await main(args)
  for (const spy of spies) spy.mockRestore()
  return { status, output: said.join('\n') }
}

/** Reads a file that has one JSON value a line. */
export const jsonLines = (path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

/** A user as Auth0 exports it: with a verified address, and with the identity that its user id names. */
export function anExported(user_id: string, email: unknown, fields: Record<string, unknown> = {}) {
  const [provider = '', ...id] = user_id.split('|')
  const connection = provider === 'auth0' ? 'Username-Password-Authentication' : provider
  return {
    ...{ user_id, email, email_verified: true, created_at: '2024-01-01T00:00:00.000Z' },
    updated_at: '2024-02-01T00:00:00.000Z',
    identities: [{ provider, user_id: id.join('|'), connection, isSocial: false }],
    ...fields,
  }
}

/** Lines of an export. */
export const linesOf = (...users: object[]): string =>
  users.map((user) => `${JSON.stringify(user)}\n`).join('')

/** The user ids of each group that a scan found. */
export const idsOf = (folder: Folder): string[][] =>
  jsonLines(folder.groups)
    .map(({ accounts }) => accounts.map(({ user_id }: { user_id: string }) => user_id))
    .sort()
