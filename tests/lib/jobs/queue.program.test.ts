import { randomUUID } from 'node:crypto'
import type { EventEmitter } from 'node:events'
import * as bullmq from 'bullmq'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { drainQueue } from '@/lib/jobs/drain'
import type { JobServices } from '@/lib/jobs/job-kinds'
import { acceptJob, doJob, planJob } from '@/lib/jobs/jobs'
import { enableRedisJobs } from '@/lib/jobs/library'
import { WORK_QUEUE } from '@/lib/jobs/queue'
import { connectForJobs } from '@/lib/jobs/redis-client'
import { startWorker } from '@/lib/jobs/worker'
import { createWorkServices } from '@/lib/sign-in-methods/account-work'
import { forgetProcessMemory } from '../../support/process/process-memory'
import { testConfig } from '../../support/process/services'
import { aLog, WEBHOOK } from '../events/an-event'
import { aQueue } from './a-queue'

const { redis, webhook, look } = await aQueue()

const BODY = JSON.stringify({ type: 'account.linked', data: { email: 'ann@example.com' } })
let services: JobServices
let log: ReturnType<typeof aLog>
const closing: (() => Promise<void>)[] = []

beforeEach(async () => {
  await redis.empty()
  forgetProcessMemory('event-webhook', 'jobs-waiting', 'jobs-library', 'jobs-connection')
  enableRedisJobs(async () => bullmq)
  services = createWorkServices(
    testConfig({
      REDIS_URL: redis.url,
      EVENTS_WEBHOOK_URL: webhook.url,
      EVENTS_WEBHOOK_SECRET: WEBHOOK.secret,
    }),
  )
  webhook.received.length = 0
  webhook.answer = (response) => void response.writeHead(204).end()
  log = aLog()
})
afterEach(() => Promise.all(closing.splice(0).map((close) => close())))

const newId = () => `msg_${randomUUID()}`
const make = (id: string, body = BODY) => doJob(services, { name: 'webhook', id, data: { body } })
/** How often a job was tried. Counts by id, because jobs of earlier tests may be retried in this process meanwhile. */
const attempts = (id: string) => webhook.received.filter(({ headers }) => headers['webhook-id'] === id).length
const fails = (status = 500) => {
  webhook.answer = (response) => void response.writeHead(status).end()
}
function work() {
  const running = startWorker(bullmq, services, redis.url)
  closing.push(running.close)
}
/** Ends the delay of a job now. */
const hurry = async (id: string) => {
  await vi.waitFor(async () => expect(await (await look.queue.getJob(id))?.isDelayed()).toBe(true), 10_000)
  await (await look.queue.getJob(id))?.promote()
}

describe('a planned job', () => {
  const link = { primaryId: 'auth0|ann', secondaryId: 'google-oauth2|ann-g', at: 1_800_000_000 }
  let looks: unknown[]
  beforeEach(() => {
    looks = []
    const settleLink = async (pair: unknown) => looks.push(pair) > 1
    services = {
      ...services,
      accountWork: async () => ({
        ...{ settleLink, goOnEnding: async () => true },
        ...{ followForeignChange: async () => true, linkPair: vi.fn() },
      }),
    }
  })
  const plan = (id: string) => planJob(services, { name: 'link', id, data: link })

  it('waits in Redis without readable ids, and runs until it is done', async () => {
    const id = newId()
    await plan(id)
    const job = await look.queue.getJob(id)
    expect(job?.delay).toBe(45_000)
    expect(JSON.stringify(job?.data)).not.toMatch(/auth0|google/)
    work()
    await hurry(id)
    await vi.waitFor(() => expect(looks).toEqual([link]), 10_000)
    await vi.waitFor(async () => expect((await look.queue.getJob(id))?.delay).toBeLessThan(12_001), 10_000)
    await hurry(id)
    await vi.waitFor(async () => expect(await look.queue.getJob(id)).toBeUndefined(), 10_000)
    expect(looks).toEqual([link, link])
  })

  it('is removed when it is dropped', async () => {
    const id = newId()
    await (await plan(id)).drop()
    expect(await look.queue.getJob(id)).toBeUndefined()
    expect(looks).toEqual([])
  })

  it('is given up if its data is invalid', async () => {
    const id = newId()
    await planJob(services, { name: 'link', id, data: { primaryId: 1 } })
    work()
    await hurry(id)
    await vi.waitFor(() => expect(log.lines('not_tidied')).toHaveLength(1), 10_000)
    expect(looks).toEqual([])
  })
})

