import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ACTION, NEXT, ROOT } from './paths.mjs'
import { run } from './run.mjs'

/** Files that every build depends on. */
export const PACKAGES = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json']
/** The sources of each build, and its result. */
const BUILDS = [
  {
    name: 'the Action',
    sources: ['action', 'core', ...PACKAGES],
    result: ACTION,
    args: ['action/build.mjs'],
  },
  {
    name: 'the application',
    sources: [
      'app',
      'components',
      'core',
      'lib',
      'messages',
      'middleware.ts',
      'instrumentation.ts',
      'next.config.js',
      'postcss.config.mjs',
      ...PACKAGES,
    ],
    result: '.next/BUILD_ID',
    args: [NEXT, 'build'],
    env: { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production', QUICK_BUILD: '1' },
    isNext: true,
  },
]

/**
 * Builds what is missing or older than its sources.
 *
 * @param {{ dev?: boolean }} [options] - With `dev`, the application is not built, because `next dev` does that.
 */
export async function ensureBuilt({ dev = false } = {}) {
  // `buildTenant` detects changes itself. It is imported here because it needs the dependencies.
  const { buildTenant } = await import('../../local-tenant/build.mjs')
  await buildTenant()
  for (const build of BUILDS) if (!(dev && build.isNext)) await ensure(build)
}

/** Builds the Action if it is missing or older than its sources. */
export async function ensureActionBuilt() {
  for (const build of BUILDS) if (build.result === ACTION) await ensure(build)
}

async function ensure(build) {
  if (isFresh(build)) return
  console.log(`Building ${build.name} …`)
  await run(process.execPath, build.args, { env: { ...process.env, ...build.env } })
}

/**
 * Says whether the result of a build exists and is newer than each of its sources.
 *
 * @param {{ sources: string[], result: string }} build - Paths relative to the root.
 */
export function isFresh({ sources, result }) {
  const path = join(ROOT, result)
  return existsSync(path) && sources.every((source) => newest(join(ROOT, source)) <= statSync(path).mtimeMs)
}

/**
 * Returns the time of the last change at or below a path, without `dist` folders. Throws if the path does not exist: a
 * renamed folder must not count as unchanged.
 */
function newest(path) {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.name !== 'dist')
    .reduce((latest, entry) => Math.max(latest, newest(join(path, entry.name))), stat.mtimeMs)
}
