import { existsSync } from 'node:fs'
import { run } from './run.mjs'

/**
 * Installs a Debian package, with the packages that it recommends, if this process is root and has apt-get. Otherwise does
 * nothing.
 *
 * @param {string} name - Name of the package.
 * @throws {Error} If the installation fails.
 */
export async function aptInstall(name) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  console.log(`Installing ${name} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update'], { env })
  await run('apt-get', ['install', '-y', name], { env })
}
