import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'

const ANY_PORTS = ['app', 'tenant', 'tenant-tls', 'other'].flatMap((name) => [`--${name}-port`, '0'])
/** The first run may have to build. */
const TEST_TIMEOUT_MS = 120_000
const READY = /^READY app=(\S+) tenant=(\S+) tls=(\S+) other=(\S+) ca=(\S+) smtp=(\S+)$/m
/** The hint with the example's address. */
const EXAMPLE = /^ +4\. (\S+)/m

let child: ChildProcess | undefined
let output = ''

function startDemo(...flags: string[]): ChildProcess {
  output = ''
  const started = spawn(process.execPath, ['scripts/demo.mjs', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [started.stdout, started.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  child = started
  return started
}

const ended = (demo: ChildProcess) => new Promise<number | null>((resolve) => demo.once('close', resolve))

async function readyLine(demo: ChildProcess): Promise<string[]> {
  const isOver = ended(demo)
  for (;;) {
    const match = READY.exec(output)
    if (match) return match.slice(1)
    const status = await Promise.race([isOver, new Promise((resolve) => setTimeout(resolve, 50))])
    if (status !== undefined) throw new Error(`The demo ended with ${status}: ${output}`)
  }
}

const answers = (url: string) =>
  fetch(url).then(
    ({ status }) => status,
    () => undefined,
  )

afterEach(() => {
  child?.kill('SIGKILL')
})

describe('npm run dev', () => {
  it(
    'starts the same with next dev, unless one already runs in this clone',
    async () => {
      const dev = startDemo('--dev', ...ANY_PORTS)
      const isOver = ended(dev)
      const [app] = await readyLine(dev).catch(() => [])
      if (app === undefined) expect(output).toContain('server is already running')
      else expect(await answers(`${app}/healthz`)).toBe(200)
      dev.kill('SIGTERM')
      await isOver
    },
    TEST_TIMEOUT_MS,
  )
})

describe('npm run demo', () => {
  it(
    'prints all addresses when everything answers, and leaves nothing behind when it ends',
    async () => {
      const demo = startDemo('--example', ...ANY_PORTS)
      const [app = '', tenant = '', tls = '', other = '', ca = ''] = await readyLine(demo)
      expect(tls).toMatch(/^https:\/\/localhost:\d+$/)
      expect(existsSync(ca)).toBe(true)
      // The hints come after the line.
      await expect.poll(() => output).toMatch(EXAMPLE)
      const [, example] = EXAMPLE.exec(output) ?? []
      const urls = [`${app}/healthz`, `${tenant}/.well-known/openid-configuration`, `${other}/`, `${example}`]
      expect(await Promise.all(urls.map(answers))).toEqual([200, 200, 200, 200])

      demo.kill('SIGTERM')
      expect(await ended(demo)).toBe(0)
      expect(await Promise.all(urls.map(answers))).toEqual([undefined, undefined, undefined, undefined])
      expect(existsSync(ca)).toBe(false)
    },
    TEST_TIMEOUT_MS,
  )

  it(
    'names a port that was asked for and is taken',
    async () => {
      const server = createServer()
      const port = await new Promise<number>((resolve) => {
        server.listen(0, '127.0.0.1', () => {
          const address = server.address()
          resolve(typeof address === 'object' && address ? address.port : 0)
        })
      })
      const status = await ended(startDemo(...ANY_PORTS, '--app-port', String(port)))
      server.close()
      expect(status).toBe(1)
      expect(output).toContain(String(port))
      expect(output).not.toContain('READY')
    },
    TEST_TIMEOUT_MS,
  )
})
