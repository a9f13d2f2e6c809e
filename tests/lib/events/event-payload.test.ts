import { afterEach, describe, expect, it, vi } from 'vitest'
import { services } from '../../support/process/services'
import { anEvent, START, startedWith } from './an-event'

const load = () => import('@/lib/events/event-payload')

afterEach(() => {
  vi.unstubAllEnvs()
})

const payloadOf = async (changes = {}, env: Record<string, string> = {}) => {
  const { toPayload } = await startedWith(load, env)
  return JSON.parse(JSON.stringify(await toPayload(services(), anEvent(changes), new Date(START))))
}

describe('toPayload', () => {
  it('contains who, what, in which application and how, and a mail', async () => {
    const details = { reason: 'unverified', never: false, heldBack: ['plan'], language: 'en' }
    expect(await payloadOf(details)).toEqual({
      type: 'account.linked',
      timestamp: '2026-11-24T09:00:00.000Z',
      data: {
        user_id: 'auth0|ann-0001',
        other_user_id: 'google-oauth2|ann-0002',
        connection: 'google',
        provider: 'google-oauth2',
        way: 'settings',
        client_id: 'demo-other',
        client_name: 'Other Company',
        reason: 'unverified',
        never: false,
        held_back: ['plan'],
        notice: { subject: expect.any(String), text: expect.any(String) },
      },
    })
  })

  it('omits unknown fields', async () => {
    const unknown = {
      type: 'account.link_declined',
      other: undefined,
      clientId: '',
      clientName: undefined,
    }
    expect((await payloadOf(unknown)).data).toEqual({ user_id: 'auth0|ann-0001', way: 'settings' })
  })

  it.each([
    ['no', {}, false],
    ['no', { EVENTS_INCLUDE_EMAIL: '0' }, false],
    ['both', { EVENTS_INCLUDE_EMAIL: '1' }, true],
  ])('contains %s addresses with %j', async (_which, env, isThere) => {
    const payload = await payloadOf({}, env)
    const addresses = { email: 'ann@example.com', other_email: 'ann.lee@example.org' }
    expect(payload.data).toEqual(isThere ? expect.objectContaining(addresses) : expect.anything())
    for (const address of Object.values(addresses))
      expect(JSON.stringify(payload).includes(address)).toBe(isThere)
  })
})
