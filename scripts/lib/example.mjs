import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isFresh, PACKAGES } from './build.mjs'
import { NEXT, ROOT } from './paths.mjs'
import { run } from './run.mjs'
import { spawnOwned } from './spawn-owned.mjs'

const EXAMPLE = join(ROOT, 'examples', 'next')
/** The longest wait for the first response, in milliseconds. */
const START_TIMEOUT_MS = 30_000

/** Installs the item of `registry.json` in the example as `shadcn add` does: each file, unchanged, at its `target`. */
function installItem() {
  const { items } = JSON.parse(readFileSync(join(ROOT, 'registry.json'), 'utf8'))
  rmSync(join(EXAMPLE, 'components'), { recursive: true, force: true })
  for (const { path, target } of items.flatMap(({ files }) => files)) {
    mkdirSync(dirname(join(EXAMPLE, target)), { recursive: true })
    copyFileSync(join(ROOT, path), join(EXAMPLE, target))
  }
}

const BUILD = {
  sources: [
    ...['app', 'auth0.ts', 'package.json', 'postcss.config.mjs', 'proxy.ts'].map(
      (name) => `examples/next/${name}`,
    ),
    ...['registry', 'registry.json', ...PACKAGES],
  ],
  result: 'examples/next/.next/BUILD_ID',
}
/** Placeholders: the build checks the format of the settings, but does not store them. */
const BUILD_ENV = {
  APP_BASE_URL: 'http://localhost:3001',
  ACCOUNTS_URL: 'http://localhost:3000',
  AUTH0_DOMAIN: 'tenant.example',
  AUTH0_CLIENT_ID: 'none',
  AUTH0_CLIENT_SECRET: 'none',
}

/** Installs the registry item in the example and builds the example, if the build is missing or older than its sources. */
export async function ensureExampleBuilt() {
  if (isFresh(BUILD)) return
  console.log('Building the example …')
  installItem()
  // Webpack, because Turbopack would use the `instrumentation.ts` of a folder above as if it were the example's own.
  await run(process.execPath, [NEXT, 'build', '--webpack', EXAMPLE], { env: environment(BUILD_ENV) })
}

/**
 * Starts the built example at `env.APP_BASE_URL` and waits until it responds.
 *
 * @param {Record<string, string>} env - `APP_BASE_URL` with a port, `ACCOUNTS_URL`, `AUTH0_DOMAIN`, `AUTH0_CLIENT_ID`,
 *   `AUTH0_CLIENT_SECRET`, and what else it needs, such as `NODE_EXTRA_CA_CERTS`.
 * @returns {Promise<{ close: () => Promise<void> }>}
 * @throws {Error} If the example ends or does not respond in time; the message contains what it printed.
 */
export async function startExample(env) {
  const { hostname, port } = new URL(env.APP_BASE_URL)
  const child = spawnOwned(process.execPath, [NEXT, 'start', EXAMPLE, '-H', hostname, '-p', port], {
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  const ended = new Promise((resolve) => child.once('close', resolve))
  const close = async () => {
    child.kill('SIGKILL')
    await ended
  }
  const deadline = Date.now() + START_TIMEOUT_MS
  while (!(await fetch(env.APP_BASE_URL).catch(() => undefined))) {
    if (child.exitCode === null && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 100))
    else {
      await close()
      throw new Error(`The example does not answer:\n${output}`)
    }
  }
  return { close }
}

const environment = (env) => ({
  ...process.env,
  AUTH0_SECRET: randomBytes(32).toString('hex'),
  NODE_ENV: 'production',
  NEXT_TELEMETRY_DISABLED: '1',
  ...env,
})
