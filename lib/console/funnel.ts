/**
 * Reads the funnel, from offers to links, that the console's first page shows.
 * @module
 */
import 'server-only'
import { FUNNEL_STEPS, type FunnelStepName } from '../observability/funnel-step'
import { daysUntil, type FunnelCount, readFunnel } from '../store/funnel-counts'
import { fallBackIfStoreDown } from '../store/or-fallback'
import type { ConsoleServices } from './services'

/** How many days the funnel shows, today included. */
export const FUNNEL_DAYS = 30

/** The filter that the operator chose. An empty string, or a name without counts, means all. */
export interface FunnelChoice {
  application: string
  connection: string
}

/** How often each step was taken. */
export type StepCounts = Record<FunnelStepName, number>

/** The counts of the last days. */
export interface Funnel {
  /** Oldest first, in UTC. */
  days: { day: string; counts: StepCounts }[]
  totals: StepCounts
  /** Client ids of the applications that have counts in these days, and `(other)` or `(unknown)` if those have some. */
  applications: string[]
  connections: string[]
  /** The choice that was applied. An empty string means all. */
  chosen: FunnelChoice
}

/**
 * Reads the funnel.
 *
 * @param now - The funnel ends with the day of this time, in UTC.
 * @returns The funnel; `no_redis` if no Redis is configured, `unread` if Redis does not respond.
 */
export async function funnelOf(
  { redisUrl }: Pick<ConsoleServices, 'redisUrl'>,
  wanted: FunnelChoice,
  now: Date,
): Promise<Funnel | 'no_redis' | 'unread'> {
  if (redisUrl === undefined) return 'no_redis'
  const days = daysUntil(now, FUNNEL_DAYS)
  const counts = await fallBackIfStoreDown(readFunnel(redisUrl, days), undefined)
  return counts ? toFunnel(days, counts, wanted) : 'unread'
}

function toFunnel(days: string[], all: FunnelCount[], wanted: FunnelChoice): Funnel {
  const applications = namesIn(all.map(({ application }) => application))
  const connections = namesIn(all.map(({ connection }) => connection))
  const chosen = {
    application: applications.includes(wanted.application) ? wanted.application : '',
    connection: connections.includes(wanted.connection) ? wanted.connection : '',
  }
  const counts = all.filter(
    ({ application, connection }) =>
      [application, ''].includes(chosen.application) && [connection, ''].includes(chosen.connection),
  )
  return {
    days: days.map((day) => ({ day, counts: sumOf(counts.filter((each) => each.day === day)) })),
    totals: sumOf(counts),
    ...{ applications, connections, chosen },
  }
}

const namesIn = (names: string[]): string[] => [...new Set(names)].sort()

function sumOf(counts: FunnelCount[]): StepCounts {
  const sums = Object.fromEntries(FUNNEL_STEPS.map((step) => [step, 0])) as StepCounts
  for (const { step, count } of counts) sums[step] += count
  return sums
}
