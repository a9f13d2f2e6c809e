import { beforeEach, describe, expect, it } from 'vitest'
import { TestBrowser } from '../support/browser/browser'
import { callDomain } from '../support/tenant/management'
import { complete, open, signInByPassword, startLogin } from '../support/tenant/sign-in'
import { aTenant } from '../support/tenant/tenant'

const tenant = await aTenant()
const DOORS = [
  ['login', tenant.loginOrigin],
  ['canonical', tenant.canonicalOrigin],
] as const
const IDENTITIES = '/api/v2/users/auth0%7Cann/identities'

beforeEach(() => tenant.state.reset())

/** Signs in Ann's other account at the login door (the tenant's origin for browsers), and returns its ID token. */
async function proveOtherAccount(clientId = 'linking'): Promise<string | undefined> {
  const browser = new TestBrowser()
  const parameters = { connection: 'google-oauth2', prompt: 'login' }
  const login = await startLogin(tenant, { clientId, parameters })
  const visit = await browser.press(
    await open(browser, login),
    'ann@example.com',
    {},
    { stopAt: login.redirectUri },
  )
  return (await complete(login, visit)).id_token
}

/** Returns the access token for the Management API that the linking client gets from Ann's login. */
async function tokenOfUser(): Promise<string> {
  const parameters = {
    audience: `${tenant.canonicalOrigin}/api/v2/`,
    scope: 'openid update:current_user_identities read:current_user',
  }
  const login = await startLogin(tenant, { clientId: 'linking', parameters })
  const tokens = await complete(login, await signInByPassword(new TestBrowser(), login, 'ann@example.com'))
  return tokens.access_token
}

/** Returns the access token that the linking client gets for itself. */
async function tokenOfClient(clientId = 'linking', door: string = tenant.loginOrigin): Promise<string> {
  const { body } = await callDomain(tenant, door, {
    method: 'POST',
    path: '/oauth/token',
    body: {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: tenant.state.clients.get(clientId)?.client_secret,
      audience: `${tenant.canonicalOrigin}/api/v2/`,
    },
  })
  return body.access_token
}

const call = (door: string, token: string, method: string, path: string, body?: unknown) =>
  callDomain(tenant, door, { method, path, headers: { authorization: `Bearer ${token}` }, body })

describe.each([
  ['the linking client itself', tokenOfClient],
  ['the user, by a token of the linking client', tokenOfUser],
] as const)('link_with, called by %s', (_who, tokenOf) => {
  it.each(DOORS)(
    'links an account whose ID token was issued to that client, at the %s door',
    async (_name, door) => {
      const linkWith = await proveOtherAccount()
      const { status, body } = await call(door, await tokenOf(), 'POST', IDENTITIES, { link_with: linkWith })
      expect(status).toBe(201)
      expect(body).toMatchObject([{ user_id: 'ann' }, { provider: 'google-oauth2', user_id: 'ann-g' }])
    },
  )

  it('refuses an ID token that was issued to another client', async () => {
    const linkWith = await proveOtherAccount('demo-app')
    const answer = await call(tenant.canonicalOrigin, await tokenOf(), 'POST', IDENTITIES, {
      link_with: linkWith,
    })
    expect(answer.status).toBe(400)
    expect(answer.body.message).toContain("the calling token's azp")
  })
})

describe('link_with, called by another client', () => {
  it('refuses an ID token that was issued to the linking client', async () => {
    const answer = await call(
      tenant.canonicalOrigin,
      await tokenOfClient('linking-m2m'),
      'POST',
      IDENTITIES,
      { link_with: await proveOtherAccount() },
    )
    expect(answer.body.message).toContain("the calling token's azp")
  })

  it('refuses an ID token of the login door with an access token of the canonical door', async () => {
    const token = await tokenOfClient('linking', tenant.canonicalOrigin)
    const linkWith = await proveOtherAccount()
    const answer = await call(tenant.canonicalOrigin, token, 'POST', IDENTITIES, { link_with: linkWith })
    expect(answer.body.message).toContain('the same issuer')
  })
})

describe('the user, by a token of the linking client', () => {
  it.each(DOORS)(
    'can read and unlink its own identities at the %s door, and nothing else',
    async (_name, door) => {
      const token = await tokenOfUser()
      await call(door, token, 'POST', IDENTITIES, { link_with: await proveOtherAccount() })
      expect((await call(door, token, 'GET', '/api/v2/users/auth0%7Cann')).body.identities).toHaveLength(2)

      const unlinked = await call(door, token, 'DELETE', `${IDENTITIES}/google-oauth2/ann-g`)
      expect([unlinked.status, unlinked.body.length]).toEqual([200, 1])
      const other = await call(door, token, 'DELETE', '/api/v2/users/auth0%7Cbea/identities/github/bea-h')
      expect(other.status).toBe(403)
      const named = { provider: 'google-oauth2', user_id: 'ann-g' }
      expect((await call(door, token, 'POST', IDENTITIES, named)).status).toBe(403)
    },
  )
})
