import { existsSync, mkdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isFresh, PACKAGES } from './build.mjs'
import { ROOT } from './paths.mjs'

const FOLDER = join(ROOT, 'node_modules', '.cache', 'account-linking')
/** Every bundle depends on these: the versions of the packages, and how bundles are made. */
const ALWAYS = [...PACKAGES, 'scripts/lib/typescript.mjs']
/**
 * The packages that become part of a bundle: of their hundreds of files, a program needs a few, and reading all of them
 * takes most of its start.
 */
const BUNDLED = /^(auth0|jose|zod)(\/|$)/

/**
 * Loads a TypeScript program of this repository into this process. The program is bundled first, if it has no bundle yet or
 * one of its sources has changed since.
 *
 * @param {string} path - Path of the program's module, relative to the root.
 * @returns {Promise<Record<string, any>>} Its exports.
 */
export async function loadTypeScript(path) {
  const outfile = join(FOLDER, `${path.replaceAll('/', '-').replace(/\.ts$/, '')}.mjs`)
  if (!isCurrent(outfile)) await bundle(path, outfile)
  return import(pathToFileURL(outfile).href)
}

/** Says whether a bundle exists and is newer than all that it was made from. */
function isCurrent(outfile) {
  if (!existsSync(inputsOf(outfile))) return false
  const sources = [...ALWAYS, ...JSON.parse(readFileSync(inputsOf(outfile), 'utf8'))]
  // If a source no longer exists, it may have been renamed, so the bundle is not current.
  return (
    sources.every((source) => existsSync(join(ROOT, source))) &&
    isFresh({ sources, result: relative(ROOT, outfile) })
  )
}

const inputsOf = (outfile) => `${outfile}.inputs.json`

async function bundle(path, outfile) {
  // esbuild is imported here because it is one of the dependencies.
  const { build } = await import('esbuild')
  mkdirSync(FOLDER, { recursive: true })
  const start = new Date()
  const { metafile, outputFiles } = await build({
    entryPoints: [join(ROOT, path)],
    absWorkingDir: ROOT,
    outfile,
    write: false,
    metafile: true,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    alias: {
      'server-only': join(ROOT, 'tests', 'support', 'process', 'server-only.ts'),
      // Node.js finds this module only by its name with the extension.
      'next/server': 'next/server.js',
    },
    plugins: [
      { name: 'scripts', setup: leaveScriptsOutside },
      { name: 'packages', setup: bundlePackages },
    ],
  })
  const inputs = Object.keys(metafile.inputs).filter((input) => !input.startsWith('node_modules/'))
  for (const { path, contents } of outputFiles) replace(path, contents, start)
  replace(inputsOf(outfile), JSON.stringify(inputs), start)
}

/**
 * Writes a file atomically, so that another process never reads half of it. Sets its time to the `start` of the build, so
 * that a source that changes during the build counts as newer.
 */
function replace(path, contents, start) {
  const written = `${path}.${process.pid}`
  writeFileSync(written, contents)
  utimesSync(written, start, start)
  renameSync(written, path)
}

/** Keeps the modules of `scripts/lib` out of the bundle, because they find files relative to their own path. */
function leaveScriptsOutside({ onResolve }) {
  onResolve({ filter: /\/scripts\/lib\/[\w-]+\.mjs$/ }, ({ path, resolveDir }) => ({
    path: pathToFileURL(resolve(resolveDir, path)).href,
    external: true,
  }))
}

/** Takes the packages of {@link BUNDLED} into the bundle. */
function bundlePackages({ onResolve }) {
  onResolve({ filter: BUNDLED }, ({ path }) => ({ path: fileURLToPath(import.meta.resolve(path)) }))
}
