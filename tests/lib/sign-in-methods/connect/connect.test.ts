import { beforeEach, describe, expect, it, vi } from 'vitest'
import { hash12, parseEnding, type Snapshot, snapshotKeyOf } from '@/core'
import { LinkingError } from '@/core/errors'
import { connectAccount } from '@/lib/sign-in-methods/connect/connect'
import { planConnect } from '@/lib/sign-in-methods/connect/connect-plan'
import { toSeen } from '@/lib/sign-in-methods/connect/proven-account'
import { managementApiFor } from '@/lib/sign-in-methods/session-account'
import { memoryStore } from '@/lib/store/memory-store'
import { configure, configurePolicy, services } from '../../../support/process/page-services'
import { aFlow, aSession, now } from '../a-session'
import { atTenant, ENDING_SCOPES, LEAST_SCOPES } from '../at-tenant'

const tenant = await atTenant()
const OTHER = 'google-oauth2|ann-g'
const LINK = 'POST auth0|ann/identities'
/** The rights that the least scopes allow to read. The account that ends has none, so those of the other are not read. */
const READS = [`GET ${OTHER}/permissions`]
beforeEach(() => tenant.grant(...LEAST_SCOPES))

const digestOf = async (flow = aFlow(), session = aSession()) =>
  (await planConnect(services(), managementApiFor(services(), session, 'view'), session, flow))?.digest ?? ''
/** Plans the connection, and carries it out with the person's consent. */
async function connect(flow = aFlow(), session = aSession()) {
  const agreed = await digestOf(flow, session)
  return connectAccount(services(), session, flow, agreed)
}
const linkBodies = () => tenant.state.ledger.filter(({ effect }) => effect === 'link').map(({ body }) => body)

