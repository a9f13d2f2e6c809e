import { exec, execFile, execSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { freePort } from '../../scripts/lib/options.mjs'
import { ROOT } from '../../scripts/lib/paths.mjs'
import { spawnOwned } from '../../scripts/lib/spawn-owned.mjs'
import { type Collector, startCollector } from '../support/flow/collector'
import { commandsIn } from '../support/operator/documented-commands'
import { APP_ENVIRONMENT } from '../support/process/app-environment'

const PAGE = 'docs/operate.md'
const SECRET = 'action-events-secret-0123456789abcdef'
const EVENT = JSON.stringify({
  type: 'account.linked',
  timestamp: '2026-11-24T09:00:00.000Z',
  data: {
    primary_user_id: 'auth0|ann',
    secondary_user_id: 'google-oauth2|ann-g',
    connection: 'google-oauth2',
    client_id: 'demo-other',
  },
})

describe('the standalone server', () => {
  let server: ReturnType<typeof spawnOwned>
  let port: number
  let collector: Collector
  let output = ''

  beforeAll(async () => {
    collector = await startCollector()
    port = await freePort(0, false)
    rmSync(join(ROOT, '.next/standalone/.next/static'), { recursive: true, force: true })
    const [copy] = commandsIn(PAGE, 'cp -r')
    execSync(copy, { cwd: ROOT })
    const [start] = commandsIn(PAGE, 'PORT=3000 HOSTNAME=0.0.0.0 node')
    const { PATH } = process.env
    // `exec` replaces the shell with the program, so that signals reach the program.
    const command = start
      .replace('0.0.0.0', '127.0.0.1')
      .replace('3000', `${port}`)
      .replace(' node', ' exec node')
    server = spawnOwned('bash', ['-c', command], {
      env: {
        ...APP_ENVIRONMENT,
        PATH,
        NODE_ENV: 'production',
        ACTION_EVENTS_SECRET: SECRET,
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    server.stdout?.on('data', (chunk) => {
      output += chunk
    })
    await vi.waitFor(async () => expect((await ask('/healthz')).statusCode).toBe(200), {
      timeout: 20_000,
      interval: 100,
    })
  })
  afterAll(() => {
    server.kill('SIGKILL')
    collector.close()
  })

  it('responds to the documented health check, and serves the static files', async () => {
    const [command] = commandsIn('docs/migrate/account-link-extension.md', 'curl')
    const { stdout } = await promisify(exec)(command.replace('APP', `http://127.0.0.1:${port}`))
    expect(stdout).toBe('{"status":"ok","offer":true}')
    const [chunk] = readdirSync(join(ROOT, '.next/static/chunks')).filter((name) => name.endsWith('.js'))
    expect((await ask(`/_next/static/chunks/${chunk}`)).statusCode).toBe(200)
  })

  it('contains BullMQ, which keeps jobs in Redis, with all its dependencies', async () => {
    // Copy it to another folder, because Node.js would also find the installed packages here.
    const folder = mkdtempSync(join(tmpdir(), 'account-linking-standalone-'))
    cpSync(join(ROOT, '.next/standalone/node_modules'), join(folder, 'node_modules'), { recursive: true })
    const code = "const { Queue, Worker } = await import('bullmq'); console.log(typeof Queue, typeof Worker)"
    const program = ['--input-type=module', '--eval', code]
    const { stdout } = await promisify(execFile)(process.execPath, program, { cwd: folder })
    rmSync(folder, { recursive: true })
    expect(stdout).toBe('function function\n')
  })

  it('finishes the open request, accepts no other, sends its counts and exits', async () => {
    expect((await ask('/link')).statusCode).toBe(400)
    const slow = post('/events')
    const answered = once(slow, 'response') as Promise<[IncomingMessage]>
    await new Promise((resolve) => slow.write(EVENT.slice(0, 40), resolve))
    // The open request was sent before this one, so it has arrived when this one gets its response.
    await ask('/healthz')

    const ended = once(server, 'exit')
    server.kill('SIGTERM')
    await vi.waitFor(async () => expect(await isRefused()).toBe(true), { timeout: 10_000, interval: 20 })
    expect(server.exitCode).toBeNull()
    slow.end(EVENT.slice(40))
    const [response] = await answered
    expect(response.statusCode).toBe(202)
    response.resume()

    // After SIGTERM, Next.js exits with 143: 128 plus the number of the signal.
    expect(await ended).toEqual([143, null])
    expect(output).toContain('"type":"account.linked"')
    expect(collector.counts()).toEqual({ 'missing_token failed login': 1, 'linked login': 1 })
  })

  function send(path: string, method: string, headers: Record<string, string> = {}): ClientRequest {
    return request({ host: '127.0.0.1', port, path, method, headers, agent: false })
  }

  async function ask(path: string): Promise<IncomingMessage> {
    const [response] = (await once(send(path, 'GET').end(), 'response')) as [IncomingMessage]
    return response.resume()
  }

  function post(path: string): ClientRequest {
    return send(path, 'POST', {
      authorization: `Bearer ${SECRET}`,
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(EVENT)),
    })
  }

  function isRefused(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('error', () => resolve(true))
      socket.once('connect', () => {
        socket.destroy()
        resolve(false)
      })
    })
  }
})
