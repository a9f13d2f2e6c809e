import { decodeProtectedHeader, jwtVerify } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { administer, callDomain } from '../support/tenant/management'
import { aTenant } from '../support/tenant/tenant'

const tenant = await aTenant()
const { state } = tenant
beforeEach(() => state.reset())

/** Returns the token response of a login by password. */
async function signIn(over: object = {}) {
  const client = state.clients.get('demo-app')
  return callDomain(tenant, tenant.loginOrigin, {
    method: 'POST',
    path: '/oauth/token',
    body: {
      grant_type: 'password',
      client_id: 'demo-app',
      client_secret: client?.client_secret,
      username: 'ann@example.com',
      password: 'correct horse',
      scope: 'openid',
      ...over,
    },
  })
}
const changeClient = (change: object) =>
  administer(tenant, 'update:clients read:clients', 'PATCH', '/clients/demo-app', change)

describe('ID tokens', () => {
  it("are signed with the tenant's key for the demo clients, whose settings say so", async () => {
    const { body } = await signIn()
    expect(decodeProtectedHeader(body.id_token)).toMatchObject({ alg: 'RS256', kid: state.signer.kid })
  })

  it.each([
    ['says HS256', { alg: 'HS256' }],
    ['names no algorithm', { lifetime_in_seconds: 600 }],
  ])("are signed with the client's secret if it %s", async (_how, configuration) => {
    expect((await changeClient({ jwt_configuration: configuration })).status).toBe(200)
    const { body } = await signIn()
    const secret = new TextEncoder().encode(state.clients.get('demo-app')?.client_secret)
    expect((await jwtVerify(body.id_token, secret)).protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT' })
  })

  it("are signed with the client's secret for a client without token settings", async () => {
    const client = state.clients.get('demo-app')
    if (client) delete client.settings
    expect(decodeProtectedHeader((await signIn()).body.id_token).alg).toBe('HS256')
  })
})
