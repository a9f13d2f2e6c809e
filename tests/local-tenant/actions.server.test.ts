import type { JWTPayload } from 'jose'
import * as client from 'openid-client'
import { beforeEach, describe, expect, it } from 'vitest'
import { playActions, scriptAction } from '../support/action/play-actions'
import { TestBrowser } from '../support/browser/browser'
import { complete, signInByPassword, startLogin } from '../support/tenant/sign-in'
import { aTenant } from '../support/tenant/tenant'

const tenant = await aTenant()
const { state } = tenant

beforeEach(() => state.reset())

async function claimsOfLogin(parameters: Record<string, string> = {}): Promise<JWTPayload> {
  const login = await startLogin(tenant, { parameters })
  const tokens = await complete(login, await signInByPassword(new TestBrowser(), login, 'ann@example.com'))
  return tokens.claims() ?? {}
}

/** Returns what an Action sees if it evaluates this expression on its event. */
async function seen(expression: string, parameters: Record<string, string> = {}) {
  scriptAction(tenant, `api.idToken.setCustomClaim('https://example.com/seen', ${expression})`)
  return (await claimsOfLogin(parameters))['https://example.com/seen']
}

async function refusalOfLogin() {
  const login = await startLogin(tenant)
  const { url } = await signInByPassword(new TestBrowser(), login, 'ann@example.com')
  return Object.fromEntries(url.searchParams)
}

describe('event', () => {
  it('describes the user, without the properties that Actions do not get', async () => {
    const user = await seen('event.user')
    expect(user).toMatchObject({
      user_id: 'auth0|ann',
      email: 'ann@example.com',
      email_verified: true,
      user_metadata: { theme: 'dark', language: 'en' },
      app_metadata: { plan: 'team' },
      identities: [
        {
          connection: 'Username-Password-Authentication',
          provider: 'auth0',
          user_id: 'ann',
          isSocial: false,
        },
      ],
    })
    for (const name of ['blocked', 'password', 'mfa', 'rights', 'logins_count'])
      expect(user).not.toHaveProperty(name)
  })

  it.each([
    ['event.client', { client_id: 'demo-app', name: 'Demo App', metadata: {} }],
    ['event.connection.name', 'Username-Password-Authentication'],
    ['event.connection.strategy', 'auth0'],
    ['event.request.hostname', new URL(tenant.loginOrigin).host],
    ['event.request.query.login_hint', 'a@b.c'],
    ['event.transaction.protocol', 'oidc-basic-profile'],
    ['event.transaction.requested_scopes', ['openid', 'profile', 'email']],
    ['event.transaction.redirect_uri', 'http://localhost:3000/auth/callback'],
    ['event.transaction.login_hint', 'a@b.c'],
    ['event.transaction.ui_locales', ['de', 'en']],
    ['event.authentication.methods.map((method) => method.name)', ['pwd']],
    ['event.stats.logins_count', 42],
    ['event.secrets.MANAGEMENT_API_DOMAIN', new URL(tenant.canonicalOrigin).host],
    ['event.secrets.ACCOUNT_LINKING_SERVICE_URL', 'http://localhost:3000/link'],
    ['typeof event.session.id', 'string'],
    ['event.organization === undefined', true],
    ['api.redirect.canRedirect()', true],
  ])('%s', async (expression, value) => {
    expect(await seen(expression, { login_hint: 'a@b.c', ui_locales: 'de en' })).toEqual(value)
  })

  it('names the organization of a login that has one', async () => {
    state.reset({ organizations: [{ id: 'org_1', name: 'one' }] })
    state.users.get('auth0|ann')?.rights?.organizations.push({ name: 'one', roles: [] })
    expect(await seen('event.organization', { organization: 'org_1' })).toEqual({
      id: 'org_1',
      name: 'one',
      display_name: 'one',
      metadata: {},
    })
  })
})

