import { beforeEach, describe, expect, it } from 'vitest'
import type { FaultRule } from '@/local-tenant/control/records'
import { TestBrowser } from '../support/browser/browser'
import { administer } from '../support/tenant/management'
import { userPath } from '../support/tenant/management-calls'
import { complete, open, signInByPassword, startLogin } from '../support/tenant/sign-in'
import { aTenant } from '../support/tenant/tenant'

const tenant = await aTenant()
const { state } = tenant

beforeEach(() => state.reset())

const KIT = 'auth0|kit'
const EVERY = ['create', 'read', 'update', 'delete'].map((verb) => `${verb}:authentication_methods`).join(' ')
const pathOf = (id: string, ...below: string[]) =>
  userPath(id, 'authentication-methods', ...below).replace('/api/v2', '')
const call = (method: string, id: string, body?: unknown, below: string[] = []) =>
  administer(tenant, EVERY, method, pathOf(id, ...below), body)
const typesOf = async (id: string) => (await call('GET', id)).body.map(({ type }: { type: string }) => type)
const userShown = async (id: string) =>
  (await administer(tenant, 'read:users', 'GET', userPath(id).replace('/api/v2', ''))).body

describe('authentication methods', () => {
  it('of a passkey name the identity, the key and the host, and are no second factor', async () => {
    const { body } = await call('GET', KIT)
    expect(body).toEqual([
      {
        id: expect.stringMatching(/^passkey\|dev_/),
        type: 'passkey',
        confirmed: true,
        created_at: '2023-06-01T09:00:00.000Z',
        key_id: expect.any(String),
        public_key: expect.any(String),
        relying_party_identifier: 'localhost',
        identity_user_id: KIT,
      },
    ])
    expect(await userShown(KIT)).not.toHaveProperty('multifactor')
    const login = await startLogin(tenant)
    const done = await complete(login, await signInByPassword(new TestBrowser(), login, 'kit@example.com'))
    expect(done.claims()?.sub).toBe(KIT)
  })

  it.each([
    [{ type: 'totp', totp_secret: 'GEZDGNBVGY3TQOJQ' }, 'otp'],
    [{ type: 'phone', phone_number: '+15555550123', preferred_authentication_method: 'voice' }, 'phone'],
    [{ type: 'email', email: 'kit@example.com' }, 'email'],
    [
      { type: 'webauthn-roaming', key_id: 'a', public_key: 'b', relying_party_identifier: 'localhost' },
      'webauthn-roaming',
    ],
  ])('%j is asked for at the next login', async (body, factor) => {
    expect((await call('POST', 'auth0|ann', body)).status).toBe(201)
    expect((await userShown('auth0|ann')).multifactor).toEqual([factor])
    const login = await startLogin(tenant)
    const visit = await signInByPassword(new TestBrowser(), login, 'ann@example.com')
    expect(visit.url.pathname).toBe('/u/mfa')
  })

  it('show the `mfa` of a demo user as a one-time code, which can be deleted', async () => {
    const [{ id }] = (await call('GET', 'auth0|fay')).body
    expect(id).toMatch(/^totp\|dev_/)
    expect((await call('POST', 'auth0|fay', { type: 'totp' })).status).toBe(409)
    expect((await call('DELETE', 'auth0|fay', undefined, [id])).status).toBe(204)
    expect([await typesOf('auth0|fay'), (await userShown('auth0|fay')).multifactor]).toEqual([[], undefined])
    state.reset()
    await call('DELETE', 'auth0|fay')
    expect(await typesOf('auth0|fay')).toEqual([])
  })

  it('are replaced as a whole, and shown unmasked in that response only', async () => {
    const { status, body } = await call('PUT', 'auth0|fay', [{ type: 'email', email: 'foo@example.com' }])
    expect([status, body]).toMatchObject([200, [{ type: 'email', email: 'foo@example.com' }]])
    expect((await call('GET', 'auth0|fay')).body).toMatchObject([{ email: '****@exam*******' }])
    expect((await call('PUT', 'auth0|fay', [{ type: 'passkey' }])).status).toBe(400)
  })

  it('cannot be added twice, and a user has at most 20 passkeys', async () => {
    const email = { type: 'email', email: 'kit@example.com' }
    await call('POST', KIT, email)
    expect((await call('POST', KIT, email)).body).toMatchObject({
      statusCode: 409,
      message: 'Authentication method already exists.',
    })
    const passkey = (key: number) =>
      call('POST', KIT, { type: 'passkey', key_id: `k${key}`, public_key: 'p' })
    for (let key = 1; key < 20; key += 1) expect((await passkey(key)).status).toBe(201)
    expect((await passkey(20)).status).toBe(403)
  })

  it('never put a secret into the ledger', async () => {
    const secret = 'GEZDGNBVGY3TQOJQ'
    await call('POST', KIT, { type: 'totp', totp_secret: secret })
    await call('PUT', KIT, [{ type: 'totp', totp_secret: secret }])
    expect(JSON.stringify(state.ledger)).not.toContain(secret)
    expect(JSON.stringify((await call('GET', KIT)).body)).not.toContain(secret)
  })

  it.each([
    ['GET', 'read'],
    ['POST', 'create'],
    ['PUT', 'update'],
    ['DELETE', 'delete'],
  ])('%s needs %s:authentication_methods', async (method, verb) => {
    const others = EVERY.replace(`${verb}:authentication_methods`, '').trim()
    expect(
      (await administer(tenant, others, method, pathOf(KIT), method === 'GET' ? undefined : {})).status,
    ).toBe(403)
  })

  it('are subject to faults: a refusal before the change, or another answer after it', async () => {
    const fault = (effect: FaultRule['effect']) =>
      state.faults.push({
        rule: { match: { method: 'POST', path: '/authentication-methods$' }, effect, times: 1 },
        seen: 0,
        played: 0,
      })
    fault({ status: 503, body: {} })
    fault({ status: 500, body: {}, drop: 'after' })
    const answers = [await call('POST', 'auth0|ann', { type: 'totp' }), await typesOf('auth0|ann')]
    expect(answers).toMatchObject([{ status: 503 }, []])
    expect((await call('POST', 'auth0|ann', { type: 'totp' })).status).toBe(500)
    expect(await typesOf('auth0|ann')).toEqual(['totp'])
  })

  it('are answered with 404 for a user or a method that does not exist', async () => {
    expect((await call('GET', 'auth0|no')).body.errorCode).toBe('inexistent_user')
    expect((await call('GET', KIT, undefined, ['totp|dev_none'])).status).toBe(404)
  })
})

