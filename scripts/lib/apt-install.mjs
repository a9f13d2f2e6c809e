import { existsSync } from 'node:fs'
import { run } from './run.mjs'

/**
 * Installs a package with the packages it recommends, if that needs no question: as root on Debian. Otherwise it does
 * nothing.
 *
 * @param {string} name - Of the package.
 * @throws {Error} If the installation fails.
 */
export async function aptInstall(name) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  console.log(`Installing ${name} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update'], { env })
  await run('apt-get', ['install', '-y', name], { env })
}