describe('an accepted job', () => {
  const accept = (id: string, more: Partial<JobServices> = {}) =>
    acceptJob({ ...services, ...more }, { name: 'webhook', id, data: { body: BODY } })

  it('is in Redis before it runs, and is removed afterwards', async () => {
    const id = newId()
    let isThere = false
    webhook.answer = async (response) => {
      isThere = (await look.queue.getJob(id)) !== undefined
      response.writeHead(204).end()
    }
    expect(await accept(id)).toBe(true)
    await vi.waitFor(async () => expect(await look.queue.getJob(id)).toBeUndefined(), 10_000)
    expect([isThere, webhook.received.length]).toEqual([true, 1])
  })

  it.each([
    ['Redis does not respond', { redisUrl: 'redis://127.0.0.1:1' }, true],
    ['the process has no BullMQ', {}, false],
  ])('is refused and does not run if %s', async (_why, more, hasLibrary) => {
    forgetProcessMemory('jobs-queue-work', ...(hasLibrary ? [] : (['jobs-library'] as const)))
    expect(await accept(newId(), more)).toBe(false)
    expect(webhook.received).toEqual([])
    forgetProcessMemory('jobs-queue-work')
  })

  it('runs in the process if there is no Redis', async () => {
    expect(await accept(newId(), { redisUrl: undefined })).toBe(true)
    await vi.waitFor(() => expect(webhook.received).toHaveLength(1), 10_000)
  })
})

