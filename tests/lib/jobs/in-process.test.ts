import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { testConfig } from '../../support/process/services'
import { aLog, aWebhook, START, startedWith, WEBHOOK } from '../events/an-event'

const load = async () => {
  const { doInProcess } = await import('@/lib/jobs/in-process')
  const { createWorkServices } = await import('@/lib/sign-in-methods/account-work')
  const services = createWorkServices(testConfig())
  return (id: string, body = '{}') => void doInProcess(services, { name: 'webhook', id, data: { body } })
}
const refusal = (status: number, headers: Record<string, string> = {}) =>
  new Response('Bad Body', { status, headers })
const MINUTE = 60_000

beforeEach(() => {
  vi.useFakeTimers({ now: START })
  vi.spyOn(Math, 'random').mockReturnValue(0)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
  vi.useRealTimers()
})

const secondsOf = (attempts: { at: number }[]) => attempts.map(({ at }) => (at - START) / 1000)

describe('an event that the webhook does not accept', () => {
  it.each([
    ['a server error', () => refusal(500), { code: 'status', status: 500 }],
    ['not found', () => refusal(404), { code: 'status', status: 404 }],
    [
      'no response, or a redirect',
      () => Promise.reject(new TypeError('fetch failed')),
      { code: 'unreachable' },
    ],
  ])('is sent three times: %s', async (_what, answer, logged) => {
    const deliver = await startedWith(load)
    const attempts = aWebhook(answer)
    const log = aLog()
    deliver('msg_1', '{"a":1}')
    await vi.advanceTimersByTimeAsync(60 * MINUTE)
    expect(secondsOf(attempts)).toEqual([0, 5, 20])
    expect(log.lines('webhook_failed')).toEqual(
      [1, 2, 3].map((attempt) => expect.objectContaining({ id: 'msg_1', attempt, ...logged })),
    )
    expect(log.lines('event_lost')).toEqual([expect.objectContaining({ id: 'msg_1', code: 'attempts_used' })])
    for (const hidden of ['hooks.example.com', WEBHOOK.secret, '"a"', 'Bad Body', 'fetch failed'])
      expect(log.text()).not.toContain(hidden)
  })

  it('keeps its id, and is signed again for each attempt', async () => {
    const deliver = await startedWith(load)
    const attempts = aWebhook(() => refusal(503))
    aLog()
    deliver('msg_1', '{"a":1}')
    await vi.advanceTimersByTimeAsync(0)
    for (let count = 1; count <= 3; count += 1) {
      const { body = '', headers = {} } = attempts[count - 1] ?? {}
      // The library refuses signatures that are older than five minutes.
      expect(new Webhook(WEBHOOK.secret).verify(body, headers)).toEqual({ a: 1 })
      expect(headers['webhook-id']).toBe('msg_1')
      await vi.advanceTimersToNextTimerAsync()
    }
  })

  it('is not sent again after it was accepted', async () => {
    const deliver = await startedWith(load)
    const attempts = aWebhook((count) => (count < 2 ? refusal(502) : new Response(null, { status: 204 })))
    const log = aLog()
    deliver('msg_1', '{}')
    await vi.advanceTimersByTimeAsync(60 * MINUTE)
    expect(secondsOf(attempts)).toEqual([0, 5])
    expect(log.lines('event_lost')).toEqual([])
  })

  it('is retried up to 20 % later, so that many events are not retried together', async () => {
    vi.mocked(Math.random).mockReturnValue(1)
    const deliver = await startedWith(load)
    const attempts = aWebhook(() => refusal(500))
    aLog()
    deliver('msg_1', '{}')
    await vi.advanceTimersByTimeAsync(24_000)
    expect(secondsOf(attempts)).toEqual([0, 6, 24])
  })

  it.each([
    ['30', 30],
    [new Date(START + 40_000).toUTCString(), 40],
    ['1', 5],
    ['soon', 5],
    ['86400', 600],
  ])('is retried after the time in Retry-After, ten minutes at most: %s', async (retryAfter, expected) => {
    const deliver = await startedWith(load)
    const attempts = aWebhook(() => refusal(429, { 'retry-after': retryAfter }))
    aLog()
    deliver('msg_1', '{}')
    await vi.advanceTimersByTimeAsync(expected * 1000)
    expect(secondsOf(attempts)).toEqual([0, expected])
  })

  it('does not keep the process alive', async () => {
    const deliver = await startedWith(load)
    aWebhook(() => refusal(500))
    aLog()
    // Not a spy: it would be restored after the fake clock, and would bring the fake clock back.
    const timers = vi.fn(setTimeout)
    vi.stubGlobal('setTimeout', timers)
    deliver('msg_1', '{}')
    await vi.advanceTimersByTimeAsync(0)
    expect(timers.mock.results.map(({ value }) => value.hasRef())).toEqual([false])
  })
})

