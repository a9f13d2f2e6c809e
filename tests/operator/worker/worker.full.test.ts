import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import * as bullmq from 'bullmq'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { drainQueue } from '@/lib/jobs/drain'
import { doJob } from '@/lib/jobs/jobs'
import { enableRedisJobs } from '@/lib/jobs/library'
import { createWorkServices } from '@/lib/sign-in-methods/account-work'
import { aLog, WEBHOOK } from '../../lib/events/an-event'
import { aQueue } from '../../lib/jobs/a-queue'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { testConfig } from '../../support/process/services'
import { NO_ENVIRONMENT, startWorkerProcess } from './a-worker'

const RUN = join(process.cwd(), 'scripts', 'run.mjs')

const { redis, webhook, look } = await aQueue()
const ENVIRONMENT = {
  ...APP_ENVIRONMENT,
  PATH: process.env.PATH,
  NODE_ENV: 'production' as const,
  REDIS_URL: redis.url,
  EVENTS_WEBHOOK_URL: webhook.url,
  EVENTS_WEBHOOK_SECRET: WEBHOOK.secret,
}
const services = createWorkServices(testConfig(ENVIRONMENT))
const workers: Awaited<ReturnType<typeof startWorkerProcess>>[] = []

afterEach(() => {
  for (const worker of workers.splice(0)) void worker.kill('SIGKILL')
})
beforeEach(async () => {
  await redis.empty()
  enableRedisJobs(async () => bullmq)
  webhook.received.length = 0
  aLog()
})

/** Starts a worker, which the end of the test kills. */
async function aWorker() {
  const worker = await startWorkerProcess(ENVIRONMENT)
  workers.push(worker)
  return worker
}

/** A job whose first try has failed, and whose second one is due now. */
async function dueJob(id: string) {
  webhook.answer = (response) => void response.writeHead(500).end()
  await doJob(services, { name: 'webhook', id, data: { body: '{"a":1}' } })
  webhook.received.length = 0
  await (await look.queue.getJob(id))?.promote()
}

describe('npm run worker', () => {
  it('runs the jobs of the queue, and ends with status 0 at SIGTERM', async () => {
    const worker = await aWorker()
    await dueJob('msg_1')
    webhook.answer = (response) => void response.writeHead(204).end()
    await vi.waitFor(async () => expect(await look.queue.getJob('msg_1')).toBeUndefined(), 10_000)
    expect(await worker.kill('SIGTERM')).toBe(0)
  })

  it('continues after Redis was down', async () => {
    const { output } = await aWorker()
    await redis.kill()
    await vi.waitFor(() => expect(output()).toContain('"event":"jobs_lost"'), 10_000)
    await redis.restart()
    await vi.waitFor(() => expect(output()).toContain('"event":"jobs_back"'), 15_000)
    await look.queue.waitUntilReady()
    await dueJob('msg_2')
    webhook.answer = (response) => void response.writeHead(204).end()
    await vi.waitFor(async () => expect(await look.queue.getJob('msg_2')).toBeUndefined(), 15_000)
  }, 60_000)

  it.each([
    ['no REDIS_URL', { REDIS_URL: '' }, 'needs REDIS_URL'],
    ['an environment that is unusable', { FLOW_SECRET: 'short' }, 'FLOW_SECRET must be'],
  ])('does not start with %s', (_what, changes, expected) => {
    const { status, stderr } = spawnSync(process.execPath, [RUN, 'worker'], {
      cwd: NO_ENVIRONMENT,
      env: { ...ENVIRONMENT, ...changes },
      encoding: 'utf8',
    })
    expect([status, stderr]).toEqual([1, expect.stringContaining(expected)])
  })
})

describe('a process that is killed in the middle of a job', () => {
  it('loses no job: a drain finds the job stalled at its second check, and runs it', async () => {
    const worker = await aWorker()
    await dueJob('msg_3')
    webhook.answer = () => undefined
    await vi.waitFor(() => expect(webhook.received).toHaveLength(1), 10_000)
    await worker.kill('SIGKILL')
    expect(await look.counts()).toMatchObject({ active: 1, delayed: 0, waiting: 0 })
    webhook.answer = (response) => void response.writeHead(204).end()
    const drained = await drainQueue(bullmq, services, redis.url, Date.now() + 50_000)
    expect(drained).toEqual({ done: 1, failed: 0, waiting: 0, delayed: 0 })
    expect(webhook.received.map(({ headers }) => headers['webhook-id'])).toEqual(['msg_3', 'msg_3'])
  }, 90_000)
})
