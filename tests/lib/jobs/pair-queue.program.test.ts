import * as bullmq from 'bullmq'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PairToLink } from '@/lib/jobs/account-work'
import { drainQueue } from '@/lib/jobs/drain'
import type { JobServices } from '@/lib/jobs/job-kinds'
import { openPairQueue, type PairQueue } from '@/lib/jobs/pair-queue'
import { startWorker } from '@/lib/jobs/worker'
import { createWorkServices } from '@/lib/sign-in-methods/account-work'
import { settings } from '../../support/process/services'
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
/** What was linked, and when in milliseconds. */
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
    ...createWorkServices(settings({ REDIS_URL: redis.url })),
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
  it('is linked by a drain, once, and its result is there until it is dropped', async () => {
    await pairs.put('one', PAIR)
    await pairs.put('one', PAIR)
    expect(await drain()).toEqual({ done: 1, failed: 0, waiting: 0, delayed: 0 })
    expect(linked).toEqual([{ ...PAIR, at: expect.anything() }])
    expect(await result('one')).toEqual(LINKED)
    expect(await pairs.drop('one')).toBe(true)
    expect(await result('one')).toBeUndefined()
  })

  it('that someone put under another id is not linked', async () => {
    await pairs.put('one', PAIR)
    await pairs.put('two', { ...PAIR, secondary: 'github|bea' })
    const [one, two] = ['one', 'two'].map((id) => `account-linking:jobs:pairs:${id}`)
    await look.connection.hSet(one ?? '', 'data', (await look.connection.hGet(two ?? '', 'data')) ?? '')
    expect(await drain()).toMatchObject({ done: 1, failed: 1 })
    expect(linked.map(({ secondary }) => secondary)).toEqual(['github|bea'])
    expect(await result('one')).toBeUndefined()
  })

  it('that a worker had before counts as begun', async () => {
    await pairs.put('one', PAIR)
    await look.connection.hSet('account-linking:jobs:pairs:one', 'ats', '1')
    await drain()
    expect(linked.map(({ wasBegun }) => wasBegun)).toEqual([true])
  })

  it('begins at the pace that was set, whichever worker takes it', async () => {
    for (let count = 0; count < 2; count += 1) closing.push(startWorker(bullmq, services, redis.url).close)
    await pairs.setPace(400)
    const ids = ['one', 'two', 'three', 'four']
    for (const id of ids) await pairs.put(id, PAIR)
    for (const id of ids) expect(await result(id)).toEqual(LINKED)
    const [first, ...others] = linked.map(({ at }) => at)
    expect(others.map((at, index) => at - (first ?? 0) > 400 * (index + 1) - 50)).toEqual([true, true, true])
  })
})