describe('connectAccount', () => {
  it('writes the snapshot and the carried-over metadata, then links, and makes no other call', async () => {
    const agreed = await digestOf()
    const before = tenant.calls().length
    const plan = await connectAccount(services(), aSession(), aFlow(), agreed)
    expect(plan?.stays).toBe('current')
    expect(tenant.calls().slice(before)).toEqual([
      'GET auth0|ann',
      `GET ${OTHER}`,
      ...READS,
      'PATCH auth0|ann',
      LINK,
    ])
    const { user_metadata, app_metadata } = tenant.user('auth0|ann')
    expect(user_metadata).toEqual({ theme: 'dark', language: 'en', newsletter: true })
    const snapshot = app_metadata[await snapshotKeyOf(OTHER)] as Snapshot
    expect(snapshot).toMatchObject({
      user_id: OTHER,
      proof: { way: 'settings', client_id: 'demo-app', client_name: 'Example Inc' },
      kept: { user_metadata: { theme: 'light' }, app_metadata: { plan: 'free' } },
    })
    expect(Math.abs(snapshot.at - now())).toBeLessThan(5)
    expect(tenant.identities('auth0|ann')).toEqual(['auth0|ann', OTHER])
    expect(tenant.told()).toEqual(['account.linked'])
  })

  it('removes the marks of the last lookup and of the last failed attempt, and keeps declines', async () => {
    const declined = { pair: { until: 1, at: 1 } }
    tenant.user('auth0|ann').app_metadata.account_linking = {
      looked: { until: 9, key: 'k' },
      last: { result: 'failed', reason: 'x', at: 1 },
      declined,
    }
    await connect()
    expect(tenant.user('auth0|ann').app_metadata.account_linking).toEqual({
      declined,
      changed: { at: now(), by: await hash12('own-session') },
    })
  })

  it('makes the other account the primary one if the rules say so', async () => {
    tenant.change(OTHER, { created_at: '2020-01-01T00:00:00.000Z' })
    const plan = await connect()
    expect(plan?.stays).toBe('candidate')
    expect(tenant.identities(OTHER)).toEqual([OTHER, 'auth0|ann'])
    expect(tenant.user(OTHER).user_metadata).toEqual({ theme: 'light', newsletter: true, language: 'en' })
    // The session's account ends. Its database must be given, because there are two.
    expect(linkBodies()).toEqual([
      { provider: 'auth0', user_id: 'ann', connection_id: expect.stringMatching(/^con_/) },
    ])
  })

  it('does not give the database if there is only one', async () => {
    tenant.state.connections = tenant.state.connections.filter(({ name }) => name !== 'legacy-db')
    tenant.change(OTHER, { created_at: '2020-01-01T00:00:00.000Z' })
    await connect()
    expect(linkBodies()).toEqual([{ provider: 'auth0', user_id: 'ann' }])
  })

  it('does nothing if the two are connected already, whatever plan the person agreed to', async () => {
    const agreed = await digestOf()
    await connectAccount(services(), aSession(), aFlow(), agreed)
    const before = tenant.writes()
    expect(await connectAccount(services(), aSession(), aFlow(), agreed)).toBeUndefined()
    expect(await connectAccount(services(), aSession(), aFlow(), 'x')).toBeUndefined()
    expect(tenant.writes()).toEqual(before)
    expect(tenant.told()).toEqual(['account.linked'])
  })

  it('links once, even if called several times simultaneously', async () => {
    const agreed = await digestOf()
    const plans = await Promise.all(
      Array.from({ length: 5 }, () => connectAccount(services(), aSession(), aFlow(), agreed)),
    )
    expect(plans.filter(Boolean)).toHaveLength(1)
    expect(tenant.writes().filter((call) => call === LINK)).toHaveLength(1)
  })

  it('holds the locks of both accounts during the work', async () => {
    const held: boolean[] = []
    const locks = await Promise.all(
      ['auth0|ann', OTHER].map(async (id) => `lock:account:${await hash12(id)}`),
    )
    tenant.onCall((call) => {
      if (call !== LINK) return
      for (const lock of locks) void memoryStore.isTaken(lock).then((isTaken) => held.push(isTaken))
    })
    await connect()
    expect(held).toEqual([true, true])
  })

  it.each(['auth0|ann', OTHER])('throws busy if %s is locked', async (id) => {
    const agreed = await digestOf()
    await memoryStore.take(`lock:account:${await hash12(id)}`, 60, 'someone else')
    let look = 0
    vi.spyOn(performance, 'now').mockImplementation(() => 3000 * ++look)
    await expect(connectAccount(services(), aSession(), aFlow(), agreed)).rejects.toMatchObject({
      code: 'busy',
    })
    expect(tenant.writes()).toEqual([])
  })
})

