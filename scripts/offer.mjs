// `npm run offer -- off`: turns the offers to link accounts off and on while the service runs. The switch is a key in the
// Redis that all instances share.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled } from './lib/install.mjs'
import { ROOT } from './lib/paths.mjs'

const KEY = 'account-linking:switch:offer'
const TURN = {
  off: (client) => client.set(KEY, 'off'),
  on: (client) => client.del(KEY),
}

try {
  const [position, ...more] = process.argv.slice(2)
  const turn = Object.hasOwn(TURN, position ?? '') && more.length === 0 ? TURN[position] : undefined
  if (!turn) throw new Error('Usage: npm run offer -- off, or npm run offer -- on')
  const url = redisUrl()
  await ensureInstalled()
  const { createClient } = await import('@redis/client')
  const client = createClient({ url, RESP: 2, disableClientInfo: true, socket: { reconnectStrategy: false } })
  // The awaited methods report errors. The listener is here because an error event without one would end the process.
  client.on('error', () => undefined)
  await client.connect()
  await turn(client)
  await client.close()
  console.log(
    position === 'off'
      ? 'Offers are off within a second: logins continue without linking.'
      : 'Offers are on within half a minute, unless OFFER=off.',
  )
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}

/** Returns the URL of the Redis that all instances share: from the environment, or else from `.env.local`. */
function redisUrl() {
  const file = join(ROOT, '.env.local')
  if (existsSync(file)) process.loadEnvFile(file)
  const { REDIS_URL } = process.env
  if (REDIS_URL) return REDIS_URL
  throw new Error(
    'There is no REDIS_URL, so there is no switch that all instances share. Set ACCOUNT_LINKING_MODE to off in the Action’s secrets and deploy it, or OFFER=off in the service’s environment and restart it.',
  )
}
