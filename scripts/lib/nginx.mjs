import { aptInstall } from './apt-install.mjs'
import { findProgram } from './find-program.mjs'

/**
 * Finds an installed nginx: `NGINX_PATH`, then `nginx` on the PATH, then the usual folders.
 *
 * @returns {string | undefined} Path of nginx; undefined if it is not installed.
 */
export function findNginx(env = process.env) {
  if (env.NGINX_PATH) return env.NGINX_PATH
  return findProgram(['nginx'], ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'], env)
}

/**
 * Makes sure that nginx is available: finds it, or installs it if that is possible without a question (as root on Debian).
 *
 * @throws {Error} If there is none and it could not be installed; the message says what to do.
 */
export async function ensureNginx() {
  if (findNginx()) return
  // Only the program is needed, so continue if its service does not start because a port is taken.
  const problem = await aptInstall('nginx').catch((/** @type {Error} */ error) => error)
  if (findNginx()) return
  if (problem) throw problem
  throw new Error(
    'The tests behind a proxy need nginx. Install it (apt-get install nginx, brew install nginx), or set NGINX_PATH to ' +
      'its path.',
  )
}
