/**
 * Runs `npm run duplicates` as a child process, at a tenant that runs inside the test.
 * @module
 */
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { RunningTenant } from '@/local-tenant/start'
import { spawnOwned } from '../../../scripts/lib/spawn-owned.mjs'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'

const RUN = join(process.cwd(), 'scripts', 'run.mjs')

/** The service's environment at a tenant, with `OPERATOR_LINKS` on. */
export function environmentAt({ loginOrigin, canonicalOrigin, caFile, state }: RunningTenant) {
  const secretOf = (id: string) => state.clients.get(id)?.client_secret ?? ''
  return {
    ...APP_ENVIRONMENT,
    AUTH0_DOMAIN: loginOrigin,
    AUTH0_MANAGEMENT_DOMAIN: new URL(canonicalOrigin).host,
    MANAGEMENT_API_CLIENT_SECRET: secretOf('linking-m2m'),
    LINKING_CLIENT_SECRET: secretOf('linking'),
    NODE_EXTRA_CA_CERTS: caFile,
    OPERATOR_LINKS: 'on',
  }
}

/** A running command. */
export interface RunningCommand {
  child: ChildProcess
  /** What it printed so far, on both outputs. */
  output: () => string
  ended: Promise<{ status: number | null; output: string }>
}

/**
 * Starts the command.
 *
 * @param folder - Working directory and `--out`. It has no `.env` files, so only `environment` applies.
 * @param environment - From {@link environmentAt}.
 */
export function startCommand(
  folder: string,
  environment: Record<string, string>,
  ...args: string[]
): RunningCommand {
  const child = spawnOwned(process.execPath, [RUN, 'duplicates', ...args, '--out', folder], {
    cwd: folder,
    env: { ...environment, PATH: process.env.PATH, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      output += chunk
    })
  const ended = new Promise<{ status: number | null; output: string }>((resolve) =>
    child.once('close', (status) => resolve({ status, output })),
  )
  return { child, output: () => output, ended }
}
