import { beforeEach, describe, expect, it } from 'vitest'
import { administer } from '../support/tenant/management'
import { aTenant } from '../support/tenant/tenant'
import { EVERY_SCOPE } from './recorded/scopes'

const tenant = await aTenant()
const { state } = tenant
beforeEach(() => state.reset({ rules: [{ name: 'One' }] }))

const call = (method: string, path: string, body?: unknown) =>
  administer(tenant, EVERY_SCOPE, method, path, body)
const read = (path: string) => call('GET', path)

const CONNECTION = '/connections/{connection}/clients'
const placed = (path: string) => path.replace('{connection}', String(state.connections[0]?.id))

describe('numbers in queries', () => {
  it.each([
    ['/clients', 'per_page', 0, 100],
    ['/clients', 'page', 0, undefined],
    ['/clients', 'take', 1, 100],
    ['/rules', 'per_page', 0, 100],
    ['/rules', 'page', 0, undefined],
    ['/users', 'per_page', 0, 100],
    ['/users', 'page', 0, undefined],
    ['/connections', 'per_page', 1, 100],
    ['/connections', 'page', 0, undefined],
    ['/connections', 'take', 1, 100],
    [CONNECTION, 'take', 1, 1_000],
    ['/clients/demo-app/connections', 'take', 1, 100],
    ['/client-grants', 'per_page', 1, 100],
    ['/client-grants', 'page', 0, undefined],
    ['/client-grants', 'take', 1, 100],
    ['/resource-servers', 'per_page', 1, 100],
    ['/resource-servers', 'page', 0, undefined],
    ['/users/auth0%7Cann/sessions', 'take', 1, 100],
    ['/users/auth0%7Cann/refresh-tokens', 'take', 1, 100],
  ])('%s accepts %s from %d to %s', async (path, name, least, most) => {
    const ask = (value: unknown) => read(`${placed(path)}?${name}=${value}`)
    const about = `on property ${name}.`
    expect((await ask(least)).status).toBe(200)
    expect((await ask(least - 1)).body).toMatchObject({
      errorCode: 'invalid_query_string',
      message: `Query validation error: 'Value ${least - 1} is less than minimum ${least}' ${about}`,
    })
    for (const text of ['', 'two', '1e1', '0x1', '1.5'])
      expect((await ask(text)).body.message).toBe(
        `Query validation error: 'Expected type integer but found type string' ${about}`,
      )
    if (most === undefined) return
    expect((await ask(most)).status).toBe(200)
    expect((await ask(most + 1)).body.message).toBe(
      `Query validation error: 'Value ${most + 1} is greater than maximum ${most}' ${about}`,
    )
  })

  it('a connection shows all of its clients in one answer, up to a thousand', async () => {
    const demo = state.clients.get('demo-app')
    if (!demo) throw new Error('The demo application does not exist.')
    for (let n = 0; n < 1_000; n += 1) state.clients.set(`c${n}`, { ...demo, client_id: `c${n}` })
    const { body } = await read(placed(`${CONNECTION}?take=1000`))
    expect(body).toMatchObject({ clients: { length: 1_000 }, next: '1000' })
    expect((await read(placed(CONNECTION))).body).toMatchObject({ clients: { length: 50 }, next: '50' })
  })

  it.each(['/clients', '/rules'])('a page of %s with no items has no further pages', async (path) => {
    const { body, headers } = await read(`${path}?per_page=0`)
    expect(body).toEqual([])
    expect(headers).not.toHaveProperty('link')
    expect((await read(`${path}?per_page=1`)).headers.link).toContain('per_page=1>; rel="last"')
  })
})

