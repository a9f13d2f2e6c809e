import { describe, expect, it } from 'vitest'
import { RequestPacer } from '@/lib/auth0/pace'
import { limitsOf, type RateLimit } from '@/local-tenant/management/plan-limits'
import type { PlanName } from '@/local-tenant/world/options'

/** How long a call takes at this tenant, in milliseconds. */
const LATENCY_MS = 120
/** The calls of one link with its rights; `|` stands for a user id. */
const CALLS = [
  ...['GET /users/|', 'GET /users/|', 'GET /users/|/roles', 'GET /users/|/organizations'],
  ...['PATCH /users/|', 'POST /users/|/identities'],
]

/** A fake clock, which jumps to the time of the next sleeper. */
function aClock() {
  let now = 0
  const sleepers: { at: number; wake: () => void }[] = []
  return {
    now: () => now,
    sleep: (milliseconds: number) =>
      new Promise<void>((wake) => sleepers.push({ at: now + milliseconds, wake })),
    /** Runs the clock until this time. */
    async until(end: number) {
      for (;;) {
        // First run everything that is ready without a sleep.
        for (let turn = 0; turn < 40; turn += 1) await Promise.resolve()
        const next = sleepers.sort((one, other) => one.at - other.at)[0]
        if (!next || next.at > end) break
        sleepers.shift()
        now = Math.max(now, next.at)
        next.wake()
      }
      now = end
    },
  }
}

type Clock = ReturnType<typeof aClock>

/** A tenant with the rate limits of a plan, as in Auth0's tables, on the fake clock. */
function aTenant(plan: PlanName, clock: Clock) {
  const buckets = new Map<RateLimit, { tokens: number; at: number }>()
  const answered: number[] = []
  /** The number of calls that each bucket let through. */
  const spent = new Map<RateLimit, number>()
  const fetcher = async (input: unknown, init?: { method?: string }) => {
    const path = new URL(String(input)).pathname.replace('/api/v2', '')
    let last: { limit: RateLimit; tokens: number } | undefined
    let status = 200
    for (const limit of limitsOf(plan, init?.method ?? 'GET', path, 'others')) {
      const bucket = buckets.get(limit) ?? { tokens: limit.burst, at: clock.now() }
      bucket.tokens = Math.min(
        limit.burst,
        bucket.tokens + ((clock.now() - bucket.at) / 1000) * limit.per_second,
      )
      bucket.at = clock.now()
      buckets.set(limit, bucket)
      if (bucket.tokens < 1) status = 429
      else {
        bucket.tokens -= 1
        spent.set(limit, (spent.get(limit) ?? 0) + 1)
      }
      last = { limit, tokens: bucket.tokens }
      if (status === 429) break
    }
    answered.push(status)
    await clock.sleep(LATENCY_MS)
    return new Response(null, {
      status,
      headers: {
        'x-ratelimit-limit': String(last?.limit.burst),
        'x-ratelimit-remaining': String(Math.floor(last?.tokens ?? 0)),
        'x-ratelimit-reset': '0',
      },
    })
  }
  return { answered, fetcher: fetcher as typeof fetch, spent }
}

/** Makes links as fast as the pacer allows, for ten minutes of the fake clock. */
async function tenMinutes(
  plan: PlanName,
  share: number,
  other: (send: typeof fetch, clock: Clock) => void = () => undefined,
) {
  const clock = aClock()
  const { answered, fetcher, spent } = aTenant(plan, clock)
  const pace = new RequestPacer(share, fetcher, clock)
  let isOver = false
  const worker = async () => {
    while (!isOver)
      for (const call of CALLS) {
        const [method = '', path = ''] = call.split(' ')
        await pace.send(`https://tenant.example/api/v2${path.replace('|', 'auth0%7Cann')}`, { method })
      }
  }
  for (let count = 0; count < 8; count += 1) void worker()
  other(fetcher, clock)
  await clock.until(600_000)
  isOver = true
  return { calls: answered.length, answered, pace, spent }
}

describe('RequestPacer', () => {
  it.each([
    ['enterprise', 0.5, 16],
    ['enterprise', 1, 16],
    ['enterprise', 0.25, 16],
    ['free', 0.5, 2],
  ] as const)(
    'uses at least 95 %% of its share of %s, %d, and never more',
    async (plan, share, perSecond) => {
      const { calls, pace } = await tenMinutes(plan, share)
      const allowed = share * perSecond * 600
      expect(calls).toBeGreaterThanOrEqual(0.95 * allowed)
      expect(calls).toBeLessThanOrEqual(allowed + share * perSecond + 1)
      expect(pace.rateLimited / pace.calls).toBeLessThan(0.01)
    },
  )

  it('keeps to its share of every bucket on the essentials plan, with separate limits for reads and writes', async () => {
    const { pace, spent } = await tenMinutes('essentials', 0.5)
    const used = [...spent].map(([{ per_second, burst }, count]) => ({
      burst,
      share: count / (per_second * 600),
    }))
    for (const { share } of used) expect(share).toBeLessThanOrEqual(0.505)
    // The bucket that limits a link counts three of its six calls. Auth0's table refills it faster than the pacer assumes.
    const { share } = used.find(({ burst }) => burst === 10) ?? { share: 0 }
    expect(share).toBeGreaterThan(0.38)
    expect(pace.rateLimited).toBe(0)
  })

  it('leaves the rest of the bucket to logins: none is refused, and the pacer waits while they need it', async () => {
    const turnedAway: number[] = []
    const logins = async (send: typeof fetch, clock: Clock) => {
      for (;;) {
        // Logins use 80 % of what the tenant allows.
        await clock.sleep(1000 / (0.8 * 16))
        void send('https://tenant.example/api/v2/users-by-email', {}).then(({ status }) => {
          if (status === 429) turnedAway.push(clock.now())
        })
      }
    }
    const { pace, spent } = await tenMinutes('enterprise', 0.5, (send, clock) => void logins(send, clock))
    expect(turnedAway).toEqual([])
    expect(pace.rateLimited / pace.calls).toBeLessThan(0.01)
    // The pacer uses what the logins leave.
    const [count = 0] = [...spent].filter(([{ burst }]) => burst === 50).map(([, calls]) => calls)
    expect(count).toBeGreaterThan(0.95 * 16 * 600)
  })
})

describe('the meter of a pacer', () => {
  const answering = (headers: Record<string, string>, status = 200) =>
    new RequestPacer(0.5, async () => new Response('{}', { status, headers }))
  const measured = async (pace: RequestPacer, calls: number) => {
    const meter = pace.meter()
    for (let count = 0; count < calls; count += 1) await meter.send('https://tenant.example/api/v2/users/a')
    return meter
  }

  it('returns how long the calls take at the share of their bucket', async () => {
    const pace = answering({ 'x-ratelimit-limit': '50', 'x-ratelimit-remaining': '49' })
    // A bucket of 50 refills with 16 calls a second, and half of them are ours: four calls take 500 ms.
    expect((await measured(pace, 4)).milliseconds()).toBe(500)
    expect((await measured(pace, 0)).milliseconds()).toBe(0)
  })

  it('returns how long the tenant asked to wait', async () => {
    const meter = await measured(answering({ 'x-ratelimit-limit': '50', 'retry-after': '3' }, 429), 1)
    expect(meter.waitMs()).toBe(3_000)
    expect((await measured(answering({}), 1)).waitMs()).toBe(0)
  })
})
