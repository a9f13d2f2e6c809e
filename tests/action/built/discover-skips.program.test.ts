import { describe, expect, it } from 'vitest'
import { lookupMarkHash, parseUser } from '@/core'
import { rightsOf } from '@/local-tenant/rights'
import { anActionTenant, candidatesOf } from '../../support/action/tenant'
import { TestBrowser } from '../../support/browser/browser'
import { aPolicy } from '../../support/builders/users'
import { open, signInWithGoogle, startLogin } from '../../support/tenant/sign-in'

const { tenant, state, service, configure, logIn, calls, userOf } = await anActionTenant()

const ANN = 'google-oauth2|ann-g'
const now = () => Math.floor(Date.now() / 1000)
const change = (userId: string, fields: object) => Object.assign(userOf(userId), fields)

describe('a login for which the Action makes no API call', () => {
  const legacyMark = (at: number) => ({ app_metadata: { account_linking_timestamp: at * 1000 } })
  const mark = async (until: number) => ({
    app_metadata: {
      account_linking: { looked: { until, key: await lookupMarkHash(parseUser(userOf(ANN)), aPolicy()) } },
    },
  })

  it.each<[string, () => unknown, object]>([
    ['is at the linking service itself', () => 0, { clientId: 'linking' }],
    [
      'is at an application that is excluded from offers',
      () => {
        const client = state.clients.get('demo-app')
        if (client) client.client_metadata.account_linking = 'off'
      },
      {},
    ],
    [
      'is to an organization',
      () => rightsOf(userOf(ANN)).organizations.push({ name: 'acme', roles: [] }),
      { parameters: { organization: 'acme' } },
    ],
    ['has an unverified email address', () => change(ANN, { email_verified: false }), {}],
    ['has email_verified set to the text "true"', () => change(ANN, { email_verified: 'true' }), {}],
    ['has a mark that says not to look again yet', async () => change(ANN, await mark(now() + 60)), {}],
    ["has the mark of Auth0's published Action", () => change(ANN, legacyMark(now() - 60)), {}],
    ['happens in mode off', () => configure({ ACCOUNT_LINKING_MODE: 'off' }), {}],
    ['happens in an unknown mode', () => configure({ ACCOUNT_LINKING_MODE: 'ofer' }), {}],
    [
      'is through an untrusted connection',
      () => configure({ ACCOUNT_LINKING_TRUSTED_CONNECTIONS: 'auth0' }),
      {},
    ],
    [
      'is through a blocked connection',
      () => configure({ ACCOUNT_LINKING_BLOCKED_CONNECTIONS: 'google-oauth2 github' }),
      {},
    ],
    ['happens while a required secret is empty', () => configure({ SESSION_TOKEN_SHARED_SECRET: '' }), {}],
  ])('%s', async (_what, arrange, login) => {
    await arrange()
    expect((await logIn(login)).claims?.sub).toBe(ANN)
    expect(calls()).toEqual([])
    expect(service.healthChecks).toBe(0)
  })

  it('has no email address', async () => {
    delete userOf(ANN).email
    expect((await logIn({ email: 'Ann Archer' })).claims?.sub).toBe(ANN)
    expect(calls()).toEqual([])
  })

  it('cannot be redirected: prompt=none, a refresh token', async () => {
    const browser = new TestBrowser()
    configure({ ACCOUNT_LINKING_MODE: 'off' })
    const first = await startLogin(tenant, {
      parameters: { connection: 'google-oauth2', scope: 'openid offline_access' },
    })
    const visit = await signInWithGoogle(browser, first, 'ann@example.com')
    const code = visit.url.searchParams.get('code') ?? ''
    configure({ ACCOUNT_LINKING_MODE: 'offer' })
    const silent = await startLogin(tenant, { parameters: { prompt: 'none' } })
    expect((await open(browser, silent)).url.searchParams.get('code')).toBeTruthy()

    const token = (form: Record<string, string>) =>
      fetch(`${tenant.loginOrigin}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          client_id: 'demo-app',
          client_secret: state.clients.get('demo-app')?.client_secret ?? '',
          ...form,
        }),
      })
    const tokens = await token({
      grant_type: 'authorization_code',
      code,
      redirect_uri: first.redirectUri,
      code_verifier: first.checks.pkceCodeVerifier ?? '',
    }).then((response) => response.json())
    const refreshed = await token({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token })
    expect(refreshed.status).toBe(200)
    expect(calls()).toEqual([])
  })
})

describe('a mark that no longer stops the lookup', () => {
  it.each([
    ['has expired', now() - 1, {}],
    ['was made under other settings', now() + 60, { ACCOUNT_LINKING_BLOCKED_CONNECTIONS: 'legacy-db' }],
  ])('%s: the Action looks for other accounts', async (_why, until, secrets) => {
    const key = await lookupMarkHash(parseUser(userOf(ANN)), aPolicy())
    change(ANN, { app_metadata: { account_linking: { looked: { until, key } } } })
    configure(secrets)
    expect(candidatesOf(await logIn())).toHaveLength(1)
  })

  it("is the mark of Auth0's published Action after 90 days", async () => {
    change(ANN, { app_metadata: { account_linking_timestamp: (now() - 91 * 86_400) * 1000 } })
    expect(candidatesOf(await logIn())).toHaveLength(1)
  })
})
