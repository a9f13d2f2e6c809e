import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aManagementApi, userPath } from '../support/tenant/management-calls'

let tenant: Awaited<ReturnType<typeof aManagementApi>>
beforeAll(async () => {
  tenant = await aManagementApi()
})
beforeEach(() => tenant.state.reset())

const ANN = userPath('auth0|ann', 'identities')
const SCOPE = 'update:users'
const annGoogle = { provider: 'google-oauth2', user_id: 'ann-g' }

const link = (path: string, body: unknown, scope = SCOPE) => tenant.call('POST', path, { body, scope })

describe('DELETE /api/v2/users/{id}/identities/{provider}/{user_id}', () => {
  const unlink = (...identity: [string, string]) =>
    tenant.call('DELETE', userPath('auth0|ann', 'identities', ...identity), { scope: SCOPE })

  beforeEach(async () => {
    await link(ANN, annGoogle)
  })

  it('turns the identity into a user again, with its profile and without metadata', async () => {
    const { status, body } = await unlink('google-oauth2', 'ann-g')
    expect(status).toBe(200)
    expect(body).toHaveLength(1)
    const again = await tenant.call('GET', userPath('google-oauth2|ann-g'), { scope: 'read:users' })
    expect(again.body).toMatchObject({ email: 'ann@example.com', name: 'Ann Archer' })
    expect(again.body).not.toHaveProperty('logins_count')
    expect(again.body).not.toHaveProperty('last_login')
    expect(again.body).not.toHaveProperty('user_metadata')
    expect(again.body).not.toHaveProperty('app_metadata')
    expect(again.body.identities[0]).not.toHaveProperty('profileData')
  })

  it.each([true, false])('restores a user as blocked: %s, if its profile says so', async (blocked) => {
    const [, google] = tenant.state.users.get('auth0|ann')?.identities ?? []
    if (google?.profileData) google.profileData.blocked = blocked
    const before = await tenant.call('GET', userPath('auth0|ann'), { scope: 'read:users' })
    expect(before.body.identities[1].profileData).toMatchObject({ email: 'ann@example.com', blocked })
    await unlink('google-oauth2', 'ann-g')
    expect(tenant.state.users.get('google-oauth2|ann-g')?.blocked).toBe(blocked)
    expect(tenant.state.users.get('auth0|ann')).not.toHaveProperty('blocked')
  })

  describe('with the scope update:current_user_identities', () => {
    const unlinkAs = (sub: string) =>
      tenant.call('DELETE', userPath('auth0|ann', 'identities', 'google-oauth2', 'ann-g'), {
        scope: 'update:current_user_identities',
        claims: { sub, azp: 'demo-spa' },
      })

    it('lets the user unlink', async () => {
      const { status, body } = await unlinkAs('auth0|ann')
      expect(status).toBe(200)
      expect(body).toMatchObject([{ provider: 'auth0', user_id: 'ann' }])
      expect(tenant.state.users.has('google-oauth2|ann-g')).toBe(true)
    })

    it('lets no other user unlink', async () => {
      expect((await unlinkAs('auth0|bea')).body).toEqual({
        statusCode: 403,
        error: 'Forbidden',
        message: 'User to be acted on does not match subject in bearer token.',
      })
      expect(tenant.state.users.get('auth0|ann')?.identities).toHaveLength(2)
    })
  })

  it('refuses a caller without a scope for it, and a path without a user id', async () => {
    const path = userPath('auth0|ann', 'identities', 'google-oauth2', 'ann-g')
    expect((await tenant.call('DELETE', path, { scope: 'read:users' })).body).toMatchObject({
      statusCode: 403,
      errorCode: 'insufficient_scope',
    })
    const bad = userPath('ann', 'identities', 'google-oauth2', 'ann-g')
    expect((await tenant.call('DELETE', bad, { scope: SCOPE })).body.errorCode).toBe('invalid_uri')
  })

  it('answers a prefixed id with 200 and changes nothing', async () => {
    const { status, body } = await unlink('google-oauth2', 'google-oauth2|ann-g')
    expect(status).toBe(200)
    expect(body).toHaveLength(2)
    expect(tenant.state.ledger.at(-1)?.effect).toBeNull()
  })

  it('refuses the main identity', async () => {
    const { status, body } = await unlink('auth0', 'ann')
    expect(status).toBe(400)
    expect(body.message).toBe('Main identity cannot be removed.')
  })

  it.each([400, 200] as const)(
    'answers an unknown identity with %i if the option says so',
    async (status) => {
      tenant.state.changeOptions({ answers: { unlink_unknown_status: status } })
      expect((await unlink('github', 'unknown')).status).toBe(status)
    },
  )

  it('accepts an id with several bars, and restores the password of a database account', async () => {
    const acme = 'acme-saml|gil|grant@acme.example'
    const path = userPath(`samlp|${acme}`, 'identities')
    await link(path, { provider: 'auth0', user_id: 'gil' })
    expect(tenant.state.findAccount('Username-Password-Authentication', 'Gil@example.com')).toMatchObject({
      user: { user_id: `samlp|${acme}` },
      password: 'correct horse',
    })
    await tenant.call('DELETE', `${path}/auth0/gil`, { scope: SCOPE })
    expect(tenant.state.users.get('auth0|gil')?.password).toBe('correct horse')
    await link(userPath('auth0|gil', 'identities'), { provider: 'samlp', user_id: acme })
    const gil = userPath('auth0|gil', 'identities', 'samlp', acme)
    expect((await tenant.call('DELETE', gil, { scope: SCOPE })).body).toHaveLength(1)
  })
})
