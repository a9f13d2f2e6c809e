import 'server-only'
import { z } from 'zod'
import { onRedis } from './redis-connection'
import type { Store } from './store-contract'

/** Prefix of every key, so that other applications can use the same server. */
const PREFIX = 'account-linking:'
/** Compares and deletes atomically. Between two commands, the key could get another value. */
const DELETE_IF_EQUAL = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`
/** Counts and, on the first addition, sets the expiry, atomically. A count without an expiry would never be reset. */
const COUNT = `local count = redis.call('incrby', KEYS[1], ARGV[2]) if redis.call('pttl', KEYS[1]) < 0 then redis.call('pexpire', KEYS[1], ARGV[1]) end return {count, redis.call('pttl', KEYS[1])}`
const CountReply = z.tuple([z.number(), z.number()])

/**
 * A store in a Redis server that all instances share.
 *
 * @param url - The server's URL. It may hold a password.
 * @see {@link https://redis.io/docs/latest/commands/set/ SET}, with a pattern for locks
 */
export const createRedisStore = (url: string): Store => ({
  async take(key, ttlSeconds, value = '') {
    const reply = await onRedis(url, (client) =>
      client.set(PREFIX + key, value, { expiration: expiry(ttlSeconds), condition: 'NX' }),
    )
    return reply === 'OK'
  },

  async isTaken(key) {
    return (await onRedis(url, (client) => client.exists(PREFIX + key))) === 1
  },

  async count(key, ttlSeconds, by = 1) {
    const life = String(expiry(ttlSeconds).value)
    const reply = await onRedis(url, (client) =>
      client.eval(COUNT, { keys: [PREFIX + key], arguments: [life, String(by)] }),
    )
    const [count, millisecondsLeft] = CountReply.parse(reply)
    return { count, secondsLeft: millisecondsLeft / 1000 }
  },

  async get(key) {
    return (await onRedis(url, (client) => client.get(PREFIX + key))) ?? undefined
  },

  async set(key, value, ttlSeconds) {
    await onRedis(url, (client) => client.set(PREFIX + key, value, { expiration: expiry(ttlSeconds) }))
  },

  async delete(key, value) {
    await onRedis(url, (client) =>
      value === undefined
        ? client.del(PREFIX + key)
        : client.eval(DELETE_IF_EQUAL, { keys: [PREFIX + key], arguments: [value] }),
    )
  },
})

// In milliseconds, because a lock may be held for less than a second.
const expiry = (ttlSeconds: number) => ({ type: 'PX' as const, value: Math.ceil(ttlSeconds * 1000) })
