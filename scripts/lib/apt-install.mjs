import { existsSync } from 'node:fs'
import { run } from './run.mjs'

/** @type {Promise<void> | undefined} */
let update

/**
 * Installs a Debian package, without the packages that it recommends, if this process is root and has apt-get. Otherwise
 * does nothing.
 *
 * @param {string} name - Name of the package.
 * @throws {Error} If the installation fails.
 */
export async function aptInstall(name) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  console.log(`Installing ${name} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  update ??= run('apt-get', ['update'], { env })
  await update
  await run('apt-get', ['install', '-y', '--no-install-recommends', name], { env })
}
