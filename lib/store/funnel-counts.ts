/**
 * Daily counts of the steps from an offer to a link, by application and connection, in Redis. They hold no personal data.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import { FUNNEL_STEPS, type FunnelStepName, type StepPlace } from '../observability/funnel-step'
import { onRedis } from './redis-connection'

const PREFIX = 'account-linking:funnel:'
/** How long Redis keeps the counts of a day after the last step was counted, in seconds: 400 days. */
const KEPT_SECONDS = 400 * 86_400
/**
 * How many applications and connections are counted separately each day. All others are counted together, as {@link OTHER}.
 */
const MOST = { applications: 20, connections: 50 }
/** The longest name that is kept, in characters. Auth0's names of connections have at most 128, its client ids 32. */
const MAX_NAME_CHARACTERS = 200

/** The name under which all further applications or connections of a day are counted together. */
export const OTHER = '(other)'

/**
 * Counts one step in the hash of a day, atomically. Besides the counts, the hash has a field for each name that is counted
 * separately, and two counters of new names. A name above the limit is counted as `OTHER`, so that no one can make the hash
 * grow without limit.
 */
const COUNT = `
local function known(kind, name, most)
  if redis.call('hsetnx', KEYS[1], kind .. ':' .. name, 1) == 0 then return name end
  if redis.call('hincrby', KEYS[1], kind, 1) <= tonumber(most) then return name end
  redis.call('hdel', KEYS[1], kind .. ':' .. name)
  return '${OTHER}'
end
local application = known('applications', ARGV[2], ARGV[4])
local connection = known('connections', ARGV[3], ARGV[5])
redis.call('hincrby', KEYS[1], table.concat({'step', ARGV[1], application, connection}, '\\n'), 1)
redis.call('expire', KEYS[1], ARGV[6])
return 1`

/** How often people took a step on one day, for one application and one connection. */
export interface FunnelCount extends StepPlace {
  /** The day in UTC: `2026-11-30`. */
  day: string
  step: FunnelStepName
  count: number
}

/** The last `count` days in UTC, oldest first, as `2026-11-30`. The last one is the day of `at`. */
export const daysUntil = (at: Date, count: number): string[] =>
  Array.from({ length: count }, (_unused, index) =>
    new Date(at.getTime() - (count - 1 - index) * 86_400_000).toISOString().slice(0, 10),
  )

/**
 * Adds a step to the counts of a day.
 *
 * @param redisUrl - The server's URL. It may hold a password.
 * @param at - When the step was taken.
 * @throws {LinkingError} `store_unavailable`
 */
export async function addToFunnel(
  redisUrl: string,
  at: Date,
  step: FunnelStepName,
  { application, connection }: StepPlace,
): Promise<void> {
  const [day = ''] = daysUntil(at, 1)
  const names = [countedName(application), countedName(connection)]
  const limits = [MOST.applications, MOST.connections, KEPT_SECONDS].map(String)
  await onRedis(
    redisUrl,
    (client) => client.eval(COUNT, { keys: [PREFIX + day], arguments: [step, ...names, ...limits] }),
    true,
  )
}

/**
 * A name as it is counted: `OTHER` if it is empty, too long or has control characters. A line break would end the name,
 * because it separates the parts of a field.
 */
const countedName = (name: string): string =>
  name.length > MAX_NAME_CHARACTERS || /\p{Cc}/u.test(name) || name === '' ? OTHER : name

const Field = z.tuple([z.literal('step'), z.enum(FUNNEL_STEPS), z.string(), z.string()])

/**
 * Reads the counts of some days.
 *
 * @param redisUrl - The server's URL. It may hold a password.
 * @param days - As `2026-11-30`.
 * @throws {LinkingError} `store_unavailable`
 */
export async function readFunnel(redisUrl: string, days: readonly string[]): Promise<FunnelCount[]> {
  const hashes = await onRedis(
    redisUrl,
    (client) => Promise.all(days.map((day) => client.hGetAll(PREFIX + day))),
    true,
  )
  return hashes.flatMap((hash, index) =>
    Object.entries(hash).flatMap(([field, value]) => {
      const { data } = Field.safeParse(field.split('\n'))
      if (!data) return []
      const [, step, application, connection] = data
      return [{ day: days[index] ?? '', step, application, connection, count: Number(value) }]
    }),
  )
}
