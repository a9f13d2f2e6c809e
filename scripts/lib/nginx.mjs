import { aptInstall } from './apt-install.mjs'
import { findProgram } from './find-program.mjs'

/**
 * Finds an nginx that is installed: `NGINX_PATH`, then `nginx` on the PATH, then the usual places.
 *
 * @returns {string | undefined} Its path.
 */
export function findNginx(env = process.env) {
  if (env.NGINX_PATH) return env.NGINX_PATH
  return findProgram(['nginx'], ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'], env)
}

/**
 * Makes sure there is an nginx: finds one, or installs it where that needs no question (root on Debian).
 *
 * @throws {Error} Where there is none and none could be installed; the message says what to do.
 */
export async function ensureNginx() {
  if (findNginx()) return
  // The program is all that is needed: that its service does not start, because a port is taken, is no reason to stop.
  const problem = await aptInstall('nginx').catch((/** @type {Error} */ error) => error)
  if (findNginx()) return
  if (problem) throw problem
  throw new Error(
    'The tests behind a proxy need nginx. Install it (apt-get install nginx, brew install nginx), or say where it is ' +
      'with NGINX_PATH.',
  )
}
