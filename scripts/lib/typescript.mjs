import { mkdirSync, rmSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from './paths.mjs'

/**
 * Loads a TypeScript program of this repository into this process, after bundling it.
 *
 * @param {string} path - Path of the program's module, relative to the root.
 * @returns {Promise<Record<string, any>>} Its exports.
 */
export async function loadTypeScript(path) {
  // esbuild is imported here because it is one of the dependencies.
  const { build } = await import('esbuild')
  const folder = join(ROOT, 'node_modules', '.cache', 'account-linking')
  mkdirSync(folder, { recursive: true })
  const outfile = join(folder, `${basename(path, '.ts')}-${process.pid}.mjs`)
  process.once('exit', () => rmSync(outfile, { force: true }))
  await build({
    entryPoints: [join(ROOT, path)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
    alias: {
      'server-only': join(ROOT, 'tests', 'support', 'process', 'server-only.ts'),
      // The package names no exports, and Node.js guesses no endings.
      'next/server': 'next/server.js',
    },
    plugins: [{ name: 'scripts', setup: leaveScriptsOutside }],
  })
  return import(pathToFileURL(outfile).href)
}

/** Keeps the modules of `scripts/lib` out of the bundle, because they find files relative to their own path. */
function leaveScriptsOutside({ onResolve }) {
  onResolve({ filter: /\/scripts\/lib\/[\w-]+\.mjs$/ }, ({ path, resolveDir }) => ({
    path: pathToFileURL(resolve(resolveDir, path)).href,
    external: true,
  }))
}
