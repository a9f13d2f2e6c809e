import { beforeEach, describe, expect, it, vi } from 'vitest'
import * as connectRoute from '@/app/settings/connected-accounts/connect/route'
import * as stepUpRoute from '@/app/settings/connected-accounts/step-up/route'
import { hash12 } from '@/core'
import { LinkingError } from '@/core/errors'
import { startAuthorization } from '@/lib/oidc/start-authorization'
import type { Sessions } from '@/lib/session/session'
import {
  type ConnectFlow,
  connectFlowCookie,
  newConnectFlow,
} from '@/lib/sign-in-methods/connect/connect-flow'
import { aSession, now } from '../../../lib/sign-in-methods/a-session'
import { atTenant } from '../../../lib/sign-in-methods/at-tenant'
import { configure, services } from '../../../support/process/page-services'
import { APP, answerOf, keptBy, PAGE, refusal } from './answers'

const { currentSession } = vi.hoisted(() => ({
  currentSession: vi.fn<Sessions['currentSession']>(),
}))
vi.mock('@/app/_sessions', () => ({ sessions: () => ({ currentSession }) }))
vi.mock('@/lib/oidc/start-authorization', () => ({ startAuthorization: vi.fn() }))

const OTHER = 'google-oauth2|ann-g'
const tenant = await atTenant()
const session = currentSession
const started = vi.mocked(startAuthorization)

beforeEach(() => {
  session.mockReset().mockImplementation(async () => aSession())
  started.mockReset().mockImplementation(async (_settings, { handle }) => ({
    url: 'http://localhost:4400/authorize',
    attempt: { state: `${handle}.state`, nonce: 'n', verifier: 'v', startedAt: now() },
  }))
})