describe('a job with Redis', () => {
  it('is in Redis before its first attempt, and is removed after it is done', async () => {
    const id = newId()
    let during: unknown
    webhook.answer = async (response) => {
      during = await look.counts()
      response.writeHead(204).end()
    }
    await make(id)
    expect(during).toMatchObject({ delayed: 1 })
    expect(await look.counts()).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0, completed: 0 })
    expect(webhook.received).toHaveLength(1)
  })

  it('is stored encrypted, under keys with the prefix account-linking:jobs:', async () => {
    fails()
    await make(newId())
    await look.connection.ping()
    const keys = await look.connection.keys('*')
    expect(keys.length).toBeGreaterThan(2)
    expect(keys.filter((key) => !key.startsWith('account-linking:jobs:'))).toEqual([])
    const values = await Promise.all(
      keys.map(async (key) => {
        const type = await look.connection.type(key)
        if (type === 'hash') return look.connection.hGetAll(key)
        if (type === 'stream') return look.connection.xRange(key, '-', '+')
        return type === 'zset' ? look.connection.zRange(key, 0, -1) : undefined
      }),
    )
    const text = JSON.stringify(values)
    expect(text).toContain('sealed')
    for (const hidden of ['ann@example.com', 'example.com', WEBHOOK.secret, webhook.url])
      expect(text).not.toContain(hidden)
  })

  it('is retried under its id by a worker, and then removed', async () => {
    fails()
    const id = newId()
    await make(id)
    const job = await look.queue.getJob(id)
    expect(job?.delay).toBeGreaterThanOrEqual(5_000)
    expect(job?.delay).toBeLessThanOrEqual(6_001)
    webhook.answer = (response) => void response.writeHead(204).end()
    work()
    await hurry(id)
    await vi.waitFor(() => expect(webhook.received).toHaveLength(2), 10_000)
    for (const { headers, body } of webhook.received) {
      expect(headers['webhook-id']).toBe(id)
      const key = new Webhook(WEBHOOK.secret)
      expect(key.verify(body, headers as Record<string, string>)).toEqual(JSON.parse(BODY))
    }
    await vi.waitFor(async () => expect(await look.queue.getJob(id)).toBeUndefined(), 10_000)
    expect(log.lines('event_lost')).toEqual([])
  })

  it('waits for the time in Retry-After', async () => {
    webhook.answer = (response) => void response.writeHead(429, { 'retry-after': '60' }).end()
    const id = newId()
    await make(id)
    expect((await look.queue.getJob(id))?.delay).toBe(60_000)
  })

  it("is tried six times, then given up, logged, and kept for the operator without the error's text", async () => {
    fails()
    const id = newId()
    await make(id)
    work()
    for (let count = 1; count <= 5; count += 1) {
      await hurry(id)
      await vi.waitFor(() => expect(webhook.received).toHaveLength(count + 1), 10_000)
    }
    await vi.waitFor(async () => expect(await look.counts()).toMatchObject({ failed: 1, delayed: 0 }), 10_000)
    expect(log.lines('webhook_failed').map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6])
    expect(log.lines('event_lost')).toEqual([expect.objectContaining({ id, code: 'attempts_used' })])
    const job = await look.queue.getJob(id)
    expect([job?.failedReason, job?.stacktrace]).toEqual(['given up', []])
    expect(job?.opts.removeOnFail).toEqual({ age: 7 * 86_400, count: 1_000 })
  })

  it('waits between later attempts as its kind defines', async () => {
    fails()
    const id = newId()
    await make(id)
    work()
    await hurry(id)
    await vi.waitFor(async () => expect((await look.queue.getJob(id))?.attemptsMade).toBe(1), 10_000)
    const delay = (await look.queue.getJob(id))?.delay
    expect(delay).toBeGreaterThanOrEqual(15_000)
    expect(delay).toBeLessThanOrEqual(18_001)
  })

  it('is given up immediately if the webhook is gone (410)', async () => {
    fails(410)
    await make(newId())
    expect(await look.counts()).toMatchObject({ delayed: 0, failed: 0 })
    expect(log.lines('event_lost')).toEqual([expect.objectContaining({ code: 'gone' })])
  })

  it('is given up without running if its data was altered or copied to another id', async () => {
    fails()
    const [one, other] = [newId(), newId()]
    await make(one)
    await make(other)
    await (await look.queue.getJob(one))?.updateData((await look.queue.getJob(other))?.data)
    webhook.received.length = 0
    work()
    await hurry(one)
    await vi.waitFor(
      () => expect(log.lines('event_lost')).toEqual([expect.objectContaining({ id: one, code: 'internal' })]),
      10_000,
    )
    expect(webhook.received).toEqual([])
  })
})

describe('a job during which every process ended', () => {
  it('is given up eventually', async () => {
    fails()
    const id = newId()
    await make(id)
    await (await look.queue.getJob(id))?.promote()
    const { connection, end } = connectForJobs(bullmq, redis.url, true)
    const taker = new bullmq.Worker(WORK_QUEUE.name, null, {
      connection,
      prefix: WORK_QUEUE.prefix,
      skipVersionCheck: true,
    })
    closing.push(() => taker.close().then(end))
    await taker.getNextJob('a-process')
    const key = look.queue.toKey(id)
    await look.connection.del(`${key}:lock`)
    await look.connection.hSet(key, 'stc', '10')
    // Each drain checks for stalled jobs once.
    for (let count = 0; count < 2; count += 1)
      await drainQueue(bullmq, services, redis.url, Date.now() + 1_000)
    expect(log.lines('event_lost')).toEqual([expect.objectContaining({ id, code: 'internal' })])
    expect(await look.counts()).toMatchObject({ active: 0, failed: 1 })
  })
})

