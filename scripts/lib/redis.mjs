import { aptInstall } from './apt-install.mjs'
import { findProgram } from './find-program.mjs'

/**
 * Finds a Redis server that is installed: `REDIS_SERVER_PATH`, then `redis-server` on the PATH, then the usual places.
 *
 * @returns {string | undefined} Its path.
 */
export function findRedis(env = process.env) {
  if (env.REDIS_SERVER_PATH) return env.REDIS_SERVER_PATH
  return findProgram(['redis-server'], ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'], env)
}

/**
 * Makes sure there is a Redis server: finds one, or installs it where that needs no question (root on Debian).
 *
 * @throws {Error} Where there is none and none could be installed; the message says what to do.
 */
export async function ensureRedis() {
  if (findRedis()) return
  await aptInstall('redis-server')
  if (findRedis()) return
  throw new Error(
    'The tests of the shared store need Redis. Install it (apt-get install redis-server, brew install redis), or say ' +
      'where it is with REDIS_SERVER_PATH.',
  )
}
