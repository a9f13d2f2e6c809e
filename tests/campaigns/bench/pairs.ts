/**
 * Makes people with two accounts each, links them with the operator's commands, and reads the calls to the tenant.
 * @module
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Demo } from '../../../scripts/lib/demo-world.mjs'
import { spawnOwned } from '../../../scripts/lib/spawn-owned.mjs'
import { startCommand } from '../../operator/duplicates/a-command'
import { FlowTenant } from '../../support/flow/tenant'

/** A Management API call that the tenant received. */
export interface Call {
  /** Milliseconds since the epoch. */
  at: number
  method: string
  path: string
  status: number
}

/** Users with a password and a Google account each, of which the first one is older. */
export const people = (count: number): object[] =>
  Array.from({ length: count }, (_, person) =>
    ['auth0', 'google-oauth2'].map((provider, account) => ({
      user_id: `${provider}|person-${person}`,
      email: `person-${person}@example.com`,
      email_verified: true,
      created_at: `202${account}-01-01T00:00:00.000Z`,
    })),
  ).flat()

/** Every Management API call since the tenant's last reset. */
export async function callsAt(demo: Demo): Promise<Call[]> {
  const response = await fetch(`${demo.tenant}/_tenant/ledger`)
  const ledger = (await response.json()) as (Omit<Call, 'at'> & { at: string })[]
  return ledger
    .filter(({ path }) => path.startsWith('/api/v2/'))
    .map(({ at, method, path, status }) => ({ at: Date.parse(at), method, path, status }))
}

/**
 * Scans the tenant, plans every pair of a password and a Google account, and applies the plan.
 *
 * @param args - Further arguments of `apply`.
 * @returns The calls of `apply` alone.
 * @throws {Error} If not exactly `pairs` pairs are linked.
 */
export async function applied(
  demo: Demo,
  pairs: number,
  env: Record<string, string>,
  ...args: string[]
): Promise<Call[]> {
  const folder = mkdtempSync(join(tmpdir(), 'account-linking-bench-'))
  const environment = { ...demo.env, NODE_EXTRA_CA_CERTS: demo.ca, OPERATOR_LINKS: 'on', ...env }
  const run = async (...command: string[]) => {
    const { status, output } = await startCommand(folder, environment, ...command).ended
    if (status !== 0) throw new Error(`duplicates ${command[0]} ended with ${status}: ${output}`)
    return output
  }
  try {
    await run('scan')
    const rule = join(folder, 'rule.json')
    const connections = { stays: ['auth0'], ends: ['google-oauth2'] }
    writeFileSync(rule, JSON.stringify({ connections, because: 'The benchmark made them.' }))
    await run('plan', '--rule', rule)
    const { plan_id } = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8'))
    await new FlowTenant(demo).options({ plan: 'enterprise' })
    const before = (await callsAt(demo)).length
    const output = await run('apply', '--plan-id', plan_id, ...args)
    if (!output.includes(`linked ${pairs}`)) throw new Error(`not ${pairs} pairs were linked: ${output}`)
    return (await callsAt(demo)).slice(before)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Starts processes that do the service's background work (`npm run worker`), and waits until all of them have started. */
export async function startWorkers(demo: Demo, count: number, env: Record<string, string>) {
  const environment = { ...demo.env, NODE_EXTRA_CA_CERTS: demo.ca, OPERATOR_LINKS: 'on', ...env }
  const workers = await Promise.all(Array.from({ length: count }, () => startWorker(environment)))
  return { end: () => Promise.all(workers.map((end) => end())) }
}

async function startWorker(environment: Record<string, string>): Promise<() => Promise<void>> {
  const worker = spawnOwned(process.execPath, ['scripts/run.mjs', 'worker'], {
    env: { ...environment, PATH: process.env.PATH, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => worker.once('close', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    let output = ''
    worker.stdout?.on('data', (chunk) => {
      output += chunk
      if (output.includes('"event":"worker_started"')) resolve()
    })
    void ended.then(() => reject(new Error(`a worker ended: ${output}`)))
  })
  return async () => {
    worker.kill('SIGTERM')
    await ended
  }
}
