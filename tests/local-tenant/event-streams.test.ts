import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startEventStreams } from '@/local-tenant/control/event-streams'
import { aManagementApi, userPath } from '../support/tenant/management-calls'

let tenant: Awaited<ReturnType<typeof aManagementApi>>
/** What the webhook received, and the statuses that it answers with, in order: 204 by default, 0 for no answer. */
let received: { url: string; authorization: string | undefined; event: Record<string, unknown> }[]
let statuses: number[]
beforeAll(async () => {
  tenant = await aManagementApi()
  startEventStreams(tenant.state, async (url, { headers, body }) => {
    received.push({ url, authorization: headers.authorization, event: JSON.parse(String(body)) })
    const status = statuses.shift() ?? 204
    if (status === 0) throw new TypeError('fetch failed')
    return new Response(null, { status })
  })
})
afterAll(() => tenant.state.reset())

const STREAMS = '/api/v2/event-streams'
const TOKEN = 'a-bearer-token'
const DESTINATION = {
  type: 'webhook',
  configuration: {
    webhook_endpoint: 'https://accounts.example.com/auth0-events',
    webhook_authorization: { method: 'bearer', token: TOKEN },
  },
}
const create = (fields: object = {}, scope = 'create:event_streams') =>
  tenant.call('POST', STREAMS, {
    body: {
      name: 'Account linking',
      subscriptions: ['user.created', 'user.updated', 'user.deleted'].map((event_type) => ({ event_type })),
      destination: DESTINATION,
      ...fields,
    },
    scope,
  })
const options = (event_stream: object) => tenant.call('POST', '/_tenant/options', { body: { event_stream } })
const deliveries = async (): Promise<Record<string, unknown>[]> =>
  (await tenant.call('GET', '/_tenant/deliveries')).body
const types = () => received.map(({ event }) => event.type)
const told = (count: number) => vi.waitFor(() => expect(received).toHaveLength(count), 5_000)

const link = () =>
  tenant.call('POST', userPath('auth0|ann', 'identities'), {
    body: { provider: 'google-oauth2', user_id: 'ann-g' },
    scope: 'update:users',
  })
const unlink = () =>
  tenant.call('DELETE', userPath('auth0|ann', 'identities', 'google-oauth2', 'ann-g'), {
    scope: 'update:users',
  })
const change = () =>
  tenant.call('PATCH', userPath('auth0|ann'), { body: { user_metadata: { a: 1 } }, scope: 'update:users' })

beforeEach(() => {
  tenant.state.reset()
  received = []
  statuses = []
})

describe('/api/v2/event-streams', () => {
  it('creates, lists, changes and deletes a stream, and shows no token', async () => {
    const { status, body: stream } = await create()
    expect(status).toBe(201)
    expect(stream).toMatchObject({ name: 'Account linking', status: 'enabled' })
    const read = { scope: 'read:event_streams' }
    expect((await tenant.call('GET', STREAMS, read)).body).toEqual({ eventStreams: [stream] })
    expect((await tenant.call('GET', `${STREAMS}/${stream.id}`, read)).body).toEqual(stream)
    const changed = await tenant.call('PATCH', `${STREAMS}/${stream.id}`, {
      body: { status: 'disabled' },
      scope: 'update:event_streams',
    })
    expect(changed.body).toMatchObject({ status: 'disabled', name: 'Account linking' })
    expect(JSON.stringify([stream, changed.body])).not.toContain(TOKEN)
    const gone = await tenant.call('DELETE', `${STREAMS}/${stream.id}`, { scope: 'delete:event_streams' })
    expect(gone.status).toBe(204)
    expect((await tenant.call('GET', STREAMS, read)).body).toEqual({ eventStreams: [] })
    expect((await tenant.call('GET', `${STREAMS}/${stream.id}`, read)).status).toBe(404)
  })

  it('needs the scope, and a webhook with a bearer token', async () => {
    expect((await create({}, 'read:event_streams')).status).toBe(403)
    expect((await create({ destination: { type: 'eventbridge' } })).status).toBe(400)
  })
})

describe('an event stream', () => {
  it('sends user.deleted and user.updated for a link, as CloudEvents', async () => {
    const { body: stream } = await create()
    await link()
    await told(2)
    expect(types()).toEqual(['user.deleted', 'user.updated'])
    expect(received[1]).toMatchObject({
      url: DESTINATION.configuration.webhook_endpoint,
      authorization: `Bearer ${TOKEN}`,
      event: {
        ...{ specversion: '1.0', a0stream: stream.id, id: expect.stringMatching(/^evt_/) },
        ...{ source: expect.stringMatching(/^urn:auth0:/), time: expect.stringMatching(/Z$/) },
        data: { object: { user_id: 'auth0|ann', identities: [{}, { provider: 'google-oauth2' }] } },
      },
    })
    expect(received[0]?.event.data).toMatchObject({
      object: { user_id: 'google-oauth2|ann-g', deleted_at: expect.any(String) },
    })
    expect(JSON.stringify(received)).not.toContain('correct horse')
  })

  it('sends events for an unlink, a change, a new user and a deleted user', async () => {
    await link()
    await create()
    await unlink()
    await change()
    await tenant.call('DELETE', userPath('auth0|dee'), { scope: 'delete:users' })
    await told(4)
    expect(types()).toEqual(['user.updated', 'user.created', 'user.updated', 'user.deleted'])
    // The identity that was unlinked is not in the list any more.
    expect(received[0]?.event.data).toMatchObject({ object: { identities: [{ provider: 'auth0' }] } })
  })

  it('sends only events that it subscribed to, and only while it is enabled', async () => {
    await create({ subscriptions: [{ event_type: 'user.deleted' }] })
    await create({ status: 'disabled' })
    await link()
    await told(1)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(types()).toEqual(['user.deleted'])
  })

  it.each([
    [500, [500, 204]],
    [0, [0, 204]],
    [404, [404]],
    [401, [401]],
  ])('sends an event again after status %d if a retry can help', async (status, expected) => {
    await create()
    await options({ pauses_ms: [10, 10] })
    statuses = [status]
    await change()
    await new Promise((resolve) => setTimeout(resolve, 150))
    const made = await deliveries()
    expect(made.map((delivery) => delivery.status)).toEqual(expected)
    expect(new Set(made.map(({ event_id }) => event_id)).size).toBe(1)
    expect(made.map(({ attempt }) => attempt)).toEqual(expected.map((_, index) => index + 1))
  })

  it('gives up on an event after four attempts', async () => {
    await create()
    await options({ pauses_ms: [5, 5, 5] })
    statuses = [500, 500, 500, 500, 500]
    await change()
    await told(4)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(received).toHaveLength(4)
  })

  it('sends events in reverse order, and several times, as the options say', async () => {
    await create()
    await options({ order: 'reversed', repeat: 2, delay_ms: 50 })
    await link()
    await told(4)
    expect(types()).toEqual(['user.updated', 'user.updated', 'user.deleted', 'user.deleted'])
    expect(new Set(received.map(({ event }) => event.id)).size).toBe(2)
  })

  it('sends no events for changes from before a reset', async () => {
    await create()
    await options({ delay_ms: 50 })
    await link()
    tenant.state.reset()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect([received, await deliveries()]).toEqual([[], []])
  })
})
