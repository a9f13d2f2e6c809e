import { statSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './paths.mjs'
import { run } from './run.mjs'

/**
 * Installs the dependencies where there are none, or where the lockfile is newer than they are.
 * Development ones too, whatever NODE_ENV says: the demo and the tests are made of them.
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
