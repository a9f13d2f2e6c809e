/**
 * Bundles the tenant so that plain Node.js can run it: `dist/start.js`, and `dist/action-worker.js` for the process that
 * runs Actions.
 * @module
 */
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const dist = join(here, 'dist')
const outputs = ['start.js', 'action-worker.js']

/** Builds the tenant if a source is newer than the bundles. */
export async function buildTenant() {
  if (!(await isFresh())) await bundle()
}

async function bundle() {
  const { build } = await import('esbuild')
  await mkdir(dist, { recursive: true })
  // Build in a temporary directory and move the result into place, because several test files may build at the same time.
  const aside = await mkdtemp(join(dist, '.build-'))
  try {
    await build({
      entryPoints: [
        join(here, 'start.ts'),
        { in: join(here, 'actions/action-worker.ts'), out: 'action-worker' },
      ],
      outdir: aside,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      logLevel: 'warning',
    })
    for (const output of outputs) await rename(join(aside, output), join(dist, output))
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}

async function isFresh() {
  const sources = (await readdir(here, { recursive: true })).filter((name) => name.endsWith('.ts'))
  const changed = await Promise.all(sources.map((name) => modified(join(here, name))))
  const built = await Promise.all(outputs.map((name) => modified(join(dist, name))))
  return Math.min(...built) > Math.max(...changed)
}

async function modified(file) {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await bundle()
}
