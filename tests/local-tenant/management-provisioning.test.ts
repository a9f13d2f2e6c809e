import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aManagementApi } from '../support/tenant/management-calls'

let tenant: Awaited<ReturnType<typeof aManagementApi>>
beforeAll(async () => {
  tenant = await aManagementApi()
})
beforeEach(() =>
  tenant.state.reset({
    connections: [
      { id: 'con_saml', name: 'acme-saml', strategy: 'samlp', scim_configuration: {} },
      {
        id: 'con_apps',
        name: 'acme-apps',
        strategy: 'google-apps',
        directory_provisioning: { synchronize_automatically: true },
        options: { client_id: 'ours' },
      },
    ],
    rules: [
      { name: 'second', order: 9, enabled: false },
      { id: 'rul_1', name: 'first', order: 1 },
    ],
  }),
)

const read = (path: string, scope: string) => tenant.call('GET', `/api/v2/${path}`, { scope })

describe('/api/v2/connections/{id}/scim-configuration and /directory-provisioning', () => {
  it('show how users of a connection are provisioned, to callers with the scope', async () => {
    const names = { connection_id: 'con_saml', connection_name: 'acme-saml', strategy: 'samlp' }
    const scim = await read('connections/con_saml/scim-configuration', 'read:scim_config')
    expect(scim.body).toEqual({
      ...names,
      tenant_name: expect.any(String),
      user_id_attribute: 'externalId',
      mapping: [],
      created_at: expect.any(String),
      updated_on: expect.any(String),
    })
    const directory = await read(
      'connections/con_apps/directory-provisioning',
      'read:directory_provisionings',
    )
    expect(directory.body).toEqual({
      connection_id: 'con_apps',
      connection_name: 'acme-apps',
      strategy: 'google-apps',
      mapping: [],
      synchronize_automatically: true,
      synchronize_groups: 'off',
      created_at: expect.any(String),
      updated_at: expect.any(String),
    })
  })

  it.each([
    ['con_apps/scim-configuration', 'read:scim_config'],
    ['con_saml/directory-provisioning', 'read:directory_provisionings'],
    ['con_none/scim-configuration', 'read:scim_config'],
    ['con_none/directory-provisioning', 'read:directory_provisionings'],
  ])('answer 404 if they are not: %s', async (path, scope) => {
    expect((await read(`connections/${path}`, scope)).status).toBe(404)
    expect((await read(`connections/${path}`, 'read:connections')).body.errorCode).toBe('insufficient_scope')
  })

  it('do not appear in the connection, whose options need a separate scope', async () => {
    const options = { options: { client_id: 'ours' } }
    const seen = (await read('connections/con_apps', 'read:connections read:connections_options')).body
    expect(seen).toMatchObject(options)
    expect(seen).not.toHaveProperty('directory_provisioning')
    const [saml, apps] = (await read('connections', 'read:connections')).body
    expect(saml).not.toHaveProperty('scim_configuration')
    expect(apps).not.toHaveProperty('options')
  })
})

describe('/api/v2/rules', () => {
  it('lists Rules in their order, by page, and only the enabled ones on request', async () => {
    const names = async (query: string) =>
      (await read(`rules${query}`, 'read:rules')).body.map(({ name }: { name: string }) => name)
    expect(await names('')).toEqual(['first', 'second'])
    expect(await names('?per_page=1&page=1')).toEqual(['second'])
    expect(await names('?enabled=true')).toEqual(['first'])
    expect(await names('?enabled=false')).toEqual(['second'])
    expect((await read('rules?include_totals=true&enabled=true&fields=id,order', 'read:rules')).body).toEqual(
      {
        start: 0,
        limit: 50,
        total: 1,
        rules: [{ id: 'rul_1', order: 1 }],
      },
    )
    expect((await read('rules', 'read:clients')).status).toBe(403)
  })
})