const post = (
  path: string,
  fields: Record<string, string>,
  { headers = {}, cookies = [] }: { headers?: Record<string, string>; cookies?: string[] } = {},
) =>
  new Request(`${APP}${PAGE}/${path}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: {
      origin: APP,
      'content-type': 'application/x-www-form-urlencoded',
      cookie: cookies.map((line) => line.split(';')[0]).join('; '),
      ...headers,
    },
  })
describe.each([
  ['connect', connectRoute, { connection: 'github' }],
  ['step-up', stepUpRoute, { identity: 'abc' }],
])('POST …/%s', (path, route, fields) => {
  it.each<[string, Record<string, string>]>([
    ['another site', { origin: 'https://evil.example' }],
    ['the origin null', { origin: 'null' }],
    ['a sibling site', { 'sec-fetch-site': 'same-site' }],
  ])('refuses a request from %s before it reads anything', async (_who, headers) => {
    const response = await route.POST(post(path, fields, { headers }))
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('data-error="csrf"')
    expect(session).not.toHaveBeenCalled()
    expect(tenant.calls()).toEqual([])
  })

  it('leads to the sign-in if there is no session', async () => {
    session.mockResolvedValue(undefined)
    expect(answerOf(await route.POST(post(path, fields)))).toEqual([
      303,
      `${APP}/auth/login?returnTo=%2Fsettings%2Fconnected-accounts`,
    ])
    expect(started).not.toHaveBeenCalled()
  })

  it.each([
    ['blocked', () => tenant.change('auth0|ann', { blocked: true })],
    ['not_found', () => tenant.state.users.delete('auth0|ann')],
    ['reauth_required', () => session.mockResolvedValue(aSession({ since: 1 }))],
  ])('refuses an account that is %s', async (code, happens) => {
    tenant.user('auth0|ann').app_metadata.account_linking_journal = {
      entries: [['unlinked', 100, 'a', 'github', 'settings', 'Shop']],
    }
    happens()
    expect(answerOf(await route.POST(post(path, fields)))).toEqual(refusal(code))
    expect(started).not.toHaveBeenCalled()
  })

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const)('takes no %s', async (method) => {
    const response = await route[method](new Request(`${APP}${PAGE}/${path}`, { method }))
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
  })
})

describe('POST …/connect', () => {
  const connect = (fields: Record<string, string>, options?: Parameters<typeof post>[2]) =>
    connectRoute.POST(post('connect', fields, options))

  it('redirects to the tenant, to sign in to the account to connect', async () => {
    const response = await connect({ connection: 'github' })
    expect(answerOf(response)).toEqual([303, 'http://localhost:4400/authorize'])
    expect(started).toHaveBeenCalledWith(expect.anything(), {
      handle: expect.stringMatching(/^[0-9a-f]{16}$/),
      callback: `${PAGE}/callback`,
      connection: { name: 'github', provider: 'github' },
      isListWanted: true,
      loginHint: undefined,
      needsMfa: false,
    })
    expect(await keptBy(response)).toMatchObject({
      sub: 'auth0|ann',
      chosen: { connection: 'github', provider: 'github' },
      attempt: { of: 'other' },
    })
  })

  it('deletes the cookie of an older flow to make room for its own', async () => {
    const response = await connect({ connection: 'github' }, { cookies: ['connect_1=x', 'connect_2=x'] })
    const dropped = response.headers.getSetCookie().filter((line) => line.includes('Max-Age=0'))
    expect(dropped.map((line) => line.split('=')[0])).toEqual(['connect_1'])
  })

  it.each([
    [600, 'other'],
    [601, 'current'],
  ])('asks for the account in use first if its sign-in is too old: %d seconds, %s', async (age, of) => {
    vi.useFakeTimers({ toFake: ['Date'], now: now() * 1000 })
    session.mockResolvedValue(aSession({ authTime: now() - age }))
    const response = await connect({ connection: 'github' })
    expect(await keptBy(response)).toMatchObject({ attempt: { of }, chosen: { connection: 'github' } })
    const asked = started.mock.calls[0]?.[1]
    expect(asked?.connection).toEqual(of === 'other' ? { name: 'github', provider: 'github' } : undefined)
    expect(asked?.loginHint).toBe(of === 'other' ? undefined : 'ann@example.com')
  })

  it.each(['evil', '', 'constructor', 'samlp', 'GitHub', 'github&x=y'])(
    'starts no sign-in for %j, which is not a connection of the list',
    async (connection) => {
      expect(answerOf(await connect({ connection }))).toEqual(refusal('unknown_connection'))
      expect(answerOf(await connect({}))).toEqual(refusal('unknown_connection'))
      expect(started).not.toHaveBeenCalled()
    },
  )

  it('refuses a connection that CONNECT_CONNECTIONS leaves out', async () => {
    configure({ connectConnections: ['google-oauth2'] })
    expect(answerOf(await connect({ connection: 'github' }))).toEqual(refusal('unknown_connection'))
  })

  it('starts the sign-in to a suggested account with what was found of it, not with what the form says', async () => {
    const fields = { suggestion: await hash12(OTHER), connection: 'github', email: 'x', userId: 'auth0|bea' }
    const response = await connect(fields)
    expect(await keptBy(response)).toMatchObject({
      chosen: {
        connection: 'google-oauth2',
        provider: 'google-oauth2',
        userId: OTHER,
        email: 'ann@example.com',
      },
    })
    expect(started.mock.calls[0]?.[1]).toMatchObject({
      connection: { name: 'google-oauth2' },
      loginHint: 'ann@example.com',
    })
  })

  it.each([OTHER, '', 'auth0|bea'])('refuses %j, which names no suggestion', async (suggestion) => {
    expect(answerOf(await connect({ suggestion, connection: 'github' }))).toEqual(refusal('not_available'))
  })

  it('asks for the second factors that the accounts have', async () => {
    tenant.change(OTHER, { mfa: true })
    const suggestion = await hash12(OTHER)
    expect(await keptBy(await connect({ suggestion }))).toMatchObject({ needsMfa: ['other'] })
    expect(started.mock.calls.at(-1)?.[1]).toMatchObject({ needsMfa: true })
    tenant.change('auth0|ann', { mfa: true })
    session.mockResolvedValue(aSession({ hasUsedMfa: true }))
    expect(await keptBy(await connect({ suggestion }))).toMatchObject({ needsMfa: ['current', 'other'] })
    session.mockResolvedValue(aSession({ authTime: undefined, hasUsedMfa: true }))
    await connect({ connection: 'github' })
    expect(started.mock.calls.at(-1)?.[1]).toMatchObject({ needsMfa: true, loginHint: 'ann@example.com' })
  })

  it.each([
    ['other', [], { hasUsedMfa: false }],
    ['other', ['guardian'], { hasUsedMfa: true }],
    ['current', ['guardian'], { hasUsedMfa: false }],
    ['current', ['guardian'], { hasUsedMfa: false, stepUpsWithoutFactor: 1 }],
    ['current', ['guardian'], { hasUsedMfa: true, authTime: now() - 700 }],
    ['current', [], { hasUsedMfa: false, authTime: now() - 700 }],
  ] as const)(
    'asks first for the sign-in of the %s account: factors %j, session %j',
    async (of, factors, fields) => {
      tenant.change('auth0|ann', { mfa: factors.length > 0 })
      session.mockResolvedValue(aSession(fields))
      expect(await keptBy(await connect({ connection: 'github' }))).toMatchObject({ attempt: { of } })
      expect(started.mock.calls.at(-1)?.[1].needsMfa).toBe(of === 'current' && factors.length > 0)
    },
  )

  it('refuses before the sign-in to the other account if the address of the account in use is not verified', async () => {
    tenant.change('auth0|ann', { email_verified: false })
    for (const fields of [{ connection: 'github' }, { suggestion: await hash12(OTHER) }] as Record<
      string,
      string
    >[])
      expect(answerOf(await connect(fields))).toEqual(refusal('own_unverified'))
    expect(started).not.toHaveBeenCalled()
  })

  it('refuses with step_up_without_factor after two sign-ins came back without the second factor', async () => {
    tenant.change('auth0|ann', { mfa: true })
    session.mockResolvedValue(aSession({ stepUpsWithoutFactor: 2 }))
    for (const answer of [
      await connect({ connection: 'github' }),
      await stepUpRoute.POST(post('step-up', {})),
    ])
      expect(answerOf(answer)).toEqual(refusal('step_up_without_factor'))
    expect(started).not.toHaveBeenCalled()
    session.mockResolvedValue(aSession({ stepUpsWithoutFactor: 2, hasUsedMfa: true }))
    await connect({ connection: 'github' })
    expect(started).toHaveBeenCalledTimes(1)
  })

  it("asks for a token that reads the other account if the person's own token links", async () => {
    configure({ connectConnections: ['github'], linkingAuthority: 'user' })
    const accessToken = await tenant.ownToken('auth0|ann')
    session.mockResolvedValue(aSession({ accessToken }))
    await connect({ connection: 'github' })
    expect(started.mock.calls[0]?.[1].api).toEqual({
      audience: 'https://localhost:4401/api/v2/',
      scope: 'read:current_user',
    })
  })

  it('refuses with tenant_unreachable if the tenant does not answer', async () => {
    started.mockRejectedValue(new LinkingError('tenant_unreachable'))
    expect(answerOf(await connect({ connection: 'github' }))).toEqual(refusal('tenant_unreachable'))
  })

  describe('with a flow', () => {
    const open = async (fields: Partial<ConnectFlow> = {}) => {
      const flow = {
        ...newConnectFlow('auth0|ann', { chosen: { connection: 'github', provider: 'github' } }),
        ...{ wrong: { isCurrent: false, provider: 'github' }, born: 'github|new' },
        ...{ proof: { userId: 'github|new', hasUsedMfa: false } },
        ...fields,
      }
      return { flow, cookies: [(await connectFlowCookie(services(), flow)) ?? ''] }
    }

    it('starts the same sign-in again, and drops what was proven before', async () => {
      const { flow, cookies } = await open()
      const again = await keptBy(await connect({ flow: flow.handle, connection: 'email' }, { cookies }))
      expect(again).toMatchObject({
        handle: flow.handle,
        openedAt: flow.openedAt,
        chosen: { connection: 'github' },
      })
      for (const name of ['proof', 'born', 'wrong']) expect(again).not.toHaveProperty(name)
      expect(started.mock.calls[0]?.[1].needsMfa).toBe(false)
    })

    it('asks for the second factor that was missing', async () => {
      const { flow, cookies } = await open()
      await connect({ flow: flow.handle, mfa: '1' }, { cookies })
      expect(started.mock.calls[0]?.[1].needsMfa).toBe(true)
    })

    it('asks for the account in use first, if it was signed in to too long ago', async () => {
      const { flow, cookies } = await open()
      session.mockResolvedValue(aSession({ authTime: now() - 700 }))
      const again = await keptBy(await connect({ flow: flow.handle }, { cookies }))
      expect(again).toMatchObject({ attempt: { of: 'current' }, chosen: { connection: 'github' } })
      expect(started.mock.calls[0]?.[1]).toMatchObject({ loginHint: 'ann@example.com' })
      expect(again).not.toHaveProperty('proof')
    })

    it.each([
      ['blocked', () => tenant.change('auth0|ann', { blocked: true })],
      ['not_found', () => tenant.state.users.delete('auth0|ann')],
    ])('refuses an account in use that is %s', async (code, happens) => {
      const { flow, cookies } = await open()
      happens()
      expect(answerOf(await connect({ flow: flow.handle }, { cookies }))).toEqual(refusal(code))
      expect(started).not.toHaveBeenCalled()
    })

    it('refuses a flow of another person, a flow of another kind, and a missing flow', async () => {
      const { flow, cookies } = await open()
      session.mockResolvedValue(aSession({ userId: 'auth0|bea' }))
      const stepUp = await open({ chosen: undefined })
      const answers = [await connect({ flow: flow.handle }, { cookies }), await connect({ flow: '' })]
      session.mockResolvedValue(aSession())
      answers.push(await connect({ flow: stepUp.flow.handle }, { cookies: stepUp.cookies }))
      for (const response of answers) expect(answerOf(response)).toEqual(refusal('no_flow'))
      expect(started).not.toHaveBeenCalled()
    })
  })
})

describe('POST …/step-up', () => {
  it('redirects to the tenant, to sign in to the same account, and keeps the address to return to', async () => {
    const response = await stepUpRoute.POST(
      post('step-up', { identity: 'abc', undo: '1', returnTo: 'https://evil.example' }),
    )
    expect(answerOf(response)).toEqual([303, 'http://localhost:4400/authorize'])
    expect(started.mock.calls[0]?.[1]).toMatchObject({
      loginHint: 'ann@example.com',
      needsMfa: false,
    })
    expect(await keptBy(response)).toMatchObject({
      returnTo: `${PAGE}/disconnect?identity=abc&undo=1`,
      attempt: { of: 'current' },
    })
  })

  it.each([
    '//evil.example',
    'https://evil.example',
    '\\\\evil.example',
    '?x#y',
    '&returnTo=https://evil.example',
  ])('returns to the disconnect page, whatever the form has as the identity: %j', async (identity) => {
    const flow = await keptBy(await stepUpRoute.POST(post('step-up', { identity })))
    const target = new URL(flow?.returnTo ?? '', APP)
    expect([target.origin, target.pathname]).toEqual([APP, `${PAGE}/disconnect`])
    expect(Object.fromEntries(target.searchParams)).toEqual({ identity })
  })

  it('asks for the second factor that the account has', async () => {
    tenant.change('auth0|ann', { mfa: true })
    await stepUpRoute.POST(post('step-up', { identity: 'abc' }))
    expect(started.mock.calls[0]?.[1].needsMfa).toBe(true)
  })
})
