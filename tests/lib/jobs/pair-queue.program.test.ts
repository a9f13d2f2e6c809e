import * as bullmq from 'bullmq'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PairToLink } from '@/lib/jobs/account-work'
import { drainQueue } from '@/lib/jobs/drain'
import type { JobServices } from '@/lib/jobs/job-kinds'
import { enableRedisJobs } from '@/lib/jobs/library'
import { openPairQueue, type PairQueue } from '@/lib/jobs/pair-queue'
import { readQueuedPlans } from '@/lib/jobs/queued-plans'
import { startWorker } from '@/lib/jobs/worker'
import { createWorkServices } from '@/lib/sign-in-methods/account-work'
import { forgetProcessMemory } from '../../support/process/process-memory'
import { testConfig } from '../../support/process/services'
import { aLog } from '../events/an-event'
import { aQueue } from './a-queue'

const { redis, look } = await aQueue()

const PAIR: PairToLink = {
  ...{ primary: 'auth0|ann', secondary: 'google-oauth2|ann-g', wasBegun: false, isLast: true, rules: 'r' },
  ...{ approved: { primary: ['p'], secondary: 's' }, by: { client_id: 'c', client_name: 'n' }, share: 0.5 },
}
const LINKED = { calls: 13, milliseconds: 1_625, waitMs: 0 }
let services: JobServices
let pairs: PairQueue
/** The links that were made, each with its time in milliseconds. */
let linked: (PairToLink & { at: number })[]
const closing: (() => Promise<void>)[] = []

beforeEach(async () => {
  await redis.empty()
  aLog()
  linked = []
  const linkPair = async (pair: PairToLink) => {
    linked.push({ ...pair, at: performance.now() })
    return LINKED
  }
  services = {
    ...createWorkServices(testConfig({ REDIS_URL: redis.url })),
    accountWork: async () => ({
      ...{ settleLink: async () => true, goOnEnding: async () => true },
      ...{ followForeignChange: async () => true, linkPair },
    }),
  }
  pairs = openPairQueue(bullmq, services, redis.url)
  closing.push(pairs.close)
})
afterEach(() => Promise.all(closing.splice(0).map((close) => close())))

const drain = () => drainQueue(bullmq, services, redis.url, Date.now() + 5_000)
const result = (id: string) => pairs.result(id)

describe('a pair in the queue', () => {
  it('is linked once by a drain, and its result is available until it is dropped', async () => {
    await pairs.put('one', PAIR)
    await pairs.put('one', PAIR)
    expect(await drain()).toEqual({ done: 1, failed: 0, waiting: 0, delayed: 0 })
    expect(linked).toEqual([{ ...PAIR, at: expect.anything() }])
    expect(await result('one')).toEqual(LINKED)
    expect(await pairs.drop('one')).toBe(true)
    expect(await result('one')).toBeUndefined()
  })

  it('is not linked if its data was stored under another id', async () => {
    await pairs.put('one', PAIR)
    await pairs.put('two', { ...PAIR, secondary: 'github|bea' })
    const [one, two] = ['one', 'two'].map((id) => `account-linking:jobs:pairs:${id}`)
    await look.connection.hSet(one ?? '', 'data', (await look.connection.hGet(two ?? '', 'data')) ?? '')
    expect(await drain()).toMatchObject({ done: 1, failed: 1 })
    expect(linked.map(({ secondary }) => secondary)).toEqual(['github|bea'])
    expect(await result('one')).toBeUndefined()
  })

  it('counts as begun if a worker has already taken it', async () => {
    await pairs.put('one', PAIR)
    await look.connection.hSet('account-linking:jobs:pairs:one', 'ats', '1')
    await drain()
    expect(linked.map(({ wasBegun }) => wasBegun)).toEqual([true])
  })

  it('starts at the configured pace, whichever worker takes it', async () => {
    for (let count = 0; count < 2; count += 1) closing.push(startWorker(bullmq, services, redis.url).close)
    await pairs.setPace(400)
    const ids = ['one', 'two', 'three', 'four']
    for (const id of ids) await pairs.put(id, PAIR)
    for (const id of ids) expect(await result(id)).toEqual(LINKED)
    const [first, ...others] = linked.map(({ at }) => at)
    expect(others.map((at, index) => at - (first ?? 0) > 400 * (index + 1) - 50)).toEqual([true, true, true])
  })
})

describe('the plans in the queue', () => {
  beforeEach(() => {
    forgetProcessMemory('jobs-library')
    enableRedisJobs(async () => bullmq)
    return () => forgetProcessMemory('jobs-library')
  })

  it('are an empty list if there is no pair', async () => {
    expect(await readQueuedPlans(redis.url)).toEqual([])
  })

  it('are sorted by age, with the number of pairs by state and the time of the oldest pair', async () => {
    const before = Date.now() / 1000
    const none = { waiting: 0, active: 0, done: 0, failed: 0 }
    for (const id of ['a1_one', 'a1_two']) await pairs.put(id, PAIR)
    // The data of one pair under another pair's id cannot be decrypted, so that pair fails.
    const data = (await look.connection.hGet('account-linking:jobs:pairs:a1_one', 'data')) ?? ''
    await look.connection.hSet('account-linking:jobs:pairs:a1_two', 'data', data)
    await drain()
    await pairs.put('b2_three', PAIR)
    await pairs.put('b2_four', PAIR)
    const plans = await readQueuedPlans(redis.url)
    expect(plans).toEqual([
      { planId: 'a1', counts: { ...none, done: 1, failed: 1 }, since: expect.any(Number) },
      { planId: 'b2', counts: { ...none, waiting: 2 }, since: expect.any(Number) },
    ])
    const times = plans?.map(({ since }) => since) ?? []
    expect(times).toEqual(times.toSorted())
    expect(times[0]).toBeGreaterThan(before - 1)
    expect(times.at(-1)).toBeLessThan(Date.now() / 1000 + 1)
    expect(JSON.stringify(plans)).not.toContain('ann')
  })

  it('include a pair that a worker is linking', async () => {
    let end = () => {}
    const linkPair = () => new Promise<typeof LINKED>((resolve) => (end = () => resolve(LINKED)))
    const done = async () => true
    const work = { settleLink: done, goOnEnding: done, followForeignChange: done, linkPair }
    const worker = startWorker(bullmq, { ...services, accountWork: async () => work }, redis.url)
    closing.push(worker.close)
    await pairs.put('a1_one', PAIR)
    const states = async () => (await readQueuedPlans(redis.url))?.map(({ counts }) => counts)
    await expect.poll(states).toEqual([{ waiting: 0, active: 1, done: 0, failed: 0 }])
    end()
    await expect.poll(states).toEqual([{ waiting: 0, active: 0, done: 1, failed: 0 }])
  })

  it('are unknown if Redis does not respond', async () => {
    redis.pause()
    try {
      expect(await readQueuedPlans(redis.url)).toBeUndefined()
    } finally {
      redis.resume()
    }
  })
})
