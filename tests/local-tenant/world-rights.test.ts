import { describe, expect, it } from 'vitest'
import { World } from '@/local-tenant/world/world'
import { aManagementApi, userPath } from '../support/tenant/management-calls'

const PERMISSION = { resource_server_identifier: 'https://api.example.com', permission_name: 'read:things' }
const WORLD: World = {
  roles: [
    { name: 'editor', description: 'Edits' },
    { name: 'owner', id: 'rol_owner' },
  ],
  organizations: [{ name: 'acme', id: 'org_acme', connections: ['google-oauth2'] }],
  users: [
    {
      user_id: 'auth0|kim',
      email: 'kim@example.com',
      roles: ['owner'],
      permissions: [PERMISSION],
      organizations: [{ name: 'acme', roles: ['editor'] }],
      authentication_methods: [{ type: 'totp' }, { type: 'passkey' }, { type: 'phone' }, { type: 'email' }],
    },
    { user_id: 'auth0|lee' },
  ],
}

const tenant = await aManagementApi(WORLD)
const { state, call } = tenant
const read = async (path: string, scope: string) => (await call('GET', path, { scope })).body

describe('a world with rights', () => {
  it('is served by the Management API', async () => {
    expect(await read('/api/v2/roles', 'read:roles')).toEqual([
      { id: expect.stringMatching(/^rol_[0-9a-f]{16}$/), name: 'editor', description: 'Edits' },
      { id: 'rol_owner', name: 'owner', description: '' },
    ])
    expect(await read(userPath('auth0|kim', 'roles'), 'read:role_members')).toMatchObject([
      { id: 'rol_owner' },
    ])
    expect(await read(userPath('auth0|kim', 'permissions'), 'read:users')).toMatchObject([PERMISSION])
    const roles = '/api/v2/organizations/org_acme/members/auth0%7Ckim/roles'
    expect(await read(roles, 'read:organization_member_roles')).toMatchObject([{ name: 'editor' }])
    const connections = '/api/v2/organizations/org_acme/enabled_connections'
    expect(await read(connections, 'read:organization_connections')).toEqual([
      {
        connection_id: expect.stringMatching(/^con_/),
        assign_membership_on_login: false,
        show_as_button: true,
        connection: { name: 'google-oauth2', strategy: 'google-oauth2' },
      },
    ])
    const methods = await read(userPath('auth0|kim', 'authentication-methods'), 'read:authentication_methods')
    expect(methods).toMatchObject([
      { type: 'totp', confirmed: true },
      { type: 'passkey', identity_user_id: 'auth0|kim' },
      { type: 'phone', phone_number: 'XXXXXXXX0100' },
      { type: 'email', email: '****@exam*******' },
    ])
    const user = await read(userPath('auth0|kim'), 'read:users')
    expect(user.multifactor).toEqual(['otp', 'phone', 'email'])
    for (const name of ['rights', 'roles', 'permissions', 'organizations', 'authentication_methods'])
      expect(user).not.toHaveProperty(name)
  })

  it('is exported as a world that restores it, without empty lists', async () => {
    const { body } = await call('GET', '/_tenant/world')
    expect(body.users[0]).toMatchObject(WORLD.users?.[0] ?? {})
    expect(body.users[1]).not.toHaveProperty('roles')
    expect(body).not.toHaveProperty('users.0.rights')
    const again = await aManagementApi(World.parse(body))
    expect([again.state.roles, again.state.users]).toEqual([state.roles, state.users])
  })

  it.each([
    ['a role', { roles: ['none'] }, 'auth0|x: there is no role none'],
    ['an organization', { organizations: [{ name: 'none' }] }, 'there is no organization none'],
    ['a role of a member', { organizations: [{ name: 'acme', roles: ['none'] }] }, 'there is no role none'],
    ['a kind of method', { authentication_methods: [{ type: 'none' }] }, 'authentication_methods'],
  ])('with %s that does not exist is refused and changes nothing', async (_case, held, message) => {
    const before = structuredClone([state.users, state.roles, state.brand])
    const { status, body } = await call('POST', '/_tenant/reset', {
      body: { roles: [], organizations: WORLD.organizations, users: [{ user_id: 'auth0|x', ...held }] },
    })
    expect([status, body.message]).toEqual([400, expect.stringContaining(message)])
    expect([state.users, state.roles, state.brand]).toEqual(before)
  })
})

describe('the demo world', () => {
  it('has people with roles, a membership and a passkey on one of two accounts', async () => {
    const demo = await aManagementApi()
    const { body } = await demo.call('GET', '/_tenant/world')
    const held = (id: string) => {
      const user = body.users.find((each: { user_id: string }) => each.user_id === id)
      return [user.roles, user.organizations, user.authentication_methods?.[0].type]
    }
    expect(held('auth0|ivo')).toEqual([['editor'], undefined, undefined])
    expect(held('google-oauth2|ivo-g')).toEqual([['billing'], undefined, undefined])
    expect(held('auth0|jo')).toEqual([undefined, undefined, undefined])
    expect(held('google-oauth2|jo-g')).toEqual([undefined, [{ name: 'acme', roles: ['admin'] }], undefined])
    expect(held('auth0|kit')).toEqual([undefined, undefined, 'passkey'])
    expect(held('google-oauth2|kit-g')).toEqual([undefined, undefined, undefined])
  })

  it('leaves out what a world with other roles or organizations does not have', async () => {
    const demo = await aManagementApi({ roles: [{ name: 'billing' }], organizations: [{ name: 'acme' }] })
    expect(demo.state.users.get('auth0|ivo')?.rights?.roles).toEqual([])
    expect(demo.state.users.get('google-oauth2|ivo-g')?.rights?.roles).toEqual(['billing'])
    const jo = () => demo.state.users.get('google-oauth2|jo-g')?.rights?.organizations
    expect(jo()).toEqual([{ name: 'acme', roles: [] }])
    demo.state.reset({ organizations: [] })
    expect(jo()).toEqual([])
  })
})

describe('a change of rights', () => {
  const give = () =>
    call('POST', userPath('auth0|lee', 'roles'), { scope: 'update:users', body: { roles: ['rol_owner'] } })
  const inspect = async () => (await call('GET', '/_tenant/')).body

  it('is in the ledger and on the inspector, and gone after a reset', async () => {
    state.reset(WORLD)
    await give()
    expect(state.ledger.at(-1)).toMatchObject({ method: 'POST', status: 204, effect: 'create' })
    const page = await inspect()
    expect(page).toContain('roles of auth0|lee: {&quot;roles&quot;:[&quot;rol_owner&quot;]}, by linking-m2m')
    expect(page).toContain('Organizations: acme (editor)')
    expect(page).toContain('Authentication methods: totp, passkey, phone, email')
    expect(page).toContain('Permissions: read:things of https://api.example.com')
    state.reset(WORLD)
    expect(state.users.get('auth0|lee')?.rights?.roles).toEqual([])
  })
})