describe('a job that cannot be stored', () => {
  it.each([
    ['without BullMQ in this process', () => forgetProcessMemory('jobs-library')],
    ['while Redis hangs', redis.pause],
  ])('is tried in the process: %s', async (_how, break_) => {
    fails()
    break_()
    try {
      await make(newId())
    } finally {
      redis.resume()
    }
    expect(webhook.received).toHaveLength(1)
    const waiting = (globalThis as Record<symbol, unknown>)[Symbol.for('account-linking.jobs-waiting')]
    expect((waiting as Map<string, unknown>).size).toBe(1)
  })

  it('is tried in the process while Redis is down, and stored again when it is back', async () => {
    fails()
    await make(newId())
    await redis.kill()
    webhook.received.length = 0
    await make(newId())
    expect(webhook.received).toHaveLength(1)
    // Logged at each loss of the connection; a busy machine may lose it twice.
    expect(log.lines('jobs_lost')).not.toHaveLength(0)
    await redis.restart()
    await vi.waitFor(
      async () => {
        await make(newId())
        expect((await look.counts()).delayed).toBeGreaterThan(0)
      },
      { timeout: 15_000, interval: 500 },
    )
    expect(log.lines('jobs_back')).not.toHaveLength(0)
  })
})

describe('connectForJobs', () => {
  it('handles errors of the connection, so that one after the end of a worker does not end the process', async () => {
    const { connection, end } = connectForJobs(bullmq, redis.url, true)
    closing.push(async () => end())
    const emitter = connection as unknown as EventEmitter
    expect(() => emitter.emit('error', new Error('connection lost'))).not.toThrow()
    expect(log.lines('jobs_lost')).toHaveLength(1)
  })
})

describe('a Redis that is full', () => {
  it('stores no job; a worker leaves it alone for a while, and continues when there is room', async () => {
    fails()
    const id = newId()
    await make(id)
    webhook.answer = (response) => void response.writeHead(204).end()
    await look.connection.configSet('maxmemory', '1')
    onTestFinished(async () => void (await look.connection.configSet('maxmemory', '0')))
    const commands = async () =>
      Number(/total_commands_processed:(\d+)/.exec(await look.connection.info('stats'))?.[1])
    const before = await commands()
    work()
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    expect((await commands()) - before).toBeLessThan(500)
    // Logged again for a connection that opens after the first refusal.
    expect([1, 2]).toContain(log.lines('jobs_lost').length)
    const tried = newId()
    await make(tried)
    expect([attempts(id), attempts(tried)]).toEqual([1, 1])
    await look.connection.configSet('maxmemory', '0')
    await vi.waitFor(async () => expect(await look.queue.getJob(id)).toBeUndefined(), 15_000)
    expect(log.lines('jobs_back')).toHaveLength(log.lines('jobs_lost').length)
  }, 40_000)
})

describe('drainQueue', () => {
  const drain = (milliseconds: number) => drainQueue(bullmq, services, redis.url, Date.now() + milliseconds)

  it('runs waiting jobs, counts them, and leaves those that are due after its end', async () => {
    fails()
    const [soon, late] = [newId(), newId()]
    await make(soon)
    webhook.answer = (response) => void response.writeHead(429, { 'retry-after': '300' }).end()
    await make(late)
    webhook.answer = (response) => void response.writeHead(204).end()
    await (await look.queue.getJob(soon))?.promote()
    expect(await drain(10_000)).toEqual({ done: 1, failed: 0, waiting: 0, delayed: 1 })
    expect([attempts(soon), attempts(late)]).toEqual([2, 1])
  })

  it('waits for jobs that are due before its end', async () => {
    fails()
    await make(newId())
    webhook.answer = (response) => void response.writeHead(204).end()
    expect(await drain(15_000)).toEqual({ done: 1, failed: 0, waiting: 0, delayed: 0 })
  })

  it('ends at once if no job is left', async () => {
    const begun = Date.now()
    expect(await drain(30_000)).toEqual({ done: 0, failed: 0, waiting: 0, delayed: 0 })
    expect(Date.now() - begun).toBeLessThan(5_000)
  })

  it('ends in time, after the running jobs', async () => {
    fails()
    const ids = Array.from({ length: 8 }, newId)
    await Promise.all(ids.map((id) => make(id)))
    for (const id of ids) await (await look.queue.getJob(id))?.promote()
    webhook.answer = (response) => void setTimeout(() => response.writeHead(204).end(), 2_000)
    const begun = Date.now()
    const { done, waiting } = await drain(1_000)
    expect([done, waiting]).toEqual([5, 3])
    expect(Date.now() - begun).toBeLessThan(5_000)
  })
})
