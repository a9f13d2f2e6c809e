import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aManagementApi, userPath } from '../support/tenant/management-calls'

let tenant: Awaited<ReturnType<typeof aManagementApi>>
beforeAll(async () => {
  tenant = await aManagementApi()
})
beforeEach(() => tenant.state.reset())

const IVO = 'auth0|ivo'
const READ_ROLES = 'read:users read:roles'
const roleId = (name: string) => tenant.state.roles.find((role) => role.name === name)?.id ?? ''
const acme = () => tenant.state.brand.organizations[0]?.id ?? ''
const call = (method: string, path: string, scope: string, body?: unknown) =>
  tenant.call(method, path, { scope, ...(body !== undefined && { body }) })
const namesOf = async (id: string) => {
  const { body } = await call('GET', userPath(id, 'roles'), READ_ROLES)
  return body.map(({ name }: { name: string }) => name)
}
const lastEffect = () => tenant.state.ledger.at(-1)?.effect
const link = (id: string, provider: string, userId: string) =>
  call('POST', userPath(id, 'identities'), 'update:users', { provider, user_id: userId })

describe('a link', () => {
  it.each([
    ['lost', ['editor']],
    ['kept', ['editor', 'billing']],
  ] as const)('with secondary_rights %s leaves the primary with %j', async (answer, names) => {
    tenant.state.changeOptions({ answers: { secondary_rights: answer } })
    expect((await link(IVO, 'google-oauth2', 'ivo-g')).status).toBe(201)
    expect(await namesOf(IVO)).toEqual(names)
    await call('DELETE', userPath(IVO, 'identities', 'google-oauth2', 'ivo-g'), 'update:users')
    expect(await namesOf('google-oauth2|ivo-g')).toEqual([])
    expect(await namesOf(IVO)).toEqual(names)
  })

  it('with secondary_rights kept gives the primary all kinds of rights, without duplicates', async () => {
    const [jo, other] = ['auth0|jo', 'google-oauth2|jo-g'].map((id) => tenant.state.users.get(id))
    const permission = {
      resource_server_identifier: 'http://localhost:3000/api',
      permission_name: 'read:sign_in_methods',
    }
    if (other) Object.assign(other.rights ?? {}, { permissions: [permission] })
    if (other) other.mfa = true
    if (jo)
      jo.rights = {
        roles: [],
        permissions: [permission],
        organizations: [{ name: 'acme', roles: ['editor'] }],
        authentication_methods: [],
      }
    tenant.state.changeOptions({ answers: { secondary_rights: 'kept' } })
    await link('auth0|jo', 'google-oauth2', 'jo-g')
    expect(jo?.rights).toMatchObject({
      permissions: [permission],
      organizations: [{ name: 'acme', roles: ['editor', 'admin'] }],
    })
    expect(jo?.mfa).toBe(true)
  })

  it('discards memberships and authentication methods of the secondary', async () => {
    await link('auth0|jo', 'google-oauth2', 'jo-g')
    const { body } = await call('GET', userPath('auth0|jo', 'organizations'), 'read:organizations')
    expect(body).toEqual([])
    await link('google-oauth2|kit-g', 'auth0', 'kit')
    const methods = await call(
      'GET',
      userPath('google-oauth2|kit-g', 'authentication-methods'),
      'read:authentication_methods',
    )
    expect(methods.body).toEqual([])
  })
})

