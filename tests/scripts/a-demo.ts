/**
 * Runs `npm run demo` and `npm run dev` as child processes.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { expect } from 'vitest'

/** Flags that make the command use free ports. */
export const ANY_PORTS = ['app', 'tenant', 'tenant-tls', 'other'].flatMap((name) => [`--${name}-port`, '0'])
/** Timeout of a test, in milliseconds. The first one may have to build the app. */
export const TEST_TIMEOUT_MS = 120_000
const READY = /^READY app=(\S+) tenant=(\S+) tls=(\S+) other=(\S+) ca=(\S+) smtp=(\S+)$/m

/** A running command. */
export interface RunningDemo {
  child: ChildProcess
  /** Returns what it printed so far. */
  output: () => string
  /** Resolves to the exit status. */
  ended: Promise<number | null>
  /** Resolves to the addresses of the line `READY`, in its order. Rejects if the command ends first. */
  ready: () => Promise<string[]>
}

/** Starts `scripts/demo.mjs` with flags. With `--dev` that is `npm run dev`. */
export function startDemo(...flags: string[]): RunningDemo {
  const child = spawn(process.execPath, ['scripts/demo.mjs', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    child,
    output: () => output,
    ended,
    async ready() {
      for (;;) {
        const match = READY.exec(output)
        if (match) return match.slice(1)
        const status = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 50))])
        if (status !== undefined) throw new Error(`The demo ended with ${status}: ${output}`)
      }
    },
  }
}

/** The status with which a URL responds; undefined if nothing listens there. */
export const statusAt = (url: string): Promise<number | undefined> =>
  fetch(url).then(
    ({ status }) => status,
    () => undefined,
  )

/** Fails unless all addresses of a demo answer, and none of them after the demo was asked to end. */
export async function expectToEnd(demo: RunningDemo, ...further: string[]): Promise<void> {
  const [app = '', tenant = '', , other = ''] = await demo.ready()
  const urls = [`${app}/healthz`, `${tenant}/.well-known/openid-configuration`, `${other}/`, ...further]
  expect(await Promise.all(urls.map(statusAt))).toEqual(urls.map(() => 200))
  demo.child.kill('SIGTERM')
  expect(await demo.ended).toBe(0)
  expect(await Promise.all(urls.map(statusAt))).toEqual(urls.map(() => undefined))
}
