import { beforeEach, describe, expect, it, vi } from 'vitest'
import * as callbackRoute from '@/app/settings/connected-accounts/callback/route'
import { LinkingError } from '@/core/errors'
import { findsStepUpWithoutFactor, noteStepUp } from '@/lib/health/step-up-warning'
import { completeAuthorization } from '@/lib/oidc/complete-authorization'
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
import { forgetProcessMemory } from '../../../support/process/process-memory'
import { APP, answerOf, keptBy, PAGE, refusal } from './answers'

const { currentSession, renewSession } = vi.hoisted(() => ({
  currentSession: vi.fn<Sessions['currentSession']>(),
  renewSession: vi.fn<Sessions['renewSession']>(),
}))
vi.mock('@/app/_sessions', () => ({ sessions: () => ({ currentSession, renewSession }) }))
vi.mock('@/lib/oidc/start-authorization', () => ({ startAuthorization: vi.fn() }))
vi.mock('@/lib/oidc/complete-authorization', () => ({ completeAuthorization: vi.fn() }))

const OTHER = 'google-oauth2|ann-g'
const tenant = await atTenant()
const session = currentSession
const started = vi.mocked(startAuthorization)

beforeEach(() => {
  session.mockReset().mockImplementation(async () => aSession())
  renewSession.mockReset()
  vi.mocked(completeAuthorization).mockReset()
  started.mockReset().mockImplementation(async (_settings, { handle }) => ({
    url: 'http://localhost:4400/authorize',
    attempt: { state: `${handle}.state`, nonce: 'n', verifier: 'v', startedAt: now() },
  }))
})