describe('api', () => {
  it('ignores reserved claims and sets others', async () => {
    scriptAction(
      tenant,
      `for (const name of ['sub', 'iss', 'aud', 'name', 'plan']) api.idToken.setCustomClaim(name, 'mine')`,
    )
    expect(await claimsOfLogin()).toMatchObject({
      sub: 'auth0|ann',
      aud: 'demo-app',
      name: 'mine',
      plan: 'mine',
    })
  })

  it('writes metadata at the end, merged at the first level, and removes keys that are null', async () => {
    scriptAction(
      tenant,
      `api.user.setUserMetadata('theme', null).user.setUserMetadata('font', { size: 1 })
      api.user.setAppMetadata('seen', 1)`,
    )
    await claimsOfLogin()
    const user = state.users.get('auth0|ann')
    expect(user?.user_metadata).toEqual({ language: 'en', font: { size: 1 } })
    expect(user?.app_metadata).toEqual({ plan: 'team', customer_number: 'C-1001', seen: 1 })
  })

  it('denies with a reason, runs no later Action, and still writes metadata', async () => {
    playActions(tenant, ['scripted', 'second'], {
      EXECUTE: `api.user.setAppMetadata('denied', 1); api.access.deny('Not today')`,
      SECOND_SETS: 'ran',
    })
    expect(await refusalOfLogin()).toMatchObject({ error: 'access_denied', error_description: 'Not today' })
    const user = state.users.get('auth0|ann')
    expect(user?.app_metadata.denied).toBe(1)
    expect(user?.user_metadata).not.toHaveProperty('second')
  })

  it('fails the login with the message of the error that an Action throws', async () => {
    scriptAction(tenant, `throw new Error('broken inside')`)
    expect(await refusalOfLogin()).toMatchObject({
      error: 'access_denied',
      error_description: 'broken inside',
    })
  })

  it('fails a login that switches to a user who does not have the identity', async () => {
    scriptAction(tenant, `api.authentication.setPrimaryUser('auth0|dee')`)
    expect(await refusalOfLogin()).toMatchObject({ error: 'access_denied' })
  })

  it.each([
    [
      'a second switch',
      `api.authentication.setPrimaryUser('auth0|ann'); api.authentication.setPrimaryUser('x')`,
    ],
    ['a switch to an id that is too long', `api.authentication.setPrimaryUser('x'.repeat(129))`],
    ['recording a method before a redirect', `api.authentication.recordMethod('https://example.com/')`],
    ['transaction metadata with a long key', `api.transaction.setMetadata('k'.repeat(65), 1)`],
    ['transaction metadata with a long value', `api.transaction.setMetadata('k', 'v'.repeat(8193))`],
    ['transaction metadata that is an object', `api.transaction.setMetadata('k', {})`],
  ])('throws for %s', async (_what, body) => {
    scriptAction(tenant, body)
    expect((await refusalOfLogin()).error).toBe('access_denied')
  })

  it('loses user metadata that is set beside a switch, and lets later Actions write to the new primary', async () => {
    state.reset({
      users: [
        {
          user_id: 'google-oauth2|g',
          identities: [
            { provider: 'google-oauth2', user_id: 'g', connection: 'google-oauth2' },
            {
              provider: 'auth0',
              user_id: 'ann',
              connection: 'Username-Password-Authentication',
              profileData: { email: 'ann@example.com' },
            },
          ],
        },
      ],
    })
    const identity = state.users.get('google-oauth2|g')?.identities[1]
    if (identity) identity.password = 'correct horse'
    playActions(tenant, ['scripted', 'second'], {
      EXECUTE: `api.authentication.setPrimaryUser('google-oauth2|g')
        api.user.setUserMetadata('lost', 1).user.setAppMetadata('kept', 1)`,
      SECOND_SETS: 'written',
    })
    expect((await claimsOfLogin()).sub).toBe('google-oauth2|g')
    const user = state.users.get('google-oauth2|g')
    expect(user?.user_metadata).toEqual({ second: 'written' })
    expect(user?.app_metadata).toEqual({ kept: 1 })
  })

  it('keeps a value in the cache between logins, until the tenant is reset', async () => {
    const body = `const before = api.cache.get('n')?.value ?? 'nothing'
      api.cache.set('n', 'something', { ttl: 60000 })
      api.idToken.setCustomClaim('https://example.com/before', before)`
    scriptAction(tenant, body)
    await claimsOfLogin()
    expect((await claimsOfLogin())['https://example.com/before']).toBe('something')
    state.reset()
    expect((await claimsOfLogin())['https://example.com/before']).toBe('nothing')
  })

  it('keeps 256 characters of a logged line', async () => {
    scriptAction(tenant, `console.log('x'.repeat(300))`)
    await claimsOfLogin()
    expect(state.actionLogs.map(({ line, user_id }) => [line.length, user_id])).toEqual([[256, 'auth0|ann']])
  })
})

describe('logins without a browser', () => {
  async function refreshed(body: string) {
    playActions(tenant, [])
    const login = await startLogin(tenant, { parameters: { scope: 'openid offline_access' } })
    const tokens = await complete(login, await signInByPassword(new TestBrowser(), login, 'ann@example.com'))
    scriptAction(tenant, body)
    return client.refreshTokenGrant(login.configuration, tokens.refresh_token ?? '')
  }

  it('run Actions on a refresh, and these cannot redirect', async () => {
    const tokens = await refreshed(
      `api.idToken.setCustomClaim('https://example.com/seen', [event.transaction.protocol, api.redirect.canRedirect()])`,
    )
    expect(tokens.claims()?.['https://example.com/seen']).toEqual(['oauth2-refresh-token', false])
  })

  it('fail if an Action redirects all the same', async () => {
    await expect(refreshed(`api.redirect.sendUserTo('https://example.com/')`)).rejects.toMatchObject({
      error: 'interaction_required',
    })
  })

  it('are denied with the reason of the Action', async () => {
    await expect(refreshed(`api.access.deny('Not today')`)).rejects.toMatchObject({
      error: 'access_denied',
      error_description: 'Not today',
    })
  })

  it.each(['password', 'http://auth0.com/oauth/grant-type/password-realm'])(
    'run Actions on %s',
    async (grant) => {
      const application = state.clients.get('demo-app')
      application?.grant_types.push(grant)
      scriptAction(
        tenant,
        `api.accessToken.setCustomClaim('https://example.com/p', event.transaction.protocol)`,
      )
      const response = await fetch(`${tenant.loginOrigin}/oauth/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          grant_type: grant,
          client_id: 'demo-app',
          client_secret: application?.client_secret,
          username: 'ann@example.com',
          password: 'correct horse',
          scope: 'openid',
          realm: 'Username-Password-Authentication',
        }),
      })
      const { access_token: token } = await response.json()
      expect(await state.signer.verify(token)).toMatchObject({
        sub: 'auth0|ann',
        'https://example.com/p': 'oauth2-password',
      })
    },
  )

  it('are refused for a client without the password grant', async () => {
    const { configuration } = await startLogin(tenant, { clientId: 'demo-other' })
    await expect(
      client.genericGrantRequest(configuration, 'password', { username: 'a', password: 'b' }),
    ).rejects.toMatchObject({ error: 'unauthorized_client' })
  })
})
