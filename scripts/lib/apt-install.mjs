import { existsSync } from 'node:fs'
import { run } from './run.mjs'

/**
 * Installs a package, with what it recommends, where that needs no question: as root on Debian. Elsewhere it does
 * nothing.
 *
 * @param {string} name - Of the package.
 * @throws {Error} When the installation fails.
 */
export async function aptInstall(name) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  console.log(`Installing ${name} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update'], { env })
  await run('apt-get', ['install', '-y', name], { env })
}