describe('what connectAccount refuses', () => {
  it.each<[string, () => unknown, string?]>([
    ['changed', () => undefined, 'something else'],
    ['changed', () => undefined, ''],
    ['changed', () => Object.assign(tenant.user(OTHER).user_metadata, { shoes: 42 })],
    ['blocked', () => tenant.change(OTHER, { blocked: true })],
    ['blocked', () => tenant.change('auth0|ann', { blocked: true })],
    ['not_available', () => tenant.state.users.delete(OTHER)],
  ])('%s: %#', async (code, happens, instead) => {
    const agreed = await digestOf()
    happens()
    await expect(connectAccount(services(), aSession(), aFlow(), instead ?? agreed)).rejects.toMatchObject({
      code,
    })
    expect(tenant.writes()).toEqual([])
    expect(tenant.told()).toEqual(['account.link_refused'])
  })

  it('is a sign-in older than twenty minutes, before any call', async () => {
    await expect(
      connectAccount(services(), aSession({ authTime: now() - 1201 }), aFlow(), 'x'),
    ).rejects.toMatchObject({
      code: 'reauth_required',
    })
    expect(tenant.calls()).toEqual([])
  })

  it('is a flow that has connected before, after that was undone', async () => {
    const agreed = await digestOf()
    await connectAccount(services(), aSession(), aFlow(), agreed)
    const snapshot = await snapshotKeyOf(OTHER)
    await services()
      .managementApi()
      .unlinkIdentity('auth0|ann', { provider: 'google-oauth2', user_id: OTHER })
    delete tenant.user('auth0|ann').app_metadata[snapshot]
    const again = await digestOf()
    await expect(connectAccount(services(), aSession(), aFlow(), again)).rejects.toMatchObject({
      code: 'already_used',
    })
    // Another flow with its own proof may connect.
    const other = aFlow({ handle: 'fedcba9876543210' })
    expect(await connectAccount(services(), aSession(), other, await digestOf(other))).toBeDefined()
  })

  it('is everything if the store cannot tell whether the flow was used', async () => {
    const agreed = await digestOf()
    vi.spyOn(memoryStore, 'isTaken').mockRejectedValue(new LinkingError('store_unavailable'))
    await expect(connectAccount(services(), aSession(), aFlow(), agreed)).rejects.toMatchObject({
      code: 'store_unavailable',
    })
    expect(tenant.writes()).toEqual([])
  })

  it('is an account with another address, if the operator requires the same address', async () => {
    configurePolicy({ sameEmail: true })
    tenant.change(OTHER, { email: 'ann@other.example' })
    await expect(connect()).rejects.toMatchObject({ code: 'email_mismatch' })
    expect(tenant.writes()).toEqual([])
  })

  it('is metadata that does not fit into one account, before anything is written', async () => {
    tenant.user(OTHER).app_metadata.essay = 'x'.repeat(3100)
    await expect(connect()).rejects.toMatchObject({ code: 'metadata_too_large' })
    expect(tenant.writes()).toEqual([])
  })

  it.each<[string, () => unknown, string]>([
    ['is blocked', () => tenant.change('auth0|ann', { blocked: true }), 'blocked'],
    [
      'gets an unverified email address',
      () => tenant.change('auth0|ann', { email_verified: false }),
      'unverified',
    ],
  ])('is an account that %s right before the link', async (_how, happens, code) => {
    tenant.onCall((call) => {
      if (call === 'PATCH auth0|ann') happens()
    })
    await expect(connect()).rejects.toMatchObject({ code })
    expect(tenant.writes()).toEqual(['PATCH auth0|ann'])
  })

  it('is the link if the response to the snapshot is incomplete', async () => {
    tenant.play({ match: { method: 'PATCH' }, effect: { status: 200, body: {} } })
    await expect(connect()).rejects.toMatchObject({ code: 'management_failed' })
    expect(tenant.writes()).toEqual(['PATCH auth0|ann'])
  })

  it.each([
    [403, 'missing_scope'],
    [400, 'link_refused'],
    [409, 'link_refused'],
  ])(
    'is what the tenant refuses with %d: nothing is connected, and the proof can be used again',
    async (status, code) => {
      tenant.play({ match: { method: 'POST', path: 'identities$' }, effect: { status } })
      await expect(connect()).rejects.toMatchObject({ code })
      expect(tenant.identities('auth0|ann')).toEqual(['auth0|ann'])
      tenant.mend()
      expect(await connect()).toBeDefined()
      expect(tenant.user('auth0|ann').user_metadata).toEqual({
        theme: 'dark',
        language: 'en',
        newsletter: true,
      })
    },
  )

  it('is not a link whose response was lost', async () => {
    tenant.lose((call) => call === LINK)
    expect(await connect()).toBeDefined()
    expect(tenant.writes().filter((call) => call === LINK)).toHaveLength(1)
  })

  it('is not a link after which the store cannot record that the flow was used', async () => {
    const take = memoryStore.take.bind(memoryStore)
    vi.spyOn(memoryStore, 'take').mockImplementation(async (key, ...rest) => {
      if (key.startsWith('connected:')) throw new LinkingError('store_unavailable')
      return take(key, ...rest)
    })
    expect(await connect()).toBeDefined()
  })
})

