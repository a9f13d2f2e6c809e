import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { aQueue } from '../lib/jobs/a-queue'
import { startAdopter } from '../support/flow/adopter'
import { aRestartableApp } from '../support/flow/killed-app'
import { ownDemo } from '../support/flow/own-demo'
import { untilConnected } from '../support/flow/redis'

const { redis, webhook, look } = await aQueue()
const adopter = await startAdopter()
afterAll(adopter.close)

const values = { ADOPTION_URL: adopter.url, ADOPTION_SECRET: adopter.secret }
const { start, kill, startAgain } = aRestartableApp()
const own = ownDemo({
  hasEventStream: true,
  env: { REDIS_URL: redis.url, EVENTS_WEBHOOK_URL: webhook.url, ...values },
  secrets: values,
  start,
})
beforeAll(() => untilConnected(own.flow.demo.app, own.output))

const [ANN, GOOGLE] = ['auth0|ann', 'google-oauth2|ann-g']
/** The application that a test started after it killed the previous one; undefined before that. */
let again: Awaited<ReturnType<typeof startAgain>> | undefined
afterAll(() => again?.close())
beforeEach(async () => {
  // Redis still remembers the linked identities that the tenant reported during the previous test.
  await redis.empty()
  webhook.received.length = 0
  adopter.reset()
})

const linkByHand = () =>
  own.flow.tenant.administer('POST', ANN, { provider: 'google-oauth2', user_id: 'ann-g' }, '/identities')
const told = () =>
  webhook.received.map(({ headers, body }) => ({
    id: headers['webhook-id'],
    event: `${JSON.parse(body).type} ${JSON.parse(body).data.way}`,
  }))
const isRecorded = async () =>
  Object.entries((await own.flow.tenant.user(ANN))?.app_metadata ?? {}).some(
    ([key, value]) => /^account_linking_[0-9a-f]{12}$/.test(key) && JSON.stringify(value).includes(GOOGLE),
  )
const queued = async () => {
  const { delayed = 0, waiting = 0, active = 0 } = await look.counts()
  return delayed + waiting + active
}
async function followedOnce(): Promise<void> {
  await vi.waitFor(async () => expect(await queued()).toBe(0), 60_000)
  expect(told().map(({ event }) => event)).toContain('account.linked foreign')
  // An application that is killed may send the event twice, but both times with the same id.
  expect(new Set(told().map(({ id }) => id)).size).toBe(1)
  expect(new Set(adopter.steps.map(({ id }) => id)).size).toBe(1)
  expect(adopter.steps.every(({ step, data }) => step === 'commit' && data.foreign)).toBe(true)
  expect(await isRecorded()).toBe(true)
}

describe('an event from Auth0 that arrives while Redis is down', () => {
  it('gets a 503, and is processed when the tenant sends it again', async () => {
    await own.flow.tenant.options({ event_stream: { pauses_ms: [1_000, 2_000, 4_000, 4_000, 4_000, 4_000] } })
    await redis.kill()
    await linkByHand()
    await vi.waitFor(
      async () =>
        expect((await own.flow.tenant.deliveries()).some(({ status }) => status === 503)).toBe(true),
      10_000,
    )
    await redis.restart()
    await vi.waitFor(() => expect(told()).toHaveLength(1), 30_000)
    await followedOnce()
    const deliveries = await own.flow.tenant.deliveries()
    expect(new Set(deliveries.map(({ status }) => status))).toEqual(new Set([503, 204]))
  }, 90_000)
})

describe('an application that is killed while it records a link that others made', () => {
  it.each([
    ['before the link is recorded', { delay_ms: 4_000 }, false],
    ['after the link is recorded', { delay_ms: 4_000, drop: 'after' }, true],
  ])(
    'reports the link under one id after the restart: killed %s',
    async (_when, effect, isDone) => {
      await own.flow.tenant.faults({ match: { method: 'PATCH', path: '/users/' }, effect })
      await linkByHand()
      await vi.waitFor(
        async () =>
          expect((await own.flow.tenant.ledger()).some(({ method }) => method === 'PATCH')).toBe(true),
        10_000,
      )
      await kill()
      await own.flow.tenant.mend()
      expect([await isRecorded(), told()]).toEqual([isDone, []])
      again = await startAgain()
      await vi.waitFor(() => expect(told()).not.toEqual([]), 60_000)
      await followedOnce()
    },
    120_000,
  )
})
