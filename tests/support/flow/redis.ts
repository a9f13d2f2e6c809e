/**
 * Redis servers for tests: real ones on free ports, without persistence.
 * @module
 */
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@redis/client'
import { freePort } from '../../../scripts/lib/options.mjs'
import { ensureRedis, findRedis } from '../../../scripts/lib/redis.mjs'
import { spawnOwned } from '../../../scripts/lib/spawn-owned.mjs'

/** A Redis server that the test controls. */
export interface TestRedis {
  url: string
  /** Ends the server for good. */
  stop: () => Promise<void>
  /** Ends the server at once, as a crash would. */
  kill: () => Promise<void>
  /** Starts the server again at the same URL, without data. */
  restart: () => Promise<void>
  /** Deletes all data. Connections stay open. */
  empty: () => Promise<void>
  /** Makes the server hang: connections stay open, but it does not respond. */
  pause: () => void
  /** Lets the server respond again. */
  resume: () => void
}

/**
 * Starts a server.
 *
 * @param options - Command-line options, such as `['--requirepass', '…']`.
 */
export async function startRedis(options: string[] = []): Promise<TestRedis> {
  await ensureRedis()
  const folder = mkdtempSync(join(tmpdir(), 'account-linking-redis-'))
  const port = await freePort(0, false, '127.0.0.1')
  let server = await serve(port, folder, options)
  const kill = () => end(server)
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    restart: async () => {
      await kill()
      server = await serve(port, folder, options)
    },
    empty: () => flush(`redis://127.0.0.1:${port}`),
    stop: async () => {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
    pause: () => server.kill('SIGSTOP'),
    resume: () => server.kill('SIGCONT'),
  }
}

/**
 * Waits until an application has a working connection to its Redis. On a busy machine the first command can time out while
 * the client is loading, and the application then pauses before it tries again.
 *
 * @param app - URL of the application.
 * @param output - Returns the application's output so far.
 */
export async function untilConnected(app: string | URL, output: () => string): Promise<void> {
  const count = (event: string) => output().split(`"event":"${event}"`).length
  const end = Date.now() + 20_000
  do {
    await fetch(new URL('/link/prompt?flow=0123456789abcdef', app))
    if (count('store_back') === count('store_lost')) return
    await new Promise((resolve) => setTimeout(resolve, 1_100))
  } while (Date.now() < end)
  throw new Error('the application has no connection to Redis')
}

async function serve(port: number, folder: string, options: string[]): Promise<ChildProcess> {
  const quiet = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
  const server = spawnOwned(findRedis() ?? '', ['--port', String(port), ...quiet, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((resolve, reject) => {
    let output = ''
    server.stdout?.on('data', (chunk) => {
      output += chunk
      if (output.includes('Ready to accept connections')) resolve()
    })
    server.once('error', reject)
    server.once('close', () => reject(new Error(`Redis ended while starting:\n${output}`)))
  })
  return server
}

async function flush(url: string): Promise<void> {
  const client = createClient({ url })
  await client.connect()
  await client.flushAll()
  await client.close()
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = new Promise((resolve) => server.once('close', resolve))
  server.kill('SIGKILL')
  await ended
}