describe('filters in queries', () => {
  const idsOf = async (query: string) => {
    const { body } = await read(`/clients?${query}`)
    return (body.clients ?? body).map(({ client_id }: { client_id: string }) => client_id)
  }

  it('clients are first-party or not, and none is global', async () => {
    const { client_id: id } = (await call('POST', '/clients', { name: 'New', is_first_party: false })).body
    expect(await idsOf('is_first_party=false')).toEqual([id])
    expect(await idsOf('is_first_party=true')).toHaveLength(5)
    expect(await idsOf('is_global=true')).toEqual([])
    expect(await idsOf('is_global=false')).toHaveLength(6)
  })

  it('clients can have a grant for any organization, but none for a certain one', async () => {
    const grant = state.clientGrants.find(({ client_id: id }) => id === 'linking-m2m')
    await call('PATCH', `/client-grants/${grant?.id}`, { allow_any_organization: true })
    expect(await idsOf('q=client_grant.allow_any_organization:true&take=50')).toEqual(['linking-m2m'])
    expect(await idsOf('q=client_grant.organization_id:org_1&take=50')).toEqual([])
  })

  it('no client is found by the URL of a metadata document, because none registered with one', async () => {
    expect(await idsOf('external_client_id=https://app.example.com/client.json')).toEqual([])
    const tooLong = await read(`/clients?external_client_id=${'x'.repeat(121)}`)
    expect(tooLong.body.message).toContain('String is too long (121 chars), maximum 120')
  })

  it('grants are for clients or for users, and a default or not', async () => {
    const audience = `${tenant.canonicalOrigin}/api/v2/`
    const grant = { audience, scope: [] }
    await call('POST', '/client-grants', { ...grant, client_id: 'demo-app', subject_type: 'user' })
    await call('POST', '/client-grants', { ...grant, default_for: 'third_party_clients' })
    const found = async (query: string) => (await read(`/client-grants?${query}`)).body
    expect(await found('subject_type=user')).toMatchObject([{ client_id: 'demo-app' }])
    expect(await found('subject_type=client')).toHaveLength(state.clientGrants.length - 1)
    expect(await found('default_for=third_party_clients')).toMatchObject([{ subject_type: 'client' }])
    expect((await read('/client-grants?subject_type=unknown')).status).toBe(400)
    expect((await read('/client-grants?default_for=unknown')).status).toBe(400)
  })

  it('Actions are listed by trigger', async () => {
    const supported_triggers = [{ id: 'post-login', version: 'v3' }]
    await call('POST', '/actions/actions', { name: 'New', supported_triggers })
    const found = async (trigger: string) =>
      (await read(`/actions/actions?triggerId=${trigger}`)).body.actions
    expect(await found('post-login')).toHaveLength(state.actions.size)
    expect(await found('credentials-exchange')).toEqual([])
  })
})

describe('fields in queries', () => {
  const keysOf = async (path: string) => {
    const { body } = await read(path)
    return Object.keys([body.connections ?? body].flat()[0]).sort()
  }
  const BESIDE = ['authentication', 'connected_accounts', 'id', 'is_domain_connection']

  it.each([
    '/connections',
    '/connections?take=1',
    '/connections/{connection}',
    '/clients/demo-app/connections',
  ])('%s adds the id of a connection to the selected fields, unless the query excludes it', async (path) => {
    const asking = `${placed(path)}${path.includes('?') ? '&' : '?'}`
    expect(await keysOf(`${asking}fields=name`)).toEqual([...BESIDE, 'name'])
    const rest = await keysOf(`${asking}fields=name&include_fields=false`)
    expect(rest).toEqual(expect.arrayContaining(BESIDE))
    expect(rest).not.toContain('name')
    const withoutId = await keysOf(`${asking}fields=id,is_domain_connection&include_fields=false`)
    expect(withoutId).toContain('is_domain_connection')
    expect(withoutId).not.toContain('id')
  })

  it.each(['/clients', '/clients/demo-app'])('%s always shows the tenant of a client', async (path) => {
    expect(await keysOf(`${path}?fields=name`)).toEqual(['name', 'tenant'])
    expect(await keysOf(`${path}?fields=tenant&include_fields=false`)).toContain('tenant')
  })
})
