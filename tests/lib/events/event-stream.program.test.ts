import { createClient } from '@redis/client'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createEvents } from '@/lib/events/emit-event'
import { createEventStream, EVENT_STREAM, STREAM_LENGTH, STREAM_SECONDS } from '@/lib/events/event-stream'
import { createStore } from '@/lib/store/store'
import { startRedis } from '../../support/flow/redis'
import { forgetProcessMemory } from '../../support/process/process-memory'
import { testConfig } from '../../support/process/services'
import { aLog, anEvent } from './an-event'

const APP = 'https://accounts.example.com'
const BRAND = { name: 'Example Inc', supportUrl: 'https://example.com/help', enabledLocales: [] }
const redis = await startRedis()
const look = createClient({ url: redis.url })
look.on('error', () => undefined)
await look.connect()
afterAll(async () => {
  if (look.isOpen) look.destroy()
  await redis.stop()
})

const deliver = vi.fn(async () => undefined)
const anEmitter = (env: Record<string, string> = {}) =>
  createEvents(
    { ...testConfig(env), defaultLocales: () => [] },
    { known: () => BRAND },
    deliver,
    undefined,
    createEventStream(redis.url, APP),
  )
const entries = async () => {
  const all = (await look.xRange(EVENT_STREAM.key, '-', '+')) ?? []
  return all.map(({ message }) => JSON.parse(message[EVENT_STREAM.field] ?? ''))
}

beforeEach(async () => {
  forgetProcessMemory('redis-connection')
  await redis.empty()
  deliver.mockClear()
})

describe('the stream of events', () => {
  it('receives each event with the id of its log line, even without a webhook', async () => {
    const log = aLog()
    anEmitter().emit(anEvent())
    await vi.waitFor(async () => expect(await entries()).toHaveLength(1), 5_000)
    const [event] = await entries()
    expect(event).toMatchObject({
      specversion: '1.0',
      id: log.lines('account_event')[0]?.id,
      source: APP,
      type: 'com.example.accounts.account.linked',
      data: { type: 'account.linked', data: { user_id: 'auth0|ann-0001', notice: expect.anything() } },
    })
    expect(deliver).not.toHaveBeenCalled()
    expect(JSON.stringify(event)).not.toMatch(/ann@|ann\.lee/)
  })

  it('receives the same event as the webhook', async () => {
    aLog()
    const webhook = {
      EVENTS_WEBHOOK_URL: 'https://hooks.example.com',
      EVENTS_WEBHOOK_SECRET: `whsec_${'A'.repeat(44)}`,
    }
    anEmitter(webhook).emit(anEvent())
    await vi.waitFor(async () => expect(await entries()).toHaveLength(1), 5_000)
    const [event] = await entries()
    expect(deliver.mock.calls).toEqual([[event.id, JSON.stringify(event.data)]])
  })

  it('has email addresses only with EVENTS_INCLUDE_EMAIL=1', async () => {
    aLog()
    anEmitter({ EVENTS_INCLUDE_EMAIL: '1' }).emit(anEvent())
    await vi.waitFor(async () => expect(await entries()).toHaveLength(1), 5_000)
    expect((await entries())[0].data.data).toMatchObject({ email: 'ann@example.com' })
  })

  it('keeps about the configured number of newest events', async () => {
    const filling = look.multi()
    for (let count = 0; count < STREAM_LENGTH + 500; count += 1)
      filling.xAdd(EVENT_STREAM.key, '*', { event: '{}' })
    await filling.exec()
    aLog()
    anEmitter().emit(anEvent())
    await vi.waitFor(
      async () => expect(await look.xLen(EVENT_STREAM.key)).toBeLessThan(STREAM_LENGTH + 200),
      5_000,
    )
    expect(await look.xLen(EVENT_STREAM.key)).toBeGreaterThanOrEqual(STREAM_LENGTH)
  })

  it('removes events older than 30 days, and expires 30 days after the last one', async () => {
    const day = (days: number) => String(Date.now() - days * 86_400_000)
    await look.xAdd(EVENT_STREAM.key, day(31), { event: '{"old":1}' })
    await look.xAdd(EVENT_STREAM.key, day(29), { event: '{"young":1}' })
    aLog()
    anEmitter().emit(anEvent())
    await vi.waitFor(
      async () =>
        expect(await entries()).toEqual([{ young: 1 }, expect.objectContaining({ specversion: '1.0' })]),
      5_000,
    )
    const life = await look.ttl(EVENT_STREAM.key)
    expect(life).toBeGreaterThan(STREAM_SECONDS - 60)
    expect(life).toBeLessThanOrEqual(STREAM_SECONDS)
  })
})

describe('an event that cannot be written to the stream', () => {
  it('is logged once, does not delay the caller, and still goes to the webhook', async () => {
    const down = createEventStream('redis://127.0.0.1:1', APP)
    const webhook = {
      EVENTS_WEBHOOK_URL: 'https://hooks.example.com',
      EVENTS_WEBHOOK_SECRET: `whsec_${'A'.repeat(44)}`,
    }
    const events = createEvents(
      { ...testConfig(webhook), defaultLocales: () => [] },
      { known: () => BRAND },
      deliver,
      undefined,
      down,
    )
    const log = aLog()
    const began = performance.now()
    events.emit(anEvent())
    expect(performance.now() - began).toBeLessThan(50)
    await vi.waitFor(() => expect(log.lines('event_lost')).toHaveLength(1), 5_000)
    const [{ id } = expect.fail()] = log.lines('account_event')
    expect(log.lines('event_lost')).toEqual([expect.objectContaining({ id, code: 'not_streamed' })])
    expect(deliver).toHaveBeenCalledTimes(1)
  })

  it('does not close the Redis connection if Redis refused the command', async () => {
    const store = createStore(redis.url)
    await look.set(EVENT_STREAM.key, 'another type')
    const log = aLog()
    anEmitter().emit(anEvent())
    await vi.waitFor(() => expect(log.lines('event_lost')).toHaveLength(1), 5_000)
    expect(await store.isTaken('anything')).toBe(false)
    expect(log.lines('store_lost')).toEqual([])
  })
})