describe('a planned job', () => {
  const plan = async (isDone: (looks: number[]) => boolean) => {
    const { planJob } = await import('@/lib/jobs/jobs')
    const { createWorkServices } = await import('@/lib/sign-in-methods/account-work')
    const looks: number[] = []
    const settleLink = async () => {
      looks.push((Date.now() - START) / 1000)
      return isDone(looks)
    }
    const accountWork = async () => ({
      ...{ settleLink, goOnEnding: async () => true },
      ...{ followForeignChange: async () => true, linkPair: vi.fn() },
    })
    const link = { primaryId: 'auth0|ann', secondaryId: 'google-oauth2|ann-g', at: START / 1000 }
    const services = { ...createWorkServices(testConfig()), accountWork }
    return { looks, planned: await planJob(services, { name: 'link', id: 'link_1', data: link }) }
  }

  it('runs after its delay and then every ten seconds, until it is done', async () => {
    const { looks } = await startedWith(() => plan((all) => all.length === 3))
    await vi.advanceTimersByTimeAsync(44_999)
    expect(looks).toEqual([])
    await vi.advanceTimersByTimeAsync(60 * MINUTE)
    expect(looks).toEqual([45, 55, 65])
  })

  it('runs for an hour at most, and is then given up and logged', async () => {
    const log = aLog()
    const { looks } = await startedWith(() => plan(() => false))
    await vi.advanceTimersByTimeAsync(60 * MINUTE)
    expect(looks.length).toBeGreaterThan(7)
    // Long enough for a prepare, which expires after 15 minutes.
    expect(looks.at(-1)).toBeGreaterThan(16 * 60)
    expect(log.lines('not_tidied')).toEqual([expect.objectContaining({ code: 'attempts_used' })])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not run after it was dropped', async () => {
    const { looks, planned } = await startedWith(() => plan(() => true))
    await planned.drop()
    expect(vi.getTimerCount()).toBe(0)
    await vi.advanceTimersByTimeAsync(60 * MINUTE)
    expect(looks).toEqual([])
  })
})

describe('a webhook that does not respond', () => {
  it('has five seconds for its response', async () => {
    const deadline = new AbortController()
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(deadline.signal)
    const deliver = await startedWith(load)
    const attempts = aWebhook(
      (_count, { signal }) =>
        new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    )
    const log = aLog()
    deliver('msg_1', '{}')
    await vi.advanceTimersByTimeAsync(0)
    expect(attempts).toHaveLength(1)
    expect(timeout).toHaveBeenCalledWith(5_000)
    deadline.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
    await vi.advanceTimersByTimeAsync(0)
    expect(log.lines('webhook_failed')).toEqual([expect.objectContaining({ attempt: 1, code: 'timeout' })])
  })
})

describe('a webhook that is gone (410)', () => {
  it('receives nothing more from this process, neither queued events nor new ones', async () => {
    const deliver = await startedWith(load)
    const attempts = aWebhook((count) => refusal(count === 1 ? 500 : 410))
    const log = aLog()
    deliver('msg_1', '{}')
    await vi.advanceTimersByTimeAsync(1000)
    deliver('msg_2', '{}')
    await vi.advanceTimersByTimeAsync(1000)
    deliver('msg_3', '{}')
    await vi.advanceTimersByTimeAsync(60 * MINUTE)
    expect(secondsOf(attempts)).toEqual([0, 1])
    expect(log.lines('event_lost').map(({ id, code }) => [id, code])).toEqual([
      ['msg_2', 'gone'],
      ['msg_3', 'gone'],
      ['msg_1', 'gone'],
    ])
  })
})

describe('waiting jobs', () => {
  it('are a thousand at most: the oldest one is dropped and not sent again', async () => {
    const deliver = await startedWith(load)
    const failing: (() => void)[] = []
    const attempts = aWebhook(
      () => new Promise((_resolve, reject) => failing.push(() => reject(new TypeError('fetch failed')))),
    )
    const log = aLog()
    for (let count = 1; count <= 1001; count += 1) deliver(`msg_${count}`, '{}')
    expect(log.lines('event_lost')).toEqual([expect.objectContaining({ id: 'msg_1', code: 'queue_full' })])
    failing[0]?.()
    await vi.advanceTimersByTimeAsync(0)
    expect(vi.getTimerCount()).toBe(0)
    failing[1]?.()
    await vi.advanceTimersByTimeAsync(5_000)
    const again = attempts.slice(1001).map(({ headers }) => headers['webhook-id'])
    expect(again).toEqual(['msg_2'])
  })

  it('do not count after they were accepted', async () => {
    const deliver = await startedWith(load)
    aWebhook()
    const log = aLog()
    for (let count = 1; count <= 1001; count += 1) {
      deliver(`msg_${count}`, '{}')
      await vi.advanceTimersByTimeAsync(0)
    }
    expect(log.lines()).toEqual([])
  })

  it('are not retried after they were dropped, even if a retry was scheduled', async () => {
    const deliver = await startedWith(load)
    const attempts = aWebhook((count) => (count === 1 ? refusal(500) : new Promise(() => undefined)))
    aLog()
    deliver('msg_1', '{}')
    await vi.advanceTimersByTimeAsync(0)
    expect(vi.getTimerCount()).toBe(1)
    for (let count = 2; count <= 1001; count += 1) deliver(`msg_${count}`, '{}')
    expect(vi.getTimerCount()).toBe(0)
    await vi.advanceTimersByTimeAsync(60 * MINUTE)
    expect(attempts).toHaveLength(1001)
  })
})
