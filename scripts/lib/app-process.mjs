import { request } from 'node:http'
import { freePort } from './options.mjs'
import { NEXT } from './paths.mjs'
import { spawnOwned } from './spawn-owned.mjs'
import { startTlsTerminator } from './tls-terminator.mjs'

const WATCH = new URL('./end-on-disconnect.mjs', import.meta.url).href
/** The longest wait until `/healthz` responds with 200, in milliseconds. */
const START_TIMEOUT_MS = 60_000
/** Characters of output to keep, and to show if the application ends unexpectedly. */
const MAX_OUTPUT_CHARACTERS = 200_000

/**
 * Starts the application and waits until it is healthy.
 *
 * @param {{ port: number, tls?: { key: string, cert: string }, env: Record<string, string>, dev?: boolean, node?: string,
 *   onExit: (output: string) => void }} options - With `tls` the port is served over TLS, and the application itself listens
 *   on a free port behind it. `node` is the path of the `node` program to run it on; by default the running one. `onExit` is
 *   called if the application ends unexpectedly.
 * @returns {Promise<{ pids: () => number[], output: () => string, close: () => Promise<void>, kill: () => Promise<void> }>}
 *   `pids` returns the id of the application's process; `output` returns what it printed so far; `close` asks it to end, and
 *   waits; `kill` ends it at once, as a crash would.
 * @throws {Error} If the application ends or is not healthy in time; the message contains what it printed.
 */
export async function startApp({ tls, ...options }) {
  if (!tls) return startPlainApp(options)
  const target = await freePort(0, false)
  const running = await startPlainApp({ ...options, port: target })
  const terminator = await startTlsTerminator({ port: options.port, target, tls })
  const closed = (end) => async () => {
    await terminator.close()
    await end()
  }
  return { ...running, close: closed(running.close), kill: closed(running.kill) }
}

async function startPlainApp({ port, env, dev = false, node = process.execPath, onExit }) {
  const args = ['--import', WATCH, NEXT, dev ? 'dev' : 'start', '-H', '127.0.0.1', '-p', String(port)]
  const child = spawnOwned(node, args, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-MAX_OUTPUT_CHARACTERS)
      if (dev) process.stdout.write(chunk)
    })
  let state = 'starting'
  const ended = new Promise((resolve) => child.once('close', resolve))
  ended.then(() => {
    if (state === 'ready') onExit(output)
    state = 'ended'
  })
  const close = async () => {
    if (state !== 'ended') {
      state = 'closing'
      child.kill('SIGTERM')
      // Requests that hang must not keep the process alive.
      const hard = setTimeout(() => child.kill('SIGKILL'), 3000)
      await ended
      clearTimeout(hard)
    }
  }
  const kill = async () => {
    state = 'closing'
    child.kill('SIGKILL')
    await ended
  }
  const deadline = Date.now() + START_TIMEOUT_MS
  while (!(await isHealthy(port))) {
    if (state === 'ended') throw new Error(`The application ended while starting:\n${output}`)
    if (Date.now() > deadline) {
      await close()
      throw new Error(`The application is not healthy after ${START_TIMEOUT_MS / 1000} s:\n${output}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  state = 'ready'
  return { pids: () => (child.pid === undefined ? [] : [child.pid]), output: () => output, close, kill }
}

function isHealthy(port) {
  return new Promise((resolve) => {
    const call = request({ host: '127.0.0.1', port, path: '/healthz', timeout: 5000 }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    call.once('timeout', () => call.destroy())
    call.once('error', () => resolve(false))
    call.end()
  })
}