describe('roles of a user', () => {
  it('are given and taken, each once', async () => {
    const roles = [roleId('admin'), roleId('editor')]
    expect((await call('POST', userPath(IVO, 'roles'), 'update:users', { roles })).status).toBe(204)
    expect([await namesOf(IVO), tenant.state.ledger.at(-2)?.effect]).toEqual([['editor', 'admin'], 'create'])
    await call('POST', userPath(IVO, 'roles'), 'create:role_members', { roles })
    expect(lastEffect()).toBeNull()
    await call('DELETE', userPath(IVO, 'roles'), 'delete:role_members', { roles })
    expect([lastEffect(), await namesOf(IVO)]).toEqual(['delete', []])
    expect((await call('DELETE', userPath(IVO, 'roles'), 'update:users', { roles })).status).toBe(204)
    expect(lastEffect()).toBeNull()
  })

  it('are at most 50', async () => {
    const more = Array.from({ length: 50 }, (_, index) => ({
      id: `rol_${index}`,
      name: `r${index}`,
      description: '',
    }))
    tenant.state.roles.push(...more)
    const roles = more.map(({ id }) => id)
    const refused = await call('POST', userPath(IVO, 'roles'), 'update:users', { roles })
    expect([refused.status, (await namesOf(IVO)).length]).toEqual([409, 1])
    await call('POST', userPath(IVO, 'roles'), 'update:users', { roles: roles.slice(1) })
    expect((await call('GET', `${userPath(IVO, 'roles')}?per_page=100`, READ_ROLES)).body).toHaveLength(50)
  })

  it.each([
    ['GET', 'read:users', 403],
    ['GET', 'read:roles', 403],
    ['GET', 'read:role_members', 200],
    ['GET', READ_ROLES, 200],
    ['POST', 'delete:role_members', 403],
    ['DELETE', 'create:role_members', 403],
  ])('%s with %s is %i', async (method, scope, status) => {
    const body = method === 'GET' ? undefined : { roles: [roleId('editor')] }
    expect((await call(method, userPath(IVO, 'roles'), scope, body)).status).toBe(status)
  })

  it.each([
    ['POST', { roles: [] }, 400, 'invalid_body'],
    ['POST', { roles: ['rol_none'] }, 404, 'inexistent_role'],
    ['GET', undefined, 404, 'inexistent_user'],
  ])('%s with %j is %i %s', async (method, body, status, code) => {
    const id = method === 'GET' ? 'auth0|no' : IVO
    const answer = await call(method, userPath(id, 'roles'), `update:users ${READ_ROLES}`, body)
    expect([answer.status, answer.body.errorCode]).toEqual([status, code])
  })

  it('are gone if their role is deleted, in organizations too', async () => {
    const jo = tenant.state.users.get('google-oauth2|jo-g')
    await call('DELETE', `/api/v2/roles/${roleId('admin')}`, 'delete:roles')
    expect(jo?.rights?.organizations).toEqual([{ name: 'acme', roles: [] }])
    await call('DELETE', `/api/v2/roles/${roleId('editor')}`, 'delete:roles')
    expect(await namesOf(IVO)).toEqual([])
  })
})

describe('permissions of a user', () => {
  const path = userPath(IVO, 'permissions')
  const permission = {
    resource_server_identifier: 'http://localhost:3000/api',
    permission_name: 'read:sign_in_methods',
  }

  it('are given and taken, each once', async () => {
    await call('POST', path, 'update:users', { permissions: [permission, permission] })
    expect(lastEffect()).toBe('create')
    expect((await call('GET', path, 'read:users')).body).toHaveLength(1)
    await call('POST', path, 'update:users', { permissions: [permission] })
    expect(lastEffect()).toBeNull()
    await call('DELETE', path, 'update:users', { permissions: [permission] })
    expect([lastEffect(), (await call('GET', path, 'read:users')).body]).toEqual(['delete', []])
  })

  it('are at most 1,000', async () => {
    const api = tenant.state.resourceServers[1]
    const values = Array.from({ length: 1_001 }, (_, index) => ({ value: `p${index}` }))
    if (api) api.scopes = values
    const permissions = values.map(({ value }) => ({ ...permission, permission_name: value }))
    const refused = await call('POST', path, 'update:users', { permissions })
    expect([refused.status, tenant.state.users.get(IVO)?.rights?.permissions]).toEqual([409, []])
    expect((await call('POST', path, 'update:users', { permissions: permissions.slice(1) })).status).toBe(201)
  })

  it.each([
    [{ ...permission, permission_name: 'no' }, 'inexistent_resource_server_permission'],
    [{ ...permission, resource_server_identifier: 'no' }, 'inexistent_resource_server'],
  ])('refuses %j: %s', async (wrong, code) => {
    const { status, body } = await call('POST', path, 'update:users', { permissions: [permission, wrong] })
    expect([status, body.errorCode]).toEqual([404, code])
    expect(tenant.state.users.get(IVO)?.rights?.permissions).toEqual([])
  })

  it.each([
    ['GET', 'update:users'],
    ['POST', 'read:users'],
    ['DELETE', 'read:users'],
  ])('%s with %s is 403', async (method, scope) => {
    const body = method === 'GET' ? undefined : { permissions: [permission] }
    expect((await call(method, path, scope, body)).status).toBe(403)
  })
})

