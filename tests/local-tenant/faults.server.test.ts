import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { serve } from '@hono/node-server'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FaultRule } from '@/local-tenant/control/records'
import { aManagementApi, userPath } from '../support/tenant/management-calls'

let tenant: Awaited<ReturnType<typeof aManagementApi>>
let server: ReturnType<typeof serve>
let origin: string

beforeAll(async () => {
  tenant = await aManagementApi()
  server = serve({ fetch: tenant.app.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))
beforeEach(() => tenant.state.reset())

const LINK = userPath('auth0|ann', 'identities')

async function play(...rules: FaultRule[]) {
  const answer = await send('POST', '/_tenant/faults', rules)
  expect(answer.status).toBe(200)
}

async function send(method: string, path: string, body?: unknown) {
  const token = await tenant.accessToken('read:users update:users')
  return fetch(`${origin}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', connection: 'close' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}

const link = () => send('POST', LINK, { provider: 'google-oauth2', user_id: 'ann-g' })
const isLinked = () => tenant.state.users.get('auth0|ann')?.identities.length === 2
const match = { method: 'POST', path: 'identities$' }

describe('faults of an exported file', () => {
  async function exportedFile(): Promise<string> {
    const answer = await send('POST', '/api/v2/jobs/users-exports', { format: 'json' })
    const { id } = (await answer.json()) as { id: string }
    for (;;) {
      const job = (await (await send('GET', `/api/v2/jobs/${id}`)).json()) as { location?: string }
      if (job.location) return `${new URL(job.location).pathname}${new URL(job.location).search}`
    }
  }

  it('cut it in the middle: the download fails, and its half cannot be decompressed', async () => {
    const path = await exportedFile()
    const whole = Buffer.from(await (await send('GET', path)).arrayBuffer())
    expect(gunzipSync(whole).toString()).toContain('auth0|ann')
    await play({ match: { path: '/user-exports/' }, effect: { truncate: true } })
    const answer = await send('GET', path)
    expect(answer.headers.get('content-length')).toBe(String(whole.length))
    const parts: Uint8Array[] = []
    const reading = async () => {
      for await (const part of answer.body ?? []) parts.push(part)
    }
    await expect(reading()).rejects.toThrow('terminated')
    const half = Buffer.concat(parts)
    expect(half).toEqual(whole.subarray(0, Math.floor(whole.length / 2)))
    expect(() => gunzipSync(half)).toThrow('unexpected end of file')
  })

  it('do not change its bytes if they change only headers', async () => {
    const path = await exportedFile()
    const whole = Buffer.from(await (await send('GET', path)).arrayBuffer())
    await play({ match: { path: '/user-exports/' }, effect: { headers: { 'x-cache': 'hit' } } })
    const answer = await send('GET', path)
    expect(answer.headers.get('x-cache')).toBe('hit')
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(whole)
  })
})

describe('faults', () => {
  it('responds with a status, headers and body, and changes nothing', async () => {
    await play({ match, effect: { status: 503, headers: { 'Retry-After': '1' }, body: { down: true } } })
    const answer = await link()
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(await answer.json()).toEqual({ down: true })
    expect(isLinked()).toBe(false)
    expect(tenant.state.ledger).toMatchObject([{ method: 'POST', status: 503, effect: null }])
  })

  it('responds with a status after the change was made', async () => {
    await play({ match, effect: { status: 500, body: '<h1>Bad gateway</h1>', drop: 'after' } })
    const answer = await link()
    expect(answer.status).toBe(500)
    expect(await answer.text()).toBe('<h1>Bad gateway</h1>')
    expect(answer.headers.has('x-ratelimit-limit')).toBe(false)
    expect(isLinked()).toBe(true)
    expect(tenant.state.ledger).toMatchObject([{ status: 500, effect: 'link' }])
  })

  it.each([
    ['before', false],
    ['after', true],
  ] as const)('resets the connection %s the change', async (drop, linked) => {
    await play({ match, effect: { drop } })
    await expect(link()).rejects.toThrow('fetch failed')
    expect(isLinked()).toBe(linked)
    expect(tenant.state.ledger).toMatchObject([{ status: 0, effect: linked ? 'link' : null }])
    await send('DELETE', '/_tenant/faults')
    expect((await link()).status).toBe(linked ? 409 : 201)
  })

  it('merges headers and body into the real response', async () => {
    await play({ match, effect: { body: [], headers: { 'x-played': '1' } } })
    const answer = await link()
    expect(answer.status).toBe(201)
    expect(answer.headers.get('x-played')).toBe('1')
    expect(await answer.json()).toEqual([])
    expect(isLinked()).toBe(true)
  })

  it('cuts a body in half', async () => {
    await play({ match: { path: 'users-by-email' }, effect: { truncate: true } })
    const answer = await send('GET', '/api/v2/users-by-email?email=ann%40example.com')
    expect(answer.status).toBe(200)
    expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(500)
    await expect(answer.text()).rejects.toThrow('terminated')
  })

  it('waits before the change, and changes nothing if the caller hangs up', async () => {
    await play({ match, effect: { delay_ms: 150 }, times: 1 })
    const hungUp = httpRequest(`${origin}${LINK}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await tenant.accessToken('update:users')}` },
    })
    const ended = new Promise((resolve) => hungUp.once('error', resolve))
    hungUp.end(JSON.stringify({ provider: 'google-oauth2', user_id: 'ann-g' }))
    await expect.poll(() => tenant.state.faults[0]?.played).toBe(1)
    hungUp.destroy()
    await ended
    await expect.poll(() => tenant.state.ledger.length).toBe(1)
    // The second call waits longer, so the first wait is over when it ends.
    await play({ match: { path: 'users-by-email' }, effect: { delay_ms: 200 } })
    const started = performance.now()
    expect((await send('GET', '/api/v2/users-by-email?email=x%40y.z')).status).toBe(200)
    expect(performance.now() - started).toBeGreaterThan(190)
    expect(isLinked()).toBe(false)
  })

  it('waits between the change and the response with drop after', async () => {
    await play({ match, effect: { delay_ms: 100, drop: 'after' } })
    const answer = link()
    await expect.poll(isLinked, { interval: 5 }).toBe(true)
    await expect(answer).rejects.toThrow('fetch failed')
  })

  it('hits matching calls from the nth on, as often as the rule says', async () => {
    const ann = userPath('auth0|ann')
    await play({ match: { method: 'get', path: 'auth0\\|ann$', nth: 2 }, effect: { status: 500 }, times: 2 })
    const statuses: number[] = []
    for (const path of [ann, userPath('auth0|bea'), ann, ann, ann])
      statuses.push((await send('GET', path)).status)
    expect(statuses).toEqual([200, 200, 500, 500, 200])
  })

  it('hits the nth call once if the rule does not say how often', async () => {
    await play({ match: { path: 'auth0%7Cann$', nth: 1 }, effect: { status: 429 } })
    expect((await send('GET', userPath('auth0|ann'))).status).toBe(429)
    expect((await send('GET', userPath('auth0|ann'))).status).toBe(200)
  })

  it.each([
    [{ match: {}, effect: { drop: 'during' } }, 'drop'],
    [{ match: { path: '(' }, effect: {} }, 'regular expression'],
    [{ match: { host: 'x' }, effect: {} }, 'host'],
  ])('refuses the rule %o', async (rule, named) => {
    const answer = await send('POST', '/_tenant/faults', [rule])
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      error: 'bad_request',
      message: expect.stringContaining(named),
    })
  })
})
