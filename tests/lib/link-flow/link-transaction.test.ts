import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  flowHandle,
  type NewTransaction,
  openFlows,
  openLinkTransaction,
  readLinkTransaction,
  takeLinkTransaction,
  updatedCookie,
} from '@/lib/link-flow/link-transaction'
import type { FlowCandidate } from '@/lib/link-flow/transaction-shape'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { services } from '../../support/process/services'

const NOW = 1_800_000_000
const MINUTE = 60

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.setSystemTime(NOW * 1000)
})
afterAll(() => {
  vi.unstubAllEnvs()
  vi.useRealTimers()
})

const aCandidate = (index: number): FlowCandidate => ({
  userId: `auth0|${String(index).padStart(24, '0')}`,
  connection: 'Username-Password-Authentication',
  stays: 'candidate',
  carried: 3,
})
const aFlow = (state: string, candidates = 1): NewTransaction => ({
  state,
  sub: 'google-oauth2|110169484474386276334',
  connection: 'google-oauth2',
  transactionId: 'M0FzRzlfZG9fbm90X3VzZQ',
  replayKey: 'token-signature:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU',
  key: 'current',
  domain: 'localhost:4400',
  email: 'ann@example.com',
  clientName: 'Other Company',
  candidates: Array.from({ length: candidates }, (_unused, index) => aCandidate(index)),
})
const requestWith = (...cookies: string[]) =>
  new Request('http://localhost:3000/link/prompt', {
    headers: { cookie: cookies.map((line) => line.split(';')[0]).join('; ') },
  })
async function open(state: string, { candidates = 1, request = requestWith() } = {}) {
  const opened = await openLinkTransaction(services(), request, aFlow(state, candidates))
  if (!opened) throw new Error('not opened')
  const [cookie = '', ...dropped] = opened.cookies
  return { transaction: opened.transaction, handle: opened.transaction.handle, cookie, dropped }
}
const later = (seconds: number) => vi.setSystemTime((NOW + seconds) * 1000)

describe('openLinkTransaction', () => {
  it('derives the handle of the flow from its state, and stores the flow in its own cookie', async () => {
    const { handle, cookie } = await open('state-1')
    expect(handle).toBe(flowHandle('state-1'))
    expect(cookie).toMatch(
      new RegExp(`^link_${handle}=[\\w.-]+; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax$`),
    )
    expect(await readLinkTransaction(services(), requestWith(cookie), handle)).toMatchObject({
      status: 'open',
      transaction: { state: 'state-1', email: 'ann@example.com' },
    })
  })

  it('uses the __Host- prefix over TLS, so that no other host can write the cookie', async () => {
    const secure = services({ APP_BASE_URL: 'https://app.example.com', AUTH0_DOMAIN: 'login.example.com' })
    const opened = await openLinkTransaction(secure, requestWith(), aFlow('state-tls'))
    expect(opened?.cookies[0]).toMatch(/^__Host-link_[0-9a-f]{16}=[^;]+; Path=\/; .*; Secure$/)
  })

  it.each([
    ['one candidate', 32, 1, 1],
    ['ten candidates', 32, 10, 5],
    ['a state of 250 characters', 250, 10, 3],
    ['a state of 1 kB', 1000, 10, 1],
  ])('stores as many candidates as fit: with %s', async (_what, stateLength, candidates, kept) => {
    const { cookie, transaction } = await open('s'.repeat(stateLength), { candidates })
    expect(cookie.split(';')[0]?.length).toBeLessThanOrEqual(2_300 + 30)
    expect(transaction.candidates).toHaveLength(kept)
  })

  it('keeps a cookie with a state of 1 kB below 3 kB when an authorization attempt is added', async () => {
    const { transaction } = await open('t'.repeat(1000), { candidates: 10 })
    const random = 'x'.repeat(43)
    const attempt = {
      candidate: 0,
      state: `${transaction.handle}.${random}`,
      nonce: random,
      verifier: random,
      startedAt: NOW,
      passed: true,
    }
    const updated = (await updatedCookie(services(), { ...transaction, attempt })).split(';')[0]?.length
    expect(updated).toBeLessThanOrEqual(3_000)
  })

  it('opens no flow if the state leaves no room', async () => {
    expect(await openLinkTransaction(services(), requestWith(), aFlow('s'.repeat(1500)))).toBeUndefined()
  })

  it.each([
    [3_600, 0],
    [4_200, 1],
  ])('makes room for its cookie and the growth of two flows beside %i bytes', async (bytes, dropped) => {
    const name = 'connect_0123456789abcdef'
    const other = `${name}=${'x'.repeat(bytes - name.length)}`
    const opened = await open('room', { candidates: 10, request: requestWith(other) })
    expect(opened.dropped.map((line) => line.split('=')[0])).toEqual(dropped ? [name] : [])
  })

  it('keeps the newest two flows of a browser, and deletes the rest', async () => {
    const first = await open('keep-1')
    later(1)
    const second = await open('keep-2', { request: requestWith(first.cookie) })
    later(2)
    const third = await open('keep-3', {
      request: requestWith(first.cookie, second.cookie, 'link_00000000000057a1=x'),
    })
    expect(second.dropped).toEqual([])
    expect(third.dropped.map((line) => line.split(';')[0])).toEqual([
      `link_${first.handle}=`,
      'link_00000000000057a1=',
    ])
    const flows = await openFlows(services(), requestWith(second.cookie, third.cookie))
    expect(flows.map(({ state }) => state)).toEqual(['keep-3', 'keep-2'])
  })
})

