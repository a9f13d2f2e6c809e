/**
 * The servers that the application is compared with.
 * @module
 */
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { designSheet } from '../../../components/design/sheet'
import { freePort } from '../../../scripts/lib/options.mjs'
import { NEXT, ROOT } from '../../../scripts/lib/paths.mjs'
import { run } from '../../../scripts/lib/run.mjs'
import { spawnOwned } from '../../../scripts/lib/spawn-owned.mjs'

const COLORS = { accent: '#1f4e79', onAccent: '#ffffff', page: undefined }

/** A server that runs until it is closed. */
export interface Server {
  url: string
  close: () => Promise<void>
}

/** The built empty application. */
export interface Floor {
  folder: string
  start: (env?: Record<string, string>) => Promise<Server>
}

/** Builds the empty application, for the lifetime of this process. */
export async function buildFloor(): Promise<Floor> {
  const folder = mkdtempSync(join(tmpdir(), 'account-linking-floor-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  cpSync(join(ROOT, 'tests', 'campaigns', 'bench', 'floor'), folder, { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  // The style of the prompt in its own file, as the framework serves styles.
  writeFileSync(join(folder, 'app', 'words', 'words.css'), designSheet({ light: COLORS, dark: COLORS }))
  await run(process.execPath, [NEXT, 'build', folder], {
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  })
  return {
    folder,
    async start(env = {}) {
      const port = await freePort(0, false, '127.0.0.1')
      const args = [NEXT, 'start', folder, '-H', '127.0.0.1', '-p', String(port)]
      return startServer(`http://127.0.0.1:${port}`, args, { ...env, NODE_ENV: 'production' })
    },
  }
}

/** Starts the bare server: `node:http` with the same cryptography as the linking service. */
export async function startBare(env: Record<string, string>): Promise<Server> {
  const port = await freePort(0, false, '127.0.0.1')
  const file = join(ROOT, 'tests', 'campaigns', 'bench', 'bare-server.mjs')
  return startServer(`http://127.0.0.1:${port}`, [file], { ...env, PORT: String(port) })
}

/**
 * Starts a server as a process of this Node.js.
 *
 * @param url - The server has started when this address answers anything.
 */
export async function startServer(url: string, args: string[], env: Record<string, string>): Promise<Server> {
  const child = spawnOwned(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  await untilAnswered(url, ended)
  return {
    url,
    close: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/**
 * Waits until a server gives any answer.
 *
 * @param ended - Resolves if the server's process ends.
 */
async function untilAnswered(url: string, ended: Promise<void>): Promise<void> {
  let isOver = false
  void ended.then(() => {
    isOver = true
  })
  for (;;) {
    if (await fetch(url, { redirect: 'manual' }).catch(() => undefined)) return
    if (isOver) throw new Error(`nothing answers at ${url}: its process has ended`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
