import { afterEach, describe, expect, it, vi } from 'vitest'
import { ERROR_FACTS } from '@/core/errors'
import { fetchTrackingQuota } from '@/lib/auth0/tenant-quota'
import type { LossCode } from '@/lib/events/deliver-event'
import {
  COUNTERS,
  FIRST_STEPS,
  isApiLimited,
  LOSSES,
  toLoss,
  toPrometheusName,
} from '@/lib/observability/counters'
import { LOG_LINES } from '@/operator/shared/log-lines'
import { forgetProcessMemory } from '../../support/process/process-memory'
import { aLog } from '../events/an-event'

/** Lists all codes: TypeScript reports one that is missing or too many. */
const LOSS_CODES: Record<LossCode, true> = {
  attempts_used: true,
  gone: true,
  internal: true,
  queue_full: true,
}

afterEach(() => {
  vi.unstubAllGlobals()
  forgetProcessMemory('tenant-quota')
})

describe('toLoss', () => {
  it.each([
    ['event_lost', { id: 'msg_1', code: 'gone' }, { what: 'event', code: 'gone' }],
    ['event_lost', { id: 'msg_1', code: 'not_streamed' }, { what: 'event', code: 'not_streamed' }],
    ['adoption_lost', { id: 'a', code: 'attempts_used' }, { what: 'adoption', code: 'attempts_used' }],
    ['mail_lost', { id: 'm', code: 'internal' }, { what: 'mail', code: 'internal' }],
    ['mail_dropped', { id: 'm', code: 'bounced' }, { what: 'mail', code: 'bounced' }],
    [
      'login_continued',
      { user: 'u', cause: 'store_unavailable' },
      { what: 'offer', code: 'store_unavailable' },
    ],
    ['access_not_ended', { code: 'missing_scope' }, { what: 'access', code: 'missing_scope' }],
  ])('converts %s %o to %o', (event, fields, loss) => {
    expect(toLoss(event, fields)).toStrictEqual(loss)
  })

  it.each([
    ['login_continued', { result: 'skipped', user: 'u' }],
    ['webhook_failed', { code: 'status' }],
    ['refused', { code: 'internal' }],
  ])('does not count %s %o', (event, fields) => {
    expect(toLoss(event, fields)).toBeUndefined()
  })

  it('lists every code with which a job can be given up, and only existing log lines', () => {
    for (const what of ['event', 'adoption', 'mail', 'access'] as const)
      expect(LOSSES[what].codes).toEqual(expect.arrayContaining(Object.keys(LOSS_CODES)))
    const lines = Object.values(LOSSES).flatMap((loss): readonly string[] => loss.lines)
    expect(lines.filter((line) => !(line in LOG_LINES))).toEqual([])
  })
})

describe('the series that are sent with the value zero', () => {
  it('are the steps of a login, and the failures that an operator has to fix', () => {
    expect(FIRST_STEPS.map(({ step, reason }) => reason ?? step)).toEqual([
      ...['offered', 'proven', 'answered', 'declined', 'linked'],
      ...Object.entries(ERROR_FACTS).flatMap(([code, { severity }]) => (severity === 'error' ? [code] : [])),
    ])
  })
})

describe('an API call that hits the rate limit', () => {
  it('is logged in a line of its own, unlike other responses', async () => {
    const log = aLog()
    for (const status of [200, 429, 500]) {
      vi.stubGlobal('fetch', async () => new Response(null, { status }))
      await fetchTrackingQuota('https://tenant.example/api/v2/users')
    }
    expect(log.lines()).toEqual([{ at: expect.any(String), event: 'api_limited' }])
    expect(isApiLimited('api_limited')).toBe(true)
    expect(isApiLimited('event_lost')).toBe(false)
  })
})

it('counter names are those that Prometheus derives', () => {
  expect(Object.values(COUNTERS).map(toPrometheusName)).toEqual([
    'account_linking_steps_total',
    'account_linking_lost_total',
    'account_linking_api_limited_total',
  ])
})
