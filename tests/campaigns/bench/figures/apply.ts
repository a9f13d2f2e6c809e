import { setTimeout as sleep } from 'node:timers/promises'
import type { Demo } from '../../../../scripts/lib/demo-world.mjs'
import { FlowBrowser } from '../../../support/browser/flow-browser'
import { startFlowDemo } from '../../../support/flow/demo'
import { BUTTONS, Flow } from '../../../support/flow/flow'
import { startRedis } from '../../../support/flow/redis'
import type { Figure } from '../figure'
import { applied, type Call, callsAt, people, startWorkers } from '../pairs'

/** The share of the rate limit that `apply` uses by default, and the limit of an Enterprise tenant in calls per second. */
const SHARE = 0.5
const ENTERPRISE = 16
const PAIRS = 30
const QUEUED_PAIRS = 16
const WORKERS = [1, 2, 4]

/** Reads of the brand. A process makes them only once, so they do not count for a pair or a login. */
const BRAND = /^\/api\/v2\/(branding|tenants)/
const isOfPair = ({ path }: Call) => !BRAND.test(path)
/** A link counts as finished if the tenant receives no call for this long, in milliseconds. */
const QUIET_MS = 2_000

/** The calls of `duplicates apply` compared with a link at a login, and its speed within its share of the rate limit. */
export async function apply(): Promise<Figure[]> {
  const demo = await startFlowDemo()
  const redis = await startRedis()
  const env = { REDIS_URL: redis.url }
  try {
    const calls = await callsOfOne(demo)
    const alone = await appliedTo(demo, PAIRS, {})
    const queued: [workers: number, calls: Call[]][] = []
    for (const count of WORKERS) {
      const workers = await startWorkers(demo, count, env)
      try {
        queued.push([count, await appliedTo(demo, QUEUED_PAIRS, env, '--queue')])
      } finally {
        await workers.end()
        await redis.empty()
      }
    }
    return [calls, ...figuresOf(alone), ...queued.flatMap((each) => queuedFiguresOf(each, alone))]
  } finally {
    await demo.close()
    await redis.stop()
  }
}

/** Resets the tenant to this many people with two accounts each, and applies a plan of all of them. */
async function appliedTo(demo: Demo, pairs: number, env: Record<string, string>, ...args: string[]) {
  await new Flow(demo).tenant.reset({ users: people(pairs) })
  return (await applied(demo, pairs, env, ...args)).filter(isOfPair)
}

/** Links two accounts once by `apply`, and once at a login. */
async function callsOfOne(demo: Demo): Promise<Figure> {
  const flow = new Flow(demo)
  const calls = async () => (await callsAt(demo)).filter(isOfPair).length
  const pair = (await appliedTo(demo, 1, {})).length
  await flow.tenant.reset()
  const ann = new FlowBrowser()
  const asked = await flow.annAtConfirm(ann)
  const before = await calls()
  await ann.press(asked, BUTTONS.link)
  let login = await calls()
  for (let earlier = 0; login > earlier; login = await calls()) {
    earlier = login
    await sleep(QUIET_MS)
  }
  return {
    name: 'Management API calls of `duplicates apply` for a pair, roles and sessions included',
    ours: pair,
    unit: 'calls',
    other: { name: 'a link at a login, from “Link accounts” on', value: login - before },
    target: { of: 'ratio', most: 1 },
  }
}

/** Seconds from the first call to the last. */
const secondsOf = (calls: Call[]): number => ((calls.at(-1)?.at ?? 0) - (calls[0]?.at ?? 0)) / 1000

/** Calls that the share allows in the time of these calls. One second more counts: its unused calls may be saved up. */
const allowed = (calls: Call[]) => ({
  name: 'what half of the limit allows in that time',
  value: SHARE * ENTERPRISE * (secondsOf(calls) + 1),
})

/** Pairs per second, from the first link to the last. */
function pairsPerSecond(calls: Call[]): number {
  const links = calls.filter(({ path, status }) => path.endsWith('/identities') && status === 201)
  return (links.length - 1) / secondsOf(links)
}

function figuresOf(calls: Call[]): Figure[] {
  const turnedAway = calls.filter(({ status }) => status === 429).length
  const used = { ours: calls.length, unit: 'calls', other: allowed(calls) }
  return [
    {
      name: `calls of \`duplicates apply\` for ${PAIRS} pairs at an Enterprise tenant`,
      ...used,
      target: { of: 'ratio', least: 0.95 },
    },
    { name: 'the same, which is never above its share', ...used, target: { of: 'ratio', most: 1 } },
    {
      name: 'of these, turned away by the tenant with 429',
      ...{ ours: (100 * turnedAway) / calls.length, unit: '%' },
      target: { of: 'ours', most: 1 },
    },
  ]
}

function queuedFiguresOf([workers, calls]: [number, Call[]], alone: Call[]): Figure[] {
  const by = `${workers} ${workers === 1 ? 'worker' : 'workers'}`
  return [
    {
      name: `calls of \`duplicates apply --queue\` with ${by}, for ${QUEUED_PAIRS} pairs`,
      ...{ ours: calls.length, unit: 'calls', other: allowed(calls) },
      target: { of: 'ratio', most: 1 },
    },
    {
      name: `pairs that ${by} link`,
      ...{ ours: pairsPerSecond(calls), unit: 'pairs/s' },
      other: { name: 'one process without the queue', value: pairsPerSecond(alone) },
    },
  ]
}
