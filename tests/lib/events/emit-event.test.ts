import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AccountEvent } from '@/lib/events/account-event'
import { testConfig } from '../../support/process/services'
import { type Attempt, aLog, anEvent, aWebhook, START, startedWith, WEBHOOK } from './an-event'

const BRAND = { name: 'Tenant Ltd', supportUrl: 'https://tenant.example/help', enabledLocales: [] }
const load = async () => {
  const { createEvents } = await import('@/lib/events/emit-event')
  const { sendEvent } = await import('@/lib/events/send-event')
  return createEvents(testConfig(), { known: () => BRAND }, async (id, body) => {
    await sendEvent(WEBHOOK, id, body)
  })
}

beforeEach(() => {
  vi.useFakeTimers({ now: START })
})
afterEach(() => {
  vi.doUnmock('next/server')
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
  vi.useRealTimers()
})

describe('the log line of an event', () => {
  it('has hashes of both accounts, masked addresses and the number of withheld fields', async () => {
    const events = await startedWith(load, { EVENTS_WEBHOOK_URL: '' })
    const log = aLog()
    events.emit(anEvent({ reason: 'wrong_account', never: true, heldBack: ['plan', 'a.b@example.net'] }))
    expect(log.lines()).toEqual([
      {
        at: '2026-11-24T09:00:00.000Z',
        event: 'account_event',
        type: 'account.linked',
        id: expect.stringMatching(/^msg_[0-9a-f-]{36}$/),
        user: expect.stringMatching(/^[0-9a-f]{12}$/),
        email: 'a••@example.com',
        other: expect.stringMatching(/^[0-9a-f]{12}$/),
        other_email: 'a••@example.org',
        connection: 'google',
        way: 'settings',
        client_id: 'demo-other',
        reason: 'wrong_account',
        never: true,
        held_back: 2,
      },
    ])
    for (const whole of ['ann-000', 'ann@', 'ann.lee', 'a.b@example.net', 'plan'])
      expect(log.text()).not.toContain(whole)
  })

  it('omits unknown fields', async () => {
    const events = await startedWith(load, { EVENTS_WEBHOOK_URL: '' })
    const log = aLog()
    events.emit({
      type: 'account.link_declined',
      userId: 'auth0|ann-0001',
      way: 'login',
      clientId: '',
    })
    expect(Object.keys(log.lines()[0] ?? {})).toEqual(['at', 'event', 'type', 'id', 'user', 'way'])
  })

  it('is written even if the event cannot be serialized', async () => {
    const events = await startedWith(load)
    const attempts = aWebhook()
    const log = aLog()
    const broken = anEvent({ heldBack: [1n] as unknown as string[] }) satisfies AccountEvent
    expect(() => events.emit(broken)).not.toThrow()
    await vi.waitFor(() => expect(log.lines()).toHaveLength(2))
    expect(log.lines().map(({ event, code }) => [event, code])).toEqual([
      ['account_event', undefined],
      ['event_lost', 'internal'],
    ])
    expect(attempts).toEqual([])
  })
})

describe('the webhook', () => {
  it('receives nothing if it is not configured', async () => {
    const events = await startedWith(load, { EVENTS_WEBHOOK_URL: '' })
    const attempts = aWebhook()
    const log = aLog()
    events.emit(anEvent())
    await vi.runAllTimersAsync()
    expect(attempts).toEqual([])
    expect(log.lines()).toHaveLength(1)
  })

  it('receives the event once, signed, with the id of the log line', async () => {
    const events = await startedWith(load)
    const attempts = aWebhook()
    const log = aLog()
    events.emit(anEvent())
    await vi.waitFor(() => expect(attempts).toHaveLength(1))
    const { body = '', headers = {}, init } = (attempts[0] ?? {}) as Partial<Attempt>
    expect(new Webhook(WEBHOOK.secret).verify(body, headers)).toMatchObject({
      type: 'account.linked',
      timestamp: '2026-11-24T09:00:00.000Z',
      data: { user_id: 'auth0|ann-0001', other_user_id: 'google-oauth2|ann-0002' },
    })
    const { text } = JSON.parse(body).data.notice
    expect(text).toContain('Tenant Ltd')
    expect(text).toContain('https://tenant.example/help')
    expect(headers['webhook-id']).toBe(log.lines('account_event')[0]?.id)
    expect(headers['content-type']).toBe('application/json')
    expect(init).toMatchObject({ method: 'POST', redirect: 'error' })
    expect(log.lines()).toHaveLength(1)
  })

  it('is called after the response to the request', async () => {
    const tasks: (() => Promise<void>)[] = []
    vi.doMock('next/server', () => ({ after: (task: () => Promise<void>) => void tasks.push(task) }))
    const events = await startedWith(load)
    const attempts = aWebhook()
    aLog()
    events.emit(anEvent())
    await vi.runAllTimersAsync()
    expect(attempts).toEqual([])
    // A task may append another one to `tasks`.
    for (const task of tasks) await task()
    expect(attempts).toHaveLength(1)
  })
})