describe('enrolments', () => {
  it('list one-time codes and phones in the form of the older endpoint', async () => {
    await call('POST', KIT, { type: 'totp' })
    await call('POST', KIT, { type: 'phone', phone_number: '+15555550123' })
    const { body } = await administer(tenant, 'read:users', 'GET', '/users/auth0%7Ckit/enrollments')
    expect(body).toMatchObject([
      { id: expect.stringMatching(/^dev_/), status: 'confirmed', auth_method: 'authenticator' },
      { auth_method: 'sms', phone_number: 'XXXXXXXX0123' },
    ])
  })

  const ticketFor = async (body: object) =>
    (
      await administer(
        tenant,
        'create:guardian_enrollment_tickets',
        'POST',
        '/guardian/enrollments/ticket',
        body,
      )
    ).body

  it('take place on the page of a ticket, once', async () => {
    const { ticket_url: url } = await ticketFor({ user_id: 'auth0|dee', allow_multiple_enrollments: true })
    const browser = new TestBrowser()
    const page = await browser.visit(url)
    expect(await typesOf('auth0|dee')).toEqual([])
    expect((await browser.press(page, 'Continue')).status).toBe(200)
    expect(await typesOf('auth0|dee')).toEqual(['totp'])
    expect((await browser.visit(url)).status).toBe(400)
    expect((await open(browser, await startLogin(tenant))).url.pathname).toBe('/u/login')
  })

  it('need allow_multiple_enrollments if the user has a factor, and a ticket of at most five days', async () => {
    const { ticket_url: refused } = await ticketFor({ user_id: 'auth0|fay' })
    expect((await new TestBrowser().visit(refused)).status).toBe(400)
    const { ticket_url: url } = await ticketFor({ user_id: 'auth0|fay', allow_multiple_enrollments: true })
    expect((await new TestBrowser().visit(url)).status).toBe(200)
    state.clockOffset = 5 * 86_400 + 1
    expect((await new TestBrowser().visit(url)).status).toBe(400)
  })

  it('are refused with a ticket from before a reset', async () => {
    const { ticket_url: url } = await ticketFor({ user_id: 'auth0|dee' })
    state.reset()
    expect((await new TestBrowser().visit(url)).status).toBe(400)
  })

  it('need a user that exists, and the scope', async () => {
    expect(await ticketFor({ user_id: 'auth0|no' })).toMatchObject({ errorCode: 'inexistent_user' })
    const { status } = await administer(tenant, 'update:users', 'POST', '/guardian/enrollments/ticket', {
      user_id: KIT,
    })
    expect(status).toBe(403)
  })
})