describe('members of an organization', () => {
  const members = () => `/api/v2/organizations/${acme()}/members`
  const rolesOf = (id: string) => `${members()}/${encodeURIComponent(id)}/roles`

  it('are added, given roles, and removed with their roles', async () => {
    const scope = 'create:organization_members create:organization_member_roles delete:organization_members'
    await call('POST', members(), scope, { members: [IVO, 'google-oauth2|jo-g'] })
    expect(lastEffect()).toBe('create')
    await call('POST', rolesOf(IVO), scope, { roles: [roleId('billing')] })
    expect(tenant.state.users.get(IVO)?.rights).toMatchObject({
      roles: ['editor'],
      organizations: [{ name: 'acme', roles: ['billing'] }],
    })
    expect(tenant.state.users.get('google-oauth2|jo-g')?.rights?.organizations).toEqual([
      { name: 'acme', roles: ['admin'] },
    ])
    await call('DELETE', members(), scope, { members: [IVO] })
    expect([lastEffect(), tenant.state.users.get(IVO)?.rights?.organizations]).toEqual(['delete', []])
    await call('DELETE', members(), scope, { members: [IVO] })
    expect(lastEffect()).toBeNull()
  })

  it('lose a role in the organization, and keep it outside', async () => {
    const scope =
      'create:organization_members create:organization_member_roles delete:organization_member_roles'
    await call('POST', members(), scope, { members: [IVO] })
    await call('POST', rolesOf(IVO), scope, { roles: [roleId('editor')] })
    await call('DELETE', rolesOf(IVO), scope, { roles: [roleId('editor')] })
    expect(tenant.state.users.get(IVO)?.rights).toMatchObject({
      roles: ['editor'],
      organizations: [{ roles: [] }],
    })
  })

  it.each([
    ['eleven at once', () => ({ members: Array.from({ length: 11 }, (_, index) => `auth0|${index}`) }), 400],
    ['a user that does not exist', () => ({ members: ['auth0|no'] }), 404],
    ['none', () => ({ members: [] }), 400],
  ])('refuse %s', async (_case, body, status) => {
    expect((await call('POST', members(), 'create:organization_members', body())).status).toBe(status)
  })

  it('have at most 50 roles', async () => {
    const more = Array.from({ length: 50 }, (_, index) => ({
      id: `rol_${index}`,
      name: `r${index}`,
      description: '',
    }))
    tenant.state.roles.push(...more)
    const roles = more.map(({ id }) => id)
    const { status, body } = await call(
      'POST',
      rolesOf('google-oauth2|jo-g'),
      'create:organization_member_roles',
      { roles },
    )
    expect([status, body.message]).toEqual([
      409,
      'No more roles can be assigned to this organization member.',
    ])
  })

  it('have roles only if they are members', async () => {
    expect((await call('GET', rolesOf(IVO), 'read:organization_member_roles')).status).toBe(400)
  })

  it.each([
    ['GET', () => members(), 'read:organization_members'],
    ['POST', () => members(), 'create:organization_members'],
    ['DELETE', () => members(), 'delete:organization_members'],
    ['GET', () => rolesOf('google-oauth2|jo-g'), 'read:organization_member_roles'],
    ['POST', () => rolesOf('google-oauth2|jo-g'), 'create:organization_member_roles'],
    ['DELETE', () => rolesOf('google-oauth2|jo-g'), 'delete:organization_member_roles'],
    ['GET', () => `/api/v2/organizations/${acme()}/enabled_connections`, 'read:organization_connections'],
    ['GET', () => `/api/v2/organizations/${acme()}/connections`, 'read:organization_connections'],
    ['GET', () => '/api/v2/organizations/name/acme', 'read:organizations'],
    ['GET', () => '/api/v2/organizations', 'read:organizations'],
    ['GET', () => userPath(IVO, 'organizations'), 'read:organizations'],
    ['DELETE', () => `/api/v2/organizations/${acme()}`, 'delete:organizations'],
  ])('%s %s needs %s', async (method, path, scope) => {
    const body = method === 'GET' ? undefined : { members: [IVO], roles: [roleId('editor')] }
    const refused = await call(method, path(), 'read:users update:users', body)
    expect([refused.status, refused.body.message]).toEqual([403, expect.stringContaining(scope)])
    expect((await call(method, path(), scope, body)).status).not.toBe(403)
  })

  it('are gone with the organization', async () => {
    await call('DELETE', `/api/v2/organizations/${acme()}`, 'delete:organizations')
    expect(tenant.state.users.get('google-oauth2|jo-g')?.rights?.organizations).toEqual([])
    expect((await call('GET', '/api/v2/organizations', 'read:organizations')).body).toEqual([])
  })
})
