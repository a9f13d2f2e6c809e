import { aptInstall } from './apt-install.mjs'
import { findProgram } from './find-program.mjs'

/**
 * Finds an installed Redis server: `REDIS_SERVER_PATH`, then `redis-server` on the PATH, then the usual folders.
 *
 * @returns {string | undefined} Path of the server; undefined if it is not installed.
 */
export function findRedis(env = process.env) {
  if (env.REDIS_SERVER_PATH) return env.REDIS_SERVER_PATH
  return findProgram(['redis-server'], ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'], env)
}

/**
 * Makes sure that a Redis server is available: finds it, or installs it if that is possible without a question (as root on
 * Debian).
 *
 * @throws {Error} If there is none and it could not be installed; the message says what to do.
 */
export async function ensureRedis() {
  if (findRedis()) return
  await aptInstall('redis-server')
  if (findRedis()) return
  throw new Error(
    'The tests of the shared store need Redis. Install it (apt-get install redis-server, brew install redis), or set ' +
      'REDIS_SERVER_PATH to its path.',
  )
}
