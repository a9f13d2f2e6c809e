import { describe, expect, it } from 'vitest'
import type { FaultRule } from '@/local-tenant/control/records'
import { LOOKUP, MARGIN, TOKEN } from '../../support/action/faults'
import { answering, type Behaviour, hanging, hangingUp } from '../../support/action/service'
import { anActionTenant } from '../../support/action/tenant'

const { state, service, configure, play, logIn, calls, logs, marksOf } = await anActionTenant()

const ANN = 'google-oauth2|ann-g'
const HANG = { delay_ms: 15_000 }

describe('a failing lookup of other accounts', () => {
  it.each<[string, FaultRule, string]>([
    ['the token endpoint is down', { match: TOKEN, effect: { drop: 'before' } }, 'TypeError'],
    ['the token endpoint fails', { match: TOKEN, effect: { status: 503 } }, '503'],
    ['the token endpoint hangs', { match: TOKEN, effect: HANG }, 'TimeoutError'],
    ['the client is rejected', { match: TOKEN, effect: { status: 401, body: { error: 'x' } } }, '401'],
    [
      'the rate limit is reached',
      { match: LOOKUP, effect: { status: 429, headers: { 'Retry-After': '300' } } },
      '429',
    ],
    [
      'the lookup fails',
      { match: LOOKUP, effect: { status: 500, body: '<h1>canary@example.com</h1>' } },
      '500',
    ],
    ['the lookup hangs', { match: LOOKUP, effect: HANG }, 'TimeoutError'],
    ['the connection breaks', { match: LOOKUP, effect: { drop: 'before' } }, 'TypeError'],
    ['the response is cut off', { match: LOOKUP, effect: { truncate: true } }, 'TypeError'],
    ['the answer is no JSON', { match: LOOKUP, effect: { body: '<html>' } }, 'SyntaxError'],
    ['the response is no list of users', { match: LOOKUP, effect: { body: [null] } }, 'TypeError'],
    ['the scope is missing', { match: LOOKUP, effect: { status: 403 } }, '403'],
  ])('lets the login through if %s', async (_what, fault, error) => {
    play(fault)
    const { claims, took } = await logIn()
    expect(claims?.sub).toBe(ANN)
    expect(took).toBeLessThan(2_500 + MARGIN)
    expect(logs()).toEqual([{ account_linking: 'discover_failed', error }])
    expect(marksOf(ANN)).toEqual({})
    // One retry at most.
    expect(calls().length).toBeLessThanOrEqual(3)
  })

  it.each<[string, FaultRule]>([
    ['a rate limit', { match: LOOKUP, effect: { status: 429, headers: { 'Retry-After': '1' } }, times: 1 }],
    ['a server error', { match: LOOKUP, effect: { status: 500 }, times: 1 }],
    ['a broken connection', { match: LOOKUP, effect: { drop: 'before' }, times: 1 }],
  ])('retries the lookup once after %s', async (_what, fault) => {
    play(fault)
    expect((await logIn()).asked).toBeDefined()
    expect(calls()).toEqual(['token', 'lookup', 'lookup'])
  })

  it('gets one new token if the cached one is rejected', async () => {
    await logIn({ connection: 'password', email: 'dee@example.com' })
    state.ledger = []
    play({ match: LOOKUP, effect: { status: 401 }, times: 1 })
    expect((await logIn()).asked).toBeDefined()
    expect(calls()).toEqual(['lookup', 'token', 'lookup'])
  })

  it('gives up if every token is rejected', async () => {
    play({ match: LOOKUP, effect: { status: 401 } })
    expect((await logIn()).claims?.sub).toBe(ANN)
    expect(calls()).toEqual(['token', 'lookup', 'token', 'lookup'])
  })
})

describe('a linking service that fails', () => {
  it.each<[string, Behaviour]>([
    ['hangs', hanging],
    ['is down', hangingUp],
    ['fails', answering({}, 500)],
    ['does not offer links now', answering({ status: 'ok', offer: false })],
    ['sends "offer" as text', answering({ offer: 'true' })],
    ['responds with an HTML page', (_request, response) => response.end('<html>')],
  ])('lets the login through if it %s, and checks it once in 30 s', async (_what, health) => {
    service.health = health
    const { claims, took } = await logIn()
    expect(claims?.sub).toBe(ANN)
    expect(took).toBeLessThan(1_000 + MARGIN)
    expect((await logIn()).claims?.sub).toBe(ANN)
    expect(service.healthChecks).toBe(1)
    expect(logs()[0]).toEqual({ account_linking: 'service_not_offering' })
    expect(marksOf(ANN)).toEqual({})
  })

  it('is waited for only until the time limit of discovery', async () => {
    play({ match: LOOKUP, effect: { delay_ms: 2_000 } })
    service.health = hanging
    const { claims, took } = await logIn()
    expect(claims?.sub).toBe(ANN)
    expect(took).toBeLessThan(2_500 + MARGIN)
  })

  it('is not checked again while it is known to be up', async () => {
    for (const email of ['ann@example.com', 'bea@example.com'])
      expect((await logIn({ email })).asked).toBeDefined()
    expect(service.healthChecks).toBe(1)
  })

  it('is not checked if there is nothing to offer', async () => {
    service.health = hanging
    configure({ ACCOUNT_LINKING_TRUSTED_CONNECTIONS: 'google-oauth2' })
    expect((await logIn()).claims?.sub).toBe(ANN)
    expect(service.healthChecks).toBe(0)
  })
})
