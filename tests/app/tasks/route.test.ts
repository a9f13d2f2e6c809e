import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type * as Route from '@/app/tasks/drain/route'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { forgetProcessMemory } from '../../support/process/process-memory'

const TASKS = 'tasks-secret-0123456789abcdef0123456'
const CRON = 'cron-secret-0123456789abcdef01234567'
const COUNTS = { done: 2, failed: 1, waiting: 0, delayed: 3 }

const drainQueue = vi.hoisted(() => vi.fn())
vi.mock('@/lib/jobs/drain', () => ({ drainQueue }))
// The memory store stands in for Redis: the lock of the drain works the same in both.
vi.mock('@/lib/store/redis-store', async () => {
  const { memoryStore } = await import('@/lib/store/memory-store')
  return { createRedisStore: () => memoryStore }
})

beforeEach(() => {
  forgetProcessMemory('taken')
  drainQueue.mockReset().mockResolvedValue(COUNTS)
})
afterEach(() => vi.unstubAllEnvs())

const SECRETS = { TASKS_SECRET: TASKS, CRON_SECRET: CRON }
async function start(env: Record<string, string> = SECRETS): Promise<typeof Route> {
  for (const [name, value] of Object.entries({ ...APP_ENVIRONMENT, REDIS_URL: 'redis://localhost', ...env }))
    vi.stubEnv(name, value)
  vi.resetModules()
  return import('@/app/tasks/drain/route')
}
const ask = async (route: typeof Route, authorization: string, method: 'GET' | 'POST' = 'POST') => {
  const url = 'http://localhost:3000/tasks/drain'
  const response = await route[method](new Request(url, { method, headers: { authorization } }))
  return [response.status, await response.json()]
}
const NOT_FOUND = [404, { error: 'not_found' }]

describe('/tasks/drain', () => {
  it.each([
    ['GET', TASKS],
    ['POST', TASKS],
    ['GET', CRON],
    ['POST', CRON],
  ] as const)('drains the queue for %s with either token, and returns counts', async (method, token) => {
    const route = await start()
    expect(await ask(route, `Bearer ${token}`, method)).toEqual([200, { busy: false, ...COUNTS }])
  })

  it('forbids caches to store its response', async () => {
    const route = await start()
    const headers = { authorization: `Bearer ${TASKS}` }
    const response = await route.GET(new Request('http://localhost:3000/tasks/drain', { headers }))
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it.each([
    ['none', ''],
    ['another one', `Bearer ${TASKS}x`],
    ['half of it', `Bearer ${TASKS.slice(0, 20)}`],
    ['another scheme', `Basic ${TASKS}`],
    ['both', `Bearer ${TASKS} ${CRON}`],
  ])('answers 404 to a wrong token: %s', async (_what, authorization) => {
    const route = await start()
    expect(await ask(route, authorization)).toEqual(NOT_FOUND)
    expect(drainQueue).not.toHaveBeenCalled()
  })

  it('answers 404 without a secret', async () => {
    const route = await start({})
    for (const authorization of ['Bearer ', 'Bearer undefined', '', `Bearer ${TASKS}`])
      expect(await ask(route, authorization)).toEqual(NOT_FOUND)
    expect(drainQueue).not.toHaveBeenCalled()
  })

  it.each(['HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const)('answers 404 to %s', async (method) => {
    const route = await start()
    expect((await route[method]()).status).toBe(404)
  })

  it('answers 503 without REDIS_URL', async () => {
    const route = await start({ ...SECRETS, REDIS_URL: '' })
    expect(await ask(route, `Bearer ${TASKS}`)).toEqual([503, { error: 'needs REDIS_URL' }])
  })

  it('runs one drain at a time, and another one when the first is over', async () => {
    const route = await start()
    let finish = (_counts: typeof COUNTS) => {}
    drainQueue.mockReturnValueOnce(
      new Promise((resolve) => {
        finish = resolve
      }),
    )
    const first = ask(route, `Bearer ${TASKS}`)
    await vi.waitFor(() => expect(drainQueue).toHaveBeenCalledOnce())
    expect(await ask(route, `Bearer ${CRON}`)).toEqual([200, { busy: true }])
    finish(COUNTS)
    expect(await first).toEqual([200, { busy: false, ...COUNTS }])
    expect(await ask(route, `Bearer ${TASKS}`)).toEqual([200, { busy: false, ...COUNTS }])
    expect(drainQueue).toHaveBeenCalledTimes(2)
  })

  it('starts no job in the last 20 s of the function’s time limit, so that a job of 15 s can end', async () => {
    const route = await start()
    vi.useFakeTimers({ now: 1_000_000, toFake: ['Date'] })
    await ask(route, `Bearer ${TASKS}`)
    vi.useRealTimers()
    expect(drainQueue.mock.calls[0]?.[3]).toBe(1_000_000 + (route.maxDuration - 20) * 1000)
  })

  it('answers 503 if the store does not answer', async () => {
    const route = await start()
    const { LinkingError } = await import('@/core/errors')
    const { createRedisStore } = await import('@/lib/store/redis-store')
    vi.spyOn(createRedisStore(''), 'take').mockRejectedValue(new LinkingError('store_unavailable'))
    expect(await ask(route, `Bearer ${TASKS}`)).toEqual([503, { error: 'store_unavailable' }])
  })
})
