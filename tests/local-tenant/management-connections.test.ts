import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aManagementApi } from '../support/tenant/management-calls'

let tenant: Awaited<ReturnType<typeof aManagementApi>>
beforeAll(async () => {
  tenant = await aManagementApi()
})
beforeEach(() => tenant.state.reset())

describe('connections and clients', () => {
  it('lists connections by page, checkpoint, name and strategy', async () => {
    const list = (query: string) =>
      tenant.call('GET', `/api/v2/connections${query}`, { scope: 'read:connections' })
    expect((await list('')).body).toHaveLength(6)
    expect((await list('?per_page=2&page=2&include_totals=true')).body).toMatchObject({
      start: 4,
      limit: 2,
      total: 6,
    })
    expect((await list('?take=4')).body).toMatchObject({ next: '4' })
    expect((await list('?take=4&from=4')).body.connections).toHaveLength(2)
    expect((await list('?strategy=auth0&strategy=github')).body).toHaveLength(3)
    const [found] = (await list('?name=acme-saml')).body
    expect(found).toMatchObject({ name: 'acme-saml', strategy: 'samlp', display_name: 'Acme' })
    expect(found).not.toHaveProperty('options')
    expect((await list(`/${found.id}`)).body).toEqual(found)
    expect((await list('/con_0000000000000000')).body.errorCode).toBe('inexistent_connection')
  })

  it('shows the purpose of a connection: logins, unless the world reserves it for Connected Accounts', async () => {
    tenant.state.reset({
      connections: [
        { name: 'github', strategy: 'github' },
        {
          name: 'google-oauth2',
          strategy: 'google-oauth2',
          authentication: { active: false },
          connected_accounts: { active: true },
        },
      ],
    })
    const { body } = await tenant.call('GET', '/api/v2/connections', { scope: 'read:connections' })
    expect(body).toMatchObject([
      { name: 'github', authentication: { active: true }, connected_accounts: { active: false } },
      { name: 'google-oauth2', authentication: { active: false }, connected_accounts: { active: true } },
    ])
  })

  it('shows a client without its secret, and its connections', async () => {
    tenant.state.reset({
      connections: [
        { name: 'github', strategy: 'github', clients: ['demo-app'] },
        { name: 'google-oauth2', strategy: 'google-oauth2', clients: ['linking'] },
      ],
    })
    const options = { scope: 'read:clients read:connections' }
    const client = await tenant.call('GET', '/api/v2/clients/linking', options)
    expect(client.body).toMatchObject({ client_id: 'linking', client_metadata: { account_linking: 'true' } })
    expect(client.body).not.toHaveProperty('client_secret')
    const browserOnly = await tenant.call('GET', '/api/v2/clients/demo-spa', options)
    expect(browserOnly.body).toMatchObject({ web_origins: ['http://localhost:3000'] })
    const own = await tenant.call('GET', '/api/v2/clients/linking/connections', options)
    expect(own.body.connections).toMatchObject([{ name: 'google-oauth2' }])
    const missing = await tenant.call('GET', '/api/v2/clients/unknown/connections', options)
    expect(missing.body.errorCode).toBe('inexistent_client')
  })
})
