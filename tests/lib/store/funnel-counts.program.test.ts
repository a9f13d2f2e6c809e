import { createClient } from '@redis/client'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { untilWorkIsDone } from '@/lib/observability/after-answer'
import { logEvent } from '@/lib/observability/log'
import { countFunnel } from '@/lib/store/count-funnel'
import { addToFunnel, daysUntil, OTHER, readFunnel } from '@/lib/store/funnel-counts'
import { startRedis } from '../../support/flow/redis'
import { forgetProcessMemory } from '../../support/process/process-memory'
import { services } from '../../support/process/services'
import { aLog } from '../events/an-event'

const AT = new Date('2026-11-30T23:59:59Z')
const DAY = '2026-11-30'
const KEY = `account-linking:funnel:${DAY}`

const redis = await startRedis()
const client = createClient({ url: redis.url })
client.on('error', () => undefined)
afterAll(async () => {
  client.destroy()
  await redis.stop()
})
beforeAll(async () => {
  await client.connect()
  const { store } = services({ REDIS_URL: redis.url })
  // On a busy machine, loading the Redis client may exceed the first command's deadline. The store then pauses for 1 s.
  await vi.waitFor(() => store.isTaken('warm'), { timeout: 10_000, interval: 1_100 })
})
beforeEach(() => redis.empty())

const add = (application: string, connection: string, at = AT) =>
  addToFunnel(redis.url, at, 'offered', { application, connection })
const read = (days = [DAY]) => readFunnel(redis.url, days)

describe('the counts of the funnel in Redis', () => {
  it('are stored by day in UTC, step, application and connection', async () => {
    await add('shop', 'github')
    await add('shop', 'github')
    await addToFunnel(redis.url, AT, 'linked', { application: 'shop', connection: 'github' })
    await add('shop', 'acme-saml', new Date('2026-12-01T00:00:00Z'))
    const place = { application: 'shop', connection: 'github', day: DAY }
    expect(await read(daysUntil(new Date('2026-12-01T10:00:00Z'), 3))).toEqual([
      { ...place, step: 'offered', count: 2 },
      { ...place, step: 'linked', count: 1 },
      { day: '2026-12-01', application: 'shop', connection: 'acme-saml', step: 'offered', count: 1 },
    ])
  })

  it('are kept for 400 days after the last count', async () => {
    await add('shop', 'github')
    await client.expire(KEY, 10)
    await add('shop', 'github')
    const seconds = await client.ttl(KEY)
    expect(seconds).toBeGreaterThan(400 * 86_400 - 60)
    expect(seconds).toBeLessThanOrEqual(400 * 86_400)
  })

  it('distinguish at most 20 applications and 50 connections a day, even with many at the same time', async () => {
    const names = Array.from({ length: 70 }, (_unused, index) => `n${index}`)
    await Promise.all(names.map((name) => add(name, name)))
    const counts = await read()
    const named = (which: 'application' | 'connection') =>
      [...new Set(counts.map((each) => each[which]))].filter((name) => name !== OTHER)
    expect([named('application').length, named('connection').length]).toEqual([20, 50])
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(70)
    expect(counts).toContainEqual(
      expect.objectContaining({ application: OTHER, connection: OTHER, count: 20 }),
    )
    // A known name is still counted under its own name.
    const [known = ''] = named('application')
    await add(known, known)
    expect((await read()).find(({ application }) => application === known)?.count).toBe(2)
  })

  it.each([
    ['is too long', 'x'.repeat(201)],
    ['has a line break', 'shop\ngithub\nlinked'],
    ['is empty', ''],
  ])('do not store a name that %s', async (_why, name) => {
    await add(name, name)
    expect(await read()).toEqual([
      { day: DAY, step: 'offered', application: OTHER, connection: OTHER, count: 1 },
    ])
  })

  it('ignore fields that are not counts', async () => {
    await client.hSet(KEY, { 'step\nstolen\nshop\ngithub': '1', odd: '2' })
    expect(await read()).toEqual([])
  })
})

describe('countFunnel', () => {
  beforeEach(() => {
    forgetProcessMemory('log-observers')
    countFunnel(redis.url)
    return () => forgetProcessMemory('log-observers')
  })

  it('counts each logged step, and nothing else', async () => {
    aLog()
    logEvent('flow_opened', { user: 'u', client_id: 'shop', connection: 'github' })
    logEvent('refused', { code: 'bad_token' })
    logEvent('store_back')
    await untilWorkIsDone()
    const today = { day: daysUntil(new Date(), 1)[0], count: 1 }
    expect(await read(daysUntil(new Date(), 1))).toEqual([
      { ...today, step: 'offered', application: 'shop', connection: 'github' },
      { ...today, step: 'failed', application: '(unknown)', connection: '(unknown)' },
    ])
  })

  it('drops counts that Redis refuses, logs that once, and does not affect other commands', async () => {
    const log = aLog()
    const { store } = services({ REDIS_URL: redis.url })
    await client.set(`account-linking:funnel:${daysUntil(new Date(), 1)[0]}`, 'no hash')
    for (let step = 0; step < 3; step += 1) logEvent('flow_proven')
    await untilWorkIsDone()
    expect(await store.isTaken('other')).toBe(false)
    expect(log.lines().map(({ event }) => event)).toEqual([...Array(3).fill('flow_proven'), 'funnel_lost'])
    await redis.empty()
    logEvent('flow_proven')
    await untilWorkIsDone()
    await redis.kill()
    for (let step = 0; step < 3; step += 1) logEvent('flow_proven')
    await untilWorkIsDone()
    expect([log.lines('funnel_lost').length, log.lines('event_lost').length]).toEqual([2, 0])
  })
})