describe('openFlows', () => {
  it('finds the flow of the browser among any number of unreadable ones', async () => {
    const { cookie, handle } = await open('behind')
    const others = Array.from({ length: 60 }, (_unused, index) => `link_${String(index).padStart(16, '0')}=x`)
    expect((await openFlows(services(), requestWith(...others, cookie))).map((flow) => flow.handle)).toEqual([
      handle,
    ])
  })
})

describe('readLinkTransaction', () => {
  it.each([
    ['the canonical domain', 'localhost:4401', 'open'],
    ['a domain that is no longer configured', '127.0.0.1:4400', 'none'],
  ])('reads a flow whose login runs at %s: %s', async (_what, domain, status) => {
    const opened = await openLinkTransaction(services(), requestWith(), { ...aFlow(domain), domain })
    const request = requestWith(...(opened?.cookies ?? []))
    expect((await readLinkTransaction(services(), request, flowHandle(domain))).status).toBe(status)
    expect(await openFlows(services(), request)).toHaveLength(status === 'open' ? 1 : 0)
  })

  it.each([
    ['no handle', undefined],
    ['a path', '../../x'],
    ['another flow', 'ffffffffffffffff'],
  ])('finds no flow for %s', async (_what, handle) => {
    const { cookie } = await open('read-1')
    expect(await readLinkTransaction(services(), requestWith(cookie), handle)).toEqual({ status: 'none' })
  })

  it('refuses two cookies with the same name', async () => {
    const { cookie, handle } = await open('read-2')
    expect(
      await readLinkTransaction(services(), requestWith(cookie, `link_${handle}=tossed`), handle),
    ).toEqual({
      status: 'none',
    })
  })

  it("does not accept the content of another flow under this flow's name", async () => {
    const one = await open('read-3')
    const other = await open('read-4')
    const moved = `link_${one.handle}=${other.cookie.split(';')[0]?.split('=')[1]}`
    expect(await readLinkTransaction(services(), requestWith(moved), one.handle)).toEqual({ status: 'none' })
  })

  it.each([
    ['15 minutes after the last step', 15 * MINUTE, 'open'],
    ['a second later', 15 * MINUTE + 1, 'expired'],
    ['an hour later', 60 * MINUTE, 'none'],
  ])('finds the flow %s: %#', async (_when, seconds, status) => {
    const { cookie, handle } = await open(`idle-${seconds}`)
    later(seconds)
    expect((await readLinkTransaction(services(), requestWith(cookie), handle)).status).toBe(status)
  })

  it('ends 30 minutes after opening, however often it is updated', async () => {
    const { transaction, handle } = await open('absolute')
    later(29 * MINUTE)
    const cookie = await updatedCookie(services(), transaction)
    later(30 * MINUTE)
    expect((await readLinkTransaction(services(), requestWith(cookie), handle)).status).toBe('open')
    later(30 * MINUTE + 1)
    expect((await readLinkTransaction(services(), requestWith(cookie), handle)).status).toBe('expired')
  })
})

describe('takeLinkTransaction', () => {
  it('uses up a flow, in every tab and for every saved cookie', async () => {
    const { transaction, cookie, handle } = await open('take')
    expect(await takeLinkTransaction(services(), transaction)).toBe(
      `link_${handle}=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax`,
    )
    expect((await readLinkTransaction(services(), requestWith(cookie), handle)).status).toBe('used')
    expect(await readLinkTransaction(services(), requestWith(), handle)).toEqual({ status: 'used' })
    await expect(takeLinkTransaction(services(), transaction)).rejects.toMatchObject({ code: 'already_used' })
  })

  it('refuses if the store does not respond, but the flow can still be shown', async () => {
    // No Redis listens at this address.
    const shared = services({ REDIS_URL: 'redis://127.0.0.1:1' })
    vi.spyOn(console, 'log').mockImplementation(() => undefined)
    const opened = await openLinkTransaction(shared, requestWith(), aFlow('store-lost'))
    if (!opened) throw new Error('not opened')
    const { handle } = opened.transaction
    const request = requestWith(opened.cookies[0] ?? '')
    expect((await readLinkTransaction(shared, request, handle)).status).toBe('open')
    await expect(takeLinkTransaction(shared, opened.transaction)).rejects.toMatchObject({
      code: 'store_unavailable',
    })
  })
})