describe('GET …/callback', () => {
  /** A flow that waits for a sign-in to the account in use (`current`), or to the one to connect (`other`). */
  async function waiting(of: 'current' | 'other', fields: Partial<ConnectFlow> = {}) {
    const flow = newConnectFlow('auth0|ann', {
      chosen: { connection: 'google-oauth2', provider: 'google-oauth2' },
    })
    const attempt = { state: `${flow.handle}.state`, nonce: 'n', verifier: 'v', startedAt: now(), of }
    return { ...flow, attempt, ...fields }
  }
  const signedIn = (userId: string, fields: object = {}) =>
    vi.mocked(completeAuthorization).mockResolvedValue({
      account: {
        userId,
        email: 'x@example.com',
        isEmailVerified: true,
        hasUsedMfa: false,
        authTime: now(),
        sid: 'proof-session',
        ...fields,
      },
      idToken: 'id-token',
      accessToken: 'access-token',
    })
  async function arrive(flow: ConnectFlow, query = `code=c&state=${flow.attempt?.state}`) {
    const cookie = (await connectFlowCookie(services(), flow)) ?? ''
    return callbackRoute.GET(
      new Request(`${APP}${PAGE}/callback?${query}`, { headers: { cookie: cookie.split(';')[0] ?? '' } }),
    )
  }
  const refused = async (response: Response) => [
    response.status,
    /data-error="(\w+)"/.exec(await response.text())?.[1],
  ]

  it('stores the account that was signed in to as proven, and leads to the confirm page', async () => {
    signedIn(OTHER, { hasUsedMfa: true })
    const flow = await waiting('other')
    const response = await arrive(flow)
    expect(answerOf(response)).toEqual([303, `${APP}${PAGE}/confirm?flow=${flow.handle}`])
    const kept = await keptBy(response)
    expect(kept).toMatchObject({ proof: { userId: OTHER, email: 'x@example.com', hasUsedMfa: true } })
    expect(kept).not.toHaveProperty('attempt')
    expect(kept).not.toHaveProperty('born')
    // The default linking authority needs neither.
    for (const name of ['idToken', 'seen']) expect(kept?.proof).not.toHaveProperty(name)
    expect(renewSession).not.toHaveBeenCalled()
  })

  it('stores that no second factor was used', async () => {
    signedIn(OTHER)
    expect(await keptBy(await arrive(await waiting('other')))).toMatchObject({ proof: { hasUsedMfa: false } })
  })

  it("reads the account with its own token if the person's own token links, and stores the names of its metadata", async () => {
    configure({ linkingAuthority: 'user' })
    const accessToken = await tenant.ownToken(OTHER)
    signedIn(OTHER)
    const done = await vi.mocked(completeAuthorization)(services(), new URLSearchParams(), {} as never, '/')
    vi.mocked(completeAuthorization).mockResolvedValue({ ...done, accessToken })
    const kept = await keptBy(await arrive(await waiting('other')))
    expect(kept?.proof).toMatchObject({
      idToken: 'id-token',
      seen: { fields: { user_metadata: ['theme', 'newsletter'], app_metadata: ['plan', 'trial'] } },
    })
  })

  it('stores the ID token if the linking client links', async () => {
    configure({ linkingAuthority: 'linking-client' })
    signedIn(OTHER)
    const kept = await keptBy(await arrive(await waiting('other')))
    expect(kept?.proof).toMatchObject({ idToken: 'id-token' })
    expect(kept?.proof).not.toHaveProperty('seen')
  })

  it('stores that this sign-in created the account', async () => {
    tenant.state.createUser({
      user_id: 'github|new',
      created_at: new Date().toISOString(),
      identities: [{ provider: 'github', user_id: 'new', connection: 'github' }],
    })
    signedIn('github|new')
    expect(await keptBy(await arrive(await waiting('other')))).toMatchObject({ born: 'github|new' })
  })

  it.each([
    ['the same account', 'auth0|ann', {}, { isCurrent: true, provider: 'auth0' }],
    [
      'another account than was suggested',
      'google-oauth2|bea-g',
      { chosen: { connection: 'google-oauth2', provider: 'google-oauth2', userId: OTHER } },
      { isCurrent: false, provider: 'google-oauth2' },
    ],
  ])('stores no proof for %s, and leads to the wrong-account page', async (_what, userId, fields, wrong) => {
    signedIn(userId)
    const flow = await waiting('other', fields)
    const response = await arrive(flow)
    expect(answerOf(response)).toEqual([303, `${APP}${PAGE}/wrong-account?flow=${flow.handle}`])
    const kept = await keptBy(response)
    expect(kept).toMatchObject({ wrong: { ...wrong, email: 'x••@example.com' } })
    expect(kept).not.toHaveProperty('proof')
    expect(tenant.told()).toEqual(['account.link_refused'])
  })

  it('forgets an earlier proof if another account is signed in to', async () => {
    signedIn('auth0|ann')
    const proof = { userId: OTHER, hasUsedMfa: false }
    expect(await keptBy(await arrive(await waiting('other', { proof })))).not.toHaveProperty('proof')
  })

  describe('for the account in use', () => {
    const RETURN = { chosen: undefined, returnTo: `${PAGE}/disconnect?identity=abc` }

    it('stores the time of the sign-in in the session, and leads back to the page that asked for it', async () => {
      signedIn('auth0|ann', { authTime: now() - 3 })
      const response = await arrive(await waiting('current', RETURN))
      expect(answerOf(response)).toEqual([303, `${APP}${RETURN.returnTo}`])
      expect(renewSession.mock.calls).toEqual([
        [{ authTime: now() - 3, hasUsedMfa: false, stepUpsWithoutFactor: 0 }],
      ])
    })

    it('continues with the account to connect, which then needs no second factor', async () => {
      signedIn('auth0|ann', { hasUsedMfa: true })
      const response = await arrive(await waiting('current', { needsMfa: ['current'] }))
      expect(answerOf(response)).toEqual([303, 'http://localhost:4400/authorize'])
      expect(await keptBy(response)).toMatchObject({ attempt: { of: 'other' } })
      expect(started.mock.calls.at(-1)?.[1].needsMfa).toBe(false)
    })

    it('does not renew the session for another account', async () => {
      signedIn('auth0|bea')
      const response = await arrive(await waiting('current', RETURN))
      expect(response.headers.get('location')).toContain('/wrong-account')
      expect(renewSession).not.toHaveBeenCalled()
    })

    it.each([
      [['current' as const], true],
      [['other' as const], false],
    ])('renews the session: second factor needed for %j, used %s', async (needsMfa, hasUsedMfa) => {
      signedIn('auth0|ann', { hasUsedMfa })
      const response = await arrive(await waiting('current', { ...RETURN, needsMfa }))
      expect(answerOf(response)).toEqual([303, `${APP}${RETURN.returnTo}`])
      expect(renewSession.mock.calls[0]?.[0]).toMatchObject({ authTime: now(), hasUsedMfa })
    })

    it.each([
      [0, 'mfa_required'],
      [1, 'step_up_without_factor'],
      [5, 'step_up_without_factor'],
    ])(
      'counts a return without the second factor after %d others, and renews nothing else: answers %s',
      async (before, code) => {
        session.mockResolvedValue(aSession({ stepUpsWithoutFactor: before }))
        signedIn('auth0|ann')
        const response = await arrive(await waiting('current', { ...RETURN, needsMfa: ['current'] }))
        expect(answerOf(response)).toEqual(refusal(code))
        expect(renewSession.mock.calls).toEqual([[{ stepUpsWithoutFactor: before + 1 }]])
        forgetProcessMemory('step-up-warning')
        expect(await findsStepUpWithoutFactor(services().store)).toBe(code === 'step_up_without_factor')
        await noteStepUp(services().store, { hasFactor: true })
      },
    )
  })

  describe('refuses', () => {
    it.each<[string, (flow: ConnectFlow) => string]>([
      ['no state', () => 'code=c'],
      ['an unknown state', () => 'code=c&state=x.y'],
      ['the state of another flow', () => `code=c&state=${'0'.repeat(16)}.state`],
    ])('an answer with %s', async (_what, query) => {
      const flow = await waiting('other')
      expect(await refused(await arrive(flow, query(flow)))).toEqual([400, 'no_flow'])
      expect(completeAuthorization).not.toHaveBeenCalled()
    })

    it('two states', async () => {
      const flow = await waiting('other')
      const state = flow.attempt.state
      expect(await refused(await arrive(flow, `code=c&state=${state}&state=${state}`))).toEqual([
        400,
        'bad_request',
      ])
    })

    it.each<[string, Awaited<ReturnType<Sessions['currentSession']>>]>([
      ['no one', undefined],
      ['someone else', aSession({ userId: 'auth0|bea' })],
    ])('an answer if %s is signed in', async (_who, who) => {
      session.mockResolvedValue(who)
      expect(await refused(await arrive(await waiting('other')))).toEqual([400, 'no_flow'])
      expect(completeAuthorization).not.toHaveBeenCalled()
    })

    it('a response to a request that was not made, and leads to the current step of the flow', async () => {
      const flow = await waiting('other')
      const response = await arrive(flow, `code=c&state=${flow.handle}.other`)
      expect(answerOf(response)).toEqual([303, `${APP}${PAGE}/confirm?flow=${flow.handle}`])
      expect(completeAuthorization).not.toHaveBeenCalled()
    })

    it('to use the same response twice, and repeats the redirect', async () => {
      signedIn(OTHER)
      const flow = await waiting('other')
      const answers = await Promise.all([arrive(flow), arrive(flow), arrive(flow)])
      for (const response of answers)
        expect(response.headers.get('location')).toBe(`${APP}${PAGE}/confirm?flow=${flow.handle}`)
      expect(completeAuthorization).toHaveBeenCalledTimes(1)
      const stepUp = await waiting('current', {
        chosen: undefined,
        returnTo: `${PAGE}/disconnect?identity=a`,
      })
      signedIn('auth0|ann')
      await arrive(stepUp)
      expect((await arrive(stepUp)).headers.get('location')).toBe(`${APP}${PAGE}/disconnect?identity=a`)
      expect(renewSession).toHaveBeenCalledTimes(1)
    })

    it('a sign-in that failed, with its code', async () => {
      vi.mocked(completeAuthorization).mockRejectedValue(new LinkingError('sign_in_failed'))
      expect(answerOf(await arrive(await waiting('other')))).toEqual(refusal('sign_in_failed'))
    })

    it('a proof that does not fit into a cookie', async () => {
      configure({ linkingAuthority: 'linking-client' })
      signedIn(OTHER)
      const done = await vi.mocked(completeAuthorization)(services(), new URLSearchParams(), {} as never, '/')
      vi.mocked(completeAuthorization).mockResolvedValue({ ...done, idToken: 'x'.repeat(4000) })
      const response = await arrive(await waiting('other'))
      expect(response.headers.get('location')).toContain('refused=')
      expect(response.headers.getSetCookie()).toEqual([])
    })
  })

  it('answers HEAD without a change, and refuses POST', async () => {
    expect((await callbackRoute.HEAD()).status).toBe(200)
    const response = await callbackRoute.POST(new Request(`${APP}${PAGE}/callback`, { method: 'POST' }))
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })
})
