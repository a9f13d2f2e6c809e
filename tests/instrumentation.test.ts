import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { register } from '@/instrumentation'

const { drainHere, checkAtStart } = vi.hoisted(() => ({ drainHere: vi.fn(), checkAtStart: vi.fn() }))
vi.mock('@/lib/jobs/drain-here', () => ({ drainHere }))
vi.mock('@/lib/health/check-at-start', () => ({ checkAtStart }))
vi.mock('@/lib/observability/request-id', () => ({ nameRequests: () => undefined }))
vi.mock('@/lib/http/request-limits', () => ({ limitRequests: () => undefined }))
vi.mock('@/lib/store/store', () => ({ createStore: () => ({ isTaken: async () => false }) }))

const REDIS = 'redis://localhost:6379'

beforeEach(() => {
  drainHere.mockReset()
  for (const name of ['VERCEL', 'AWS_LAMBDA_FUNCTION_NAME']) vi.stubEnv(name, undefined)
})
afterEach(() => vi.unstubAllEnvs())

it.each<[string, string | undefined, Record<string, string>, number]>([
  ['a process that lasts, with Redis', REDIS, { NEXT_RUNTIME: 'nodejs' }, 1],
  ['a process without Redis', undefined, { NEXT_RUNTIME: 'nodejs' }, 0],
  ['a function at Vercel', REDIS, { NEXT_RUNTIME: 'nodejs', VERCEL: '1' }, 0],
  ['a function at AWS', REDIS, { NEXT_RUNTIME: 'nodejs', AWS_LAMBDA_FUNCTION_NAME: 'app' }, 0],
  ['a build', REDIS, { NEXT_RUNTIME: 'nodejs', NEXT_PHASE: 'phase-production-build' }, 0],
])('background work runs in %s (%s, %j): %i times', async (_what, redisUrl, environment, times) => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  const settings = { redisUrl, hasMetricsCollector: false }
  checkAtStart.mockResolvedValue(settings)
  await register()
  expect(drainHere).toHaveBeenCalledTimes(times)
  if (times > 0) {
    expect(drainHere).toHaveBeenCalledWith(expect.any(Function), redisUrl, expect.any(Function))
    expect(await drainHere.mock.calls[0]?.[2]()).toHaveProperty('Worker')
  }
})
