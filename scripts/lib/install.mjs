import { statSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './paths.mjs'
import { run } from './run.mjs'

/**
 * Installs the dependencies if there are none or the lockfile is newer than they are. Includes the development
 * dependencies whatever NODE_ENV says, because the demo and the tests need them.
 */
export async function ensureInstalled() {
  if (modified('package-lock.json') <= modified(join('node_modules', '.package-lock.json'))) return
  console.log('Installing dependencies …')
  await run(process.platform === 'win32' ? 'npm.cmd' : 'npm', [
    'ci',
    '--include=dev',
    '--no-audit',
    '--no-fund',
  ])
}

function modified(path) {
  return statSync(join(ROOT, path), { throwIfNoEntry: false })?.mtimeMs ?? 0
}
