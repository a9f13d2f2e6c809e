import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { aLog, startedWith } from '../../lib/events/an-event'

const SECRET = 'auth0-events-secret-0123456789abcdefg'
const load = () => import('@/app/auth0-events/route')
const start = (env: Record<string, string> = {}) =>
  startedWith(load, { EVENTS_WEBHOOK_URL: '', AUTH0_EVENTS_SECRET: SECRET, ...env })
beforeEach(() => {
  aLog()
})
afterEach(() => void vi.unstubAllEnvs())

const EVENT = { type: 'user.updated', id: 'evt_1', time: '2026-11-30T09:00:00Z', data: { object: {} } }

/** A request whose body counts how much of it was read. */
function aRequest(body: unknown = EVENT, headers: Record<string, string> = {}) {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  const read = { bytes: 0 }
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = bytes.subarray(read.bytes, read.bytes + 65_536)
        read.bytes += chunk.length
        if (chunk.length > 0) controller.enqueue(chunk)
        else controller.close()
      },
    },
    { highWaterMark: 0 },
  )
  const request = new Request('http://localhost:3000/auth0-events', {
    method: 'POST',
    headers: { authorization: `Bearer ${SECRET}`, ...headers },
    body: stream,
    duplex: 'half',
  } as RequestInit)
  return { request, read }
}

describe('POST /auth0-events', () => {
  it('answers 204 without a body, and forbids caches to store it', async () => {
    const { POST } = await start()
    const response = await POST(aRequest().request)
    expect([response.status, await response.text()]).toEqual([204, ''])
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('answers 404 without AUTH0_EVENTS_SECRET', async () => {
    const { POST } = await start({ AUTH0_EVENTS_SECRET: '' })
    const response = await POST(aRequest().request)
    expect([response.status, await response.json()]).toEqual([404, { error: 'not_found' }])
  })

  it.each([
    ['another token', `Bearer ${SECRET}x`],
    ['a shorter one', `Bearer ${SECRET.slice(0, -1)}`],
    ['the token alone', SECRET],
    ['no token', ''],
    ['a basic one', `Basic ${Buffer.from(`:${SECRET}`).toString('base64')}`],
  ])('refuses %s, and reads nothing of the body', async (_what, authorization) => {
    const { POST } = await start()
    const { request, read } = aRequest('x'.repeat(1_000_000), { authorization })
    const response = await POST(request)
    expect([response.status, await response.json()]).toEqual([401, { error: 'unauthorized' }])
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(read.bytes).toBe(0)
  })

  it('reads nothing of a body with a content-length that is too large, and about 4 MiB of a large one without', async () => {
    const { POST } = await start()
    const large = 'x'.repeat(5_000_000)
    const told = aRequest(large, { 'content-length': String(large.length) })
    expect([(await POST(told.request)).status, told.read.bytes]).toEqual([400, 0])
    const untold = aRequest(large)
    expect((await POST(untold.request)).status).toBe(400)
    expect(untold.read.bytes).toBeLessThanOrEqual(4_194_304 + 65_536)
  })

  it.each([['{'], ['[]'], ['null'], ['"user.updated"'], [''], [JSON.stringify({ ...EVENT, id: 7 })]])(
    'answers 400 to the body %s',
    async (body) => {
      const { POST } = await start()
      const response = await POST(aRequest(body).request)
      expect([response.status, await response.json()]).toEqual([400, { error: 'bad_request' }])
    },
  )

  it('answers 503 if the store does not respond, so that the tenant sends the event again', async () => {
    const { POST } = await start({ REDIS_URL: 'redis://127.0.0.1:1' })
    const object = {
      user_id: 'auth0|ann',
      identities: [
        { provider: 'auth0', user_id: 'ann' },
        { provider: 'google-oauth2', user_id: 'ann-g' },
      ],
    }
    const response = await POST(aRequest({ ...EVENT, data: { object } }).request)
    expect([response.status, await response.json()]).toEqual([503, { error: 'store_unavailable' }])
  })

  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'] as const)('allows no %s', async (method) => {
    const response = await (await start())[method]()
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
  })
})
