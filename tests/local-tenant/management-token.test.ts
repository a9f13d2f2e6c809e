import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aManagementApi } from '../support/tenant/management-calls'

let tenant: Awaited<ReturnType<typeof aManagementApi>>
beforeAll(async () => {
  tenant = await aManagementApi()
})
beforeEach(() => tenant.state.reset())

describe('clientCredentials', () => {
  const audience = 'https://localhost:4401/api/v2/'
  const ask = (over: Record<string, unknown>) =>
    tenant.call('POST', '/oauth/token', {
      body: {
        grant_type: 'client_credentials',
        client_id: 'linking-m2m',
        client_secret: tenant.state.clients.get('linking-m2m')?.client_secret,
        audience,
        ...over,
      },
    })

  it('issues a token with the scopes of the grant', async () => {
    const { status, headers, body } = await ask({})
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 86_400,
      scope: [
        'read:users update:users update:users_app_metadata read:connections read:client_summary read:clients',
        'delete:users read:sessions delete:sessions delete:refresh_tokens read:branding read:tenant_settings read:organizations',
        'read:roles read:organization_connections read:organization_member_roles create:organization_members',
        'delete:organization_members create:organization_member_roles delete:organization_member_roles',
        'read:authentication_methods create:guardian_enrollment_tickets',
      ].join(' '),
    })
    expect(await tenant.state.signer.verify(body.access_token)).toMatchObject({
      iss: 'https://localhost:4401/',
      sub: 'linking-m2m@clients',
      aud: audience,
      azp: 'linking-m2m',
      gty: 'client-credentials',
    })
  })

  it('narrows the scopes on request, and accepts the other audience of the Management API', async () => {
    const { body } = await ask({
      scope: 'read:users create:users',
      audience: 'http://localhost:4400/api/v2/',
    })
    expect(body.scope).toBe('read:users')
  })

  it.each([
    ['a wrong secret', { client_secret: 'x' }, 401, 'access_denied', 'Unauthorized'],
    ['an unknown client', { client_id: 'x' }, 401, 'access_denied', 'Unauthorized'],
    ['an unknown audience', { audience: 'x' }, 403, 'access_denied', 'Service not enabled within domain: x'],
    [
      'no audience',
      { audience: undefined },
      403,
      'access_denied',
      'Non-global clients are not allowed access to APIv1',
    ],
  ])('refuses %s', async (_what, over, status, error, description) => {
    const answer = await ask(over)
    expect(answer.status).toBe(status)
    expect(answer.body).toEqual({ error, error_description: description })
  })

  it('refuses a client without the grant type, and one without a grant', async () => {
    const secret = tenant.state.clients.get('demo-app')?.client_secret
    const grantType = await ask({ client_id: 'demo-app', client_secret: secret })
    expect(grantType.status).toBe(403)
    expect(grantType.body).toMatchObject({ error: 'unauthorized_client' })
    expect(grantType.body.error_uri).toMatch(/^https:/)
    tenant.state.clientGrants = []
    const grant = await ask({})
    expect(grant.status).toBe(403)
    expect(grant.body.error_description).toContain('client-grant')
  })

  it('gives the linking client a token for itself', async () => {
    const secret = tenant.state.clients.get('linking')?.client_secret
    const { body } = await ask({ client_id: 'linking', client_secret: secret })
    expect(body.scope).toBe((await ask({})).body.scope)
    expect(await tenant.state.signer.verify(body.access_token)).toMatchObject({
      sub: 'linking@clients',
      azp: 'linking',
    })
  })

  describe('the option management_scopes', () => {
    const options = (management_scopes: Record<string, string[]>) =>
      tenant.call('POST', '/_tenant/options', { body: { management_scopes } })

    it('grants a client these scopes instead of its own, until a reset', async () => {
      const before = await ask({})
      await options({ 'linking-m2m': ['read:users'] })
      expect((await ask({})).body.scope).toBe('read:users')
      expect((await ask({ scope: 'read:users update:users' })).body.scope).toBe('read:users')

      const claims = await tenant.state.signer.verify(before.body.access_token)
      expect(claims.scope).toContain('delete:sessions')
      tenant.state.reset()
      expect((await ask({})).body.scope).toBe(before.body.scope)
    })

    it('allows client credentials to a client without the grant type', async () => {
      const secret = tenant.state.clients.get('demo-app')?.client_secret
      await options({ 'demo-app': ['read:users'] })
      const { status, body } = await ask({ client_id: 'demo-app', client_secret: secret })
      expect([status, body.scope]).toEqual([200, 'read:users'])
    })

    it('leaves a client without a grant if it names no scope', async () => {
      await options({ 'linking-m2m': [] })
      expect((await ask({})).body.error_description).toContain('client-grant')
    })

    it('is replaced as a whole', async () => {
      await options({ 'linking-m2m': ['read:users'] })
      await options({})
      expect((await ask({})).body.scope).toContain('update:users')
    })
  })

  it('answers a wrong secret with invalid_client if the option says so', async () => {
    tenant.state.changeOptions({ answers: { wrong_secret_error: 'invalid_client' } })
    expect((await ask({ client_secret: 'x' })).body.error).toBe('invalid_client')
  })
})
