import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fillWorld } from '@/local-tenant/control/fill-world'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { aTenant } from '../../support/tenant/tenant'
import { anExported, linesOf } from './a-scan'

const RUN = join(process.cwd(), 'scripts', 'run.mjs')
const TEST_TIMEOUT_MS = 60_000
const tenant = await aTenant()
const running: ChildProcess[] = []
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'account-linking-duplicates-'))
  tenant.state.reset({ users: [] })
  fillWorld(tenant.state, { users: 3_000, seed: 1, kinds: {} })
})
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

/** Starts `npm run duplicates` in the temporary folder of the test. */
function start(...args: string[]) {
  const child = spawn(process.execPath, [RUN, 'duplicates', ...args, '--out', join(folder, 'out')], {
    cwd: folder,
    env: {
      ...APP_ENVIRONMENT,
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      NODE_EXTRA_CA_CERTS: tenant.caFile,
      AUTH0_DOMAIN: tenant.loginOrigin,
      AUTH0_MANAGEMENT_DOMAIN: new URL(tenant.canonicalOrigin).host,
      MANAGEMENT_API_CLIENT_SECRET: tenant.state.clients.get('linking-m2m')?.client_secret ?? '',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.push(child)
  const said = { output: '' }
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said.output += chunk
    })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { child, said, ended }
}

async function run(...args: string[]) {
  const { said, ended } = start(...args)
  return { status: await ended, output: said.output }
}

const files = () => readdirSync(join(folder, 'out')).sort()
const report = () => JSON.parse(readFileSync(join(folder, 'out', 'report.json'), 'utf8'))
const exports = () => tenant.state.ledger.filter(({ path }) => path.endsWith('/users-exports'))

describe('npm run duplicates', { timeout: TEST_TIMEOUT_MS }, () => {
  it('scans the tenant, continues the export job of a killed run, and leaves only its own files', async () => {
    const killed = start('scan')
    await vi.waitFor(() => expect(killed.said.output).toContain('The tenant exports its users'), 30_000)
    killed.child.kill('SIGKILL')
    await killed.ended
    expect(existsSync(join(folder, 'out', 'report.json'))).toBe(false)
    const { status, output } = await run('scan')
    expect([status, output]).toEqual([0, expect.stringContaining('3,000 users')])
    expect(exports()).toHaveLength(1)
    expect(report()).toMatchObject({ users: 3_000, groups: expect.any(Number) })
    const kept = ['accounts.ndjson', 'counts.json', 'groups.ndjson', 'key', 'report.html', 'report.json']
    expect(files()).toEqual(kept)
  })

  it('scans once at a time: a second command ends with already_running, and the first one succeeds', async () => {
    const first = start('scan')
    await vi.waitFor(() => expect(first.said.output).toContain('The tenant exports its users'), 30_000)
    first.child.kill('SIGSTOP')
    const second = await run('scan', '--forget')
    expect([second.status, second.output]).toEqual([3, expect.stringContaining('already_running')])
    first.child.kill('SIGCONT')
    expect(await first.ended).toBe(0)
  })

  it('scans a file and plans without a call of the tenant', async () => {
    const users = [anExported('auth0|1', 'ann@example.com'), anExported('google-oauth2|1', 'ann@example.com')]
    const file = join(folder, 'users.gz')
    writeFileSync(file, gzipSync(linesOf(...users)))
    const rule = join(folder, 'rule.json')
    const connections = { stays: ['auth0'], ends: ['google-oauth2'] }
    writeFileSync(rule, JSON.stringify({ connections, because: 'Imported twice.' }))
    const calls = tenant.state.ledger.length
    expect((await run('scan', '--file', file)).status).toBe(0)
    const { status, output } = await run('plan', '--rule', rule)
    expect([status, output]).toEqual([0, expect.stringMatching(/plan_id [0-9a-f]{32}\n$/)])
    expect(tenant.state.ledger).toHaveLength(calls)
  })

  it('leaves no file if a scan fails, and ends with status 3 if it cannot run', async () => {
    const file = join(folder, 'users.gz')
    const whole = gzipSync(linesOf(anExported('auth0|1', 'ann@example.com')))
    writeFileSync(file, whole.subarray(0, -4))
    expect((await run('scan', '--file', file)).status).toBe(3)
    expect(files()).toEqual([])
    for (const args of [['scan', '--unknown'], ['report'], ['unknown'], []])
      expect((await run(...args)).status, args.join(' ')).toBe(3)
  })
})
