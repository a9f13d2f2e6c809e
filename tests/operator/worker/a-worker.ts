/**
 * Runs `npm run worker` as a child process.
 * @module
 */
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { spawnOwned } from '../../../scripts/lib/spawn-owned.mjs'

const RUN = join(process.cwd(), 'scripts', 'run.mjs')
/** A folder without `.env` files. */
export const NO_ENVIRONMENT = join(process.cwd(), 'tests')

/** Starts a worker, and waits up to 20 s for its line `worker_started`. */
export async function startWorkerProcess(environment: Record<string, string | undefined>) {
  const worker = spawnOwned(process.execPath, [RUN, 'worker'], {
    cwd: NO_ENVIRONMENT,
    env: { ...environment, PATH: process.env.PATH, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => worker.once('close', resolve))
  let output = ''
  worker.stdout?.on('data', (chunk) => {
    output += chunk
  })
  await vi.waitFor(() => expect(output).toContain('"event":"worker_started"'), 20_000)
  return {
    output: () => output,
    /** Sends the signal, and resolves to the exit status when the worker has ended. */
    async kill(signal: 'SIGKILL' | 'SIGTERM') {
      worker.kill(signal)
      return ended
    },
  }
}
