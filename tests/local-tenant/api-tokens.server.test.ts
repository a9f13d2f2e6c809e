import { decodeJwt } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { TestBrowser } from '../support/browser/browser'
import { complete, open, signInByPassword, startLogin } from '../support/tenant/sign-in'
import { aTenant } from '../support/tenant/tenant'

const tenant = await aTenant()
const API = `${tenant.state.settings.appOrigin}/api`
const SCOPE = 'openid read:sign_in_methods read:users offline_access'
beforeEach(() => tenant.state.reset())

const post = async (body: Record<string, unknown>) => {
  const response = await fetch(`${tenant.loginOrigin}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: await response.json() }
}
const signIn = async (parameters: Record<string, string>) => {
  const login = await startLogin(tenant, { parameters })
  return complete(login, await signInByPassword(new TestBrowser(), login, 'ann@example.com'))
}

describe('an API of the tenant', () => {
  it('gets access tokens in the form of Auth0, with the requested scopes that the API defines', async () => {
    const { access_token: token, scope } = await signIn({ audience: API, scope: SCOPE })
    expect(scope).toBe('openid read:sign_in_methods offline_access')
    const { iat = 0, ...claims } = decodeJwt(token)
    expect(claims).toEqual({
      iss: `${tenant.loginOrigin}/`,
      sub: 'auth0|ann',
      aud: [API, `${tenant.loginOrigin}/userinfo`],
      azp: 'demo-app',
      scope: 'openid read:sign_in_methods offline_access',
      exp: iat + 86_400,
    })
    expect(await tenant.state.signer.verify(token)).toBeTruthy()
  })

  it('gets them by a refresh token and by a password, too', async () => {
    const { refresh_token } = await signIn({ audience: API, scope: SCOPE })
    const client_secret = tenant.state.clients.get('demo-app')?.client_secret
    const client = { client_id: 'demo-app', client_secret }
    const refreshed = await post({ ...client, grant_type: 'refresh_token', refresh_token })
    const person = { username: 'ann@example.com', password: 'correct horse' }
    const byPassword = await post({
      ...{ ...client, ...person, grant_type: 'password' },
      ...{ audience: API, scope: SCOPE },
    })
    for (const { body } of [refreshed, byPassword])
      expect(decodeJwt(body.access_token)).toMatchObject({
        aud: [API, `${tenant.loginOrigin}/userinfo`],
        scope: 'openid read:sign_in_methods offline_access',
      })
  })

  it('is no audience of a login that requests no API', async () => {
    const { access_token: token } = await signIn({ scope: SCOPE })
    expect(decodeJwt(token)).toMatchObject({
      aud: [`${tenant.loginOrigin}/userinfo`],
      scope: 'openid offline_access',
    })
  })

  it('must exist, or the login is refused', async () => {
    const parameters = { audience: 'https://api.example.com', scope: SCOPE }
    const { url } = await open(new TestBrowser(), await startLogin(tenant, { parameters }))
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      error: 'access_denied',
      error_description: 'Service not found: https://api.example.com',
    })
  })

  it('needs a grant for client credentials, and names them in the claim gty', async () => {
    const client_secret = tenant.state.clients.get('linking-m2m')?.client_secret
    const ask = () =>
      post({ grant_type: 'client_credentials', client_id: 'linking-m2m', client_secret, audience: API })
    expect((await ask()).status).toBe(403)
    tenant.state.clientGrants.push({
      id: 'cgr_test',
      client_id: 'linking-m2m',
      audience: API,
      subject_type: 'client',
      scope: ['read:sign_in_methods'],
    })
    expect(decodeJwt((await ask()).body.access_token)).toMatchObject({
      sub: 'linking-m2m@clients',
      gty: 'client-credentials',
      scope: 'read:sign_in_methods',
    })
  })
})