describe('connectAccount with other linking authorities', () => {
  const LOGIN = 'http://localhost:4400'
  /** A token of the linking client, signed by the tenant. */
  const sign = (claims: object) =>
    tenant.state.signer.sign({ iss: `${LOGIN}/`, azp: 'linking', iat: now(), exp: now() + 600, ...claims })
  const idToken = () => sign({ aud: 'linking', sub: OTHER })
  const linkWith = [{ link_with: '[masked]' }]

  it('sends the ID token with the linking client, if the other account ends', async () => {
    configure({ linkingAuthority: 'linking-client' })
    await connect(aFlow({ proof: { ...aFlow().proof, idToken: await idToken() } }))
    expect(linkBodies()).toEqual(linkWith)
    expect(tenant.identities('auth0|ann')).toEqual(['auth0|ann', OTHER])
  })

  it('sends the user id with the linking client, if the account in use ends', async () => {
    configure({ linkingAuthority: 'linking-client' })
    tenant.change(OTHER, { created_at: '2020-01-01T00:00:00.000Z' })
    await connect(aFlow({ proof: { ...aFlow().proof, idToken: await idToken() } }))
    expect(linkBodies()).toEqual([
      { provider: 'auth0', user_id: 'ann', connection_id: expect.stringMatching(/^con_/) },
    ])
  })

  it("makes no write beside the link with the person's own token, and ends no sessions", async () => {
    const seen = toSeen(await services().managementApi().getUser(OTHER))
    const accessToken = await tenant.ownToken('auth0|ann')
    configure({ linkingAuthority: 'user', connectConnections: ['google-oauth2'] })
    const before = tenant.calls().length
    const flow = aFlow({ proof: { ...aFlow().proof, idToken: await idToken(), seen } })
    expect(await connect(flow, aSession({ accessToken }))).toMatchObject({ stays: 'current' })
    expect(tenant.calls().slice(before)).toEqual(['GET auth0|ann', 'GET auth0|ann', 'GET auth0|ann', LINK])
    expect(linkBodies()).toEqual(linkWith)
    expect(tenant.user('auth0|ann').user_metadata).toEqual({ theme: 'dark', language: 'en' })
  })
})

describe('after connectAccount', () => {
  it('every earlier session ends, except this one and the one of the proof', async () => {
    tenant.grant(...LEAST_SCOPES, ...ENDING_SCOPES)
    const flow = aFlow({ openedAt: now() - 50 })
    Object.assign(flow.proof, { sid: 'proof-session', authTime: now() - 10 })
    tenant.begin('old', 100)
    tenant.begin('since it was opened', 20)
    tenant.begin('since the proof', 5, OTHER)
    tenant.begin('other', 100, OTHER)
    tenant.begin('own-session', 100)
    tenant.begin('proof-session', 10, OTHER)
    await connect(flow)
    expect([...tenant.state.sessions.keys()]).toEqual(['own-session', 'proof-session'])
    await vi.waitFor(() => expect(parseEnding(tenant.user('auth0|ann'))).toBeUndefined())
    expect(
      tenant
        .writes()
        .filter((call) => call.includes('refresh-tokens'))
        .sort(),
    ).toEqual(['DELETE auth0|ann/refresh-tokens', `DELETE ${OTHER}/refresh-tokens`])
  })

  it('no call to end sessions is made if the operator did not grant the scopes', async () => {
    await connect()
    expect(tenant.calls().filter((call) => /sessions|refresh/.test(call))).toEqual([])
  })

  it('the flow cannot be used again for longer than its life', async () => {
    const take = vi.spyOn(memoryStore, 'take')
    await connect()
    expect(take.mock.calls.filter(([key]) => key.startsWith('connected:'))).toEqual([
      ['connected:0123456789abcdef', 3600],
    ])
  })
})
