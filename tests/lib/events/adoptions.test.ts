import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createAdoptions } from '@/lib/events/adoptions'
import { JOB_KINDS } from '@/lib/jobs/job-kinds'
import { createWorkServices } from '@/lib/sign-in-methods/account-work'
import { testConfig } from '../../support/process/services'
import { aLog, aWebhook, WEBHOOK } from './an-event'

const DATA = {
  adoption_id: 'a1',
  primary_user_id: 'auth0|ann',
  secondary_user_id: 'google-oauth2|ann-g',
  way: 'settings',
  client_id: 'demo-app',
}
const refusing = (status: number) => () => new Response('Bad Body', { status })
const later = vi.fn(async () => undefined)
const aSender = () => createAdoptions(WEBHOOK, later) ?? expect.fail()

beforeEach(() => void later.mockClear())
afterEach(() => void vi.unstubAllGlobals())

describe('createAdoptions', () => {
  it('is undefined if no application is configured', () => {
    expect(createAdoptions(undefined, later)).toBeUndefined()
  })

  it('sends a step once, signed, and queues no retry if it was accepted', async () => {
    const attempts = aWebhook()
    expect(await aSender()('commit', DATA)).toBe(true)
    const [{ headers, body } = expect.fail()] = attempts
    expect(headers['webhook-id']).toBe('a1.account.adoption.commit')
    expect(new Webhook(WEBHOOK.secret).verify(body, headers)).toMatchObject({ data: DATA })
    expect(attempts).toHaveLength(1)
    expect(later).not.toHaveBeenCalled()
  })

  it.each([
    ['prepare', 3_000],
    ['commit', 2_000],
    ['abandon', 2_000],
  ] as const)('sets the time limit of a %s to %i ms', async (step, limit) => {
    aWebhook()
    const timeout = vi.spyOn(AbortSignal, 'timeout')
    await aSender()(step, DATA)
    expect(timeout.mock.calls).toEqual([[limit]])
  })

  it.each(['commit', 'abandon'] as const)('queues a retry of a failed %s, with the same id', async (step) => {
    const attempts = aWebhook(refusing(503))
    const log = aLog()
    expect(await aSender()(step, DATA)).toBe(false)
    const id = `a1.account.adoption.${step}`
    await vi.waitFor(() => expect(later.mock.calls).toEqual([[id, attempts[0]?.body]]))
    expect(log.lines()).toEqual([
      expect.objectContaining({ event: 'adoption_failed', id, attempt: 1, code: 'status', status: 503 }),
    ])
    for (const hidden of ['hooks.example.com', WEBHOOK.secret, 'auth0|ann', 'Bad Body'])
      expect(log.text()).not.toContain(hidden)
  })

  it('queues no retry of a prepare', async () => {
    aWebhook(refusing(500))
    aLog()
    expect(await aSender()('prepare', DATA)).toBe(false)
    expect(later).not.toHaveBeenCalled()
  })
})

describe('the background job that retries an adoption step', () => {
  const env = {
    ADOPTION_URL: WEBHOOK.url,
    ADOPTION_SECRET: WEBHOOK.secret,
    ACTION_EVENTS_SECRET: 'relay-'.repeat(7),
  }
  const run = (services = createWorkServices(testConfig(env))) =>
    JOB_KINDS.adoption.run(services, 'a1.account.adoption.commit', { body: '{"a":1}' }, 1)

  it('is done when the application accepts the step', async () => {
    const attempts = aWebhook()
    expect(await run()).toBeUndefined()
    expect(attempts.map(({ body }) => body)).toEqual(['{"a":1}'])
  })

  it('is retried, and continues the numbering of attempts', async () => {
    aWebhook(() => new Response(null, { status: 429, headers: { 'retry-after': '30' } }))
    const log = aLog()
    expect(await run()).toEqual({ retryAfter: 30_000 })
    expect(log.lines('adoption_failed')).toEqual([expect.objectContaining({ attempt: 2 })])
  })

  it('is given up and logged if no application is configured any more', async () => {
    const log = aLog()
    expect(await run(createWorkServices(testConfig()))).toEqual({ isFinal: 'gone' })
    JOB_KINDS.adoption.giveUp('a1.account.adoption.commit', 'gone')
    expect(log.lines('adoption_lost')).toEqual([
      expect.objectContaining({ id: 'a1.account.adoption.commit', code: 'gone' }),
    ])
  })
})
