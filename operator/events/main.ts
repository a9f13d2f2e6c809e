/**
 * `npm run events -- tail`: prints the stream of events in Redis.
 * @module
 */
import { once } from 'node:events'
import { AccountLinkingError } from '../../core/errors'
import { isRedisUrl } from '../../lib/config/redis-url'
import { readEnvironment } from '../shared/environment'
import { readTailArguments } from './arguments'
import { EventsError } from './error'
import { tail } from './tail'

/** The exit status if the command could not run. */
const COULD_NOT_RUN = 3

/**
 * Runs the command until there is nothing more to print, the reader of its output has gone, or SIGINT or SIGTERM arrives.
 *
 * @param args - The arguments after the program's name.
 * @returns The exit status: 0, or 3 if the command could not run.
 */
export async function main(args: string[]): Promise<number> {
  const stop = new AbortController()
  const end = () => stop.abort()
  process.once('SIGINT', end).once('SIGTERM', end)
  // A reader such as `head` closes the pipe when it has enough.
  process.stdout.on('error', end)
  try {
    const { from, isFollowing, env } = readTailArguments(args)
    await tail(redisUrlOf(env), from, isFollowing, { print, warn, stop: stop.signal })
    return 0
  } catch (error) {
    if (!(error instanceof AccountLinkingError)) throw error
    warn(error.code, error.message)
    return COULD_NOT_RUN
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end)
    process.stdout.off('error', end)
  }
}

/** @throws {EventsError} `redis_not_configured` */
function redisUrlOf(file: string | undefined): string {
  const { REDIS_URL } = readEnvironment(process.cwd(), file)
  if (REDIS_URL && isRedisUrl(REDIS_URL)) return REDIS_URL
  const why = REDIS_URL ? 'REDIS_URL is no URL of a Redis server.' : 'There is no REDIS_URL.'
  throw new EventsError('redis_not_configured', `${why} The stream of events is in the Redis of the service.`)
}

async function print(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain').catch(() => undefined)
}

function warn(code: string, sentence: string): void {
  console.error(`${code}: ${sentence}`)
}
