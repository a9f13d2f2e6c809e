import { describe, expect, it } from 'vitest'
import { rightsOf } from '@/local-tenant/rights'
import { anActionTenant, candidatesOf } from '../../support/action/tenant'
import { TestBrowser } from '../../support/browser/browser'
import { open, startLogin } from '../../support/tenant/sign-in'

const { tenant, state, service, configure, logIn, calls, logs, userOf, marksOf } = await anActionTenant()

const ANN = 'google-oauth2|ann-g'
const now = () => Math.floor(Date.now() / 1000)
const change = (userId: string, fields: object) => Object.assign(userOf(userId), fields)

describe('a login of a person with another account', () => {
  it('redirects to the linking service after one lookup', async () => {
    const { asked } = await logIn()
    expect(calls()).toEqual(['token', 'lookup'])
    expect(service.healthChecks).toBe(1)
    expect(asked?.url.href.length).toBeLessThan(4_096)
    const { txn, jti, iat, exp, ...claims } = asked?.claims ?? {}
    expect(claims).toEqual({
      iss: new URL(tenant.canonicalOrigin).host,
      sub: ANN,
      ip: expect.any(String),
      purpose: 'account-link.request',
      client_id: 'demo-app',
      client_name: 'Demo App',
      email: 'ann@example.com',
      continue_url: `https://${new URL(tenant.loginOrigin).host}/continue`,
      ui_locales: '',
      current_identity: { user_id: ANN, provider: 'google-oauth2', connection: 'google-oauth2' },
      candidate_identities: [
        {
          user_id: 'auth0|ann',
          provider: 'auth0',
          connection: 'Username-Password-Authentication',
          stays: 'candidate',
          carried: 1,
          fields: ['newsletter'],
          rights: {},
          mfa: false,
          also: [],
        },
      ],
    })
    expect(Number(exp) - Number(iat)).toBe(120)
    for (const id of [txn, jti]) expect(id).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('tells the linking service that the current account stays, if it is the older one', async () => {
    expect(candidatesOf(await logIn({ connection: 'password' }))).toMatchObject([
      { user_id: ANN, stays: 'current' },
    ])
  })

  it('tells the linking service the languages of the login', async () => {
    const { asked } = await logIn({ parameters: { ui_locales: 'de en' } })
    expect(asked?.claims.ui_locales).toBe('de en')
  })

  it('offers nothing if an account has a second factor, because Auth0 asks for it only after the Action', async () => {
    expect(await logIn({ email: 'fay@example.com' })).toMatchObject({
      claims: { sub: 'google-oauth2|fay-g' },
    })
    expect(calls()).toEqual(['token', 'lookup'])
    expect(service.healthChecks).toBe(0)
  })

  it('tells the linking service how the previous attempt ended', async () => {
    const last = { result: 'failed', reason: 'blocked', at: 1_800_000_000 }
    change(ANN, { app_metadata: { account_linking: { last } } })
    expect((await logIn()).asked?.claims.previous).toEqual(last)
  })

  it('looks up an address with capitals in both spellings', async () => {
    expect(candidatesOf(await logIn({ email: 'Eve@Example.com' }))).toMatchObject([{ user_id: 'auth0|eve' }])
    expect(calls()).toEqual(['token', 'lookup', 'lookup'])
  })

  it('names the first identity consistently if the person signed in through a linked one', async () => {
    state.reset({
      users: [
        {
          user_id: 'auth0|1',
          email: 'ann@example.com',
          email_verified: true,
          identities: [
            { provider: 'auth0', user_id: '1', connection: 'Username-Password-Authentication' },
            {
              provider: 'google-oauth2',
              user_id: '2',
              connection: 'google-oauth2',
              profileData: { email: 'ann@example.com', email_verified: true },
            },
          ],
        },
        { user_id: 'github|3', email: 'ann@example.com', email_verified: true },
      ],
    })
    const { asked } = await logIn()
    expect(asked?.claims).toMatchObject({
      sub: 'auth0|1',
      current_identity: {
        user_id: 'auth0|1',
        provider: 'auth0',
        connection: 'Username-Password-Authentication',
      },
      candidate_identities: [{ user_id: 'github|3', stays: 'current' }],
    })
  })
})

describe('logins of a person with a single account', () => {
  it('need one token and one lookup in a hundred', async () => {
    const browser = new TestBrowser()
    const login = await startLogin(tenant)
    const dee = { 'Email address': 'dee@example.com', Password: 'correct horse' }
    await browser.press(await open(browser, login), 'Continue', dee, { stopAt: login.redirectUri })
    for (let count = 1; count < 100; count += 1)
      expect((await open(browser, login)).url.searchParams.has('code')).toBe(true)
    expect(state.actionLogs).toEqual([])
    expect(calls()).toEqual(['token', 'lookup'])
    expect(marksOf('auth0|dee')).toEqual({ looked: { until: expect.any(Number), key: expect.any(String) } })
  })

  it('share one access token between people, even an hour later', async () => {
    for (const email of ['dee@example.com', 'ann@example.com', 'bea@example.com']) {
      await logIn({ connection: 'password', email })
      state.clockOffset += 3_600
    }
    expect(calls()).toEqual(['token', 'lookup', 'lookup', 'lookup'])
  })

  it('look again after as many days as the operator configured', async () => {
    configure({ ACCOUNT_LINKING_MARK_DAYS: '7' })
    await logIn({ connection: 'password', email: 'dee@example.com' })
    const { until } = marksOf('auth0|dee').looked as { until: number }
    expect(until - now()).toBeGreaterThan(7 * 86_400 - 30)
    expect(until - now()).toBeLessThanOrEqual(7 * 86_400)
  })
})

describe('accounts that are never offered', () => {
  it.each<[string, object]>([
    ['unverified', { email_verified: false }],
    ['email_verified is the text "true"', { email_verified: 'true' }],
    ['email_verified is missing', { email_verified: undefined }],
    ['blocked', { blocked: true }],
  ])('%s', async (_what, fields) => {
    change('auth0|ann', fields)
    expect((await logIn()).claims?.sub).toBe(ANN)
    expect(calls()).toEqual(['token', 'lookup'])
  })

  it.each<[string, Record<string, string>]>([
    ['through an untrusted connection', { ACCOUNT_LINKING_TRUSTED_CONNECTIONS: 'google-oauth2' }],
    [
      'through a blocked connection',
      { ACCOUNT_LINKING_BLOCKED_CONNECTIONS: 'Username-Password-Authentication' },
    ],
  ])('%s', async (_what, secrets) => {
    configure(secrets)
    expect((await logIn()).claims?.sub).toBe(ANN)
  })

  it('through an enterprise connection, until the operator lists it as trusted', async () => {
    expect((await logIn({ connection: 'password', email: 'gil@example.com' })).asked).toBeUndefined()
    configure({ ACCOUNT_LINKING_TRUSTED_CONNECTIONS: 'auth0, samlp' })
    expect(candidatesOf(await logIn({ connection: 'password', email: 'gil@example.com' }))).toMatchObject([
      { user_id: 'samlp|acme-saml|gil|grant@acme.example', provider: 'samlp', connection: 'acme-saml' },
    ])
  })

  it('linked already, even if the tenant also finds users by linked addresses', async () => {
    const google = { provider: 'google-oauth2', user_id: '2', connection: 'google-oauth2' }
    state.reset({
      users: [
        {
          user_id: 'auth0|1',
          email: 'ann@example.com',
          email_verified: true,
          identities: [
            { provider: 'auth0', user_id: '1', connection: 'Username-Password-Authentication' },
            { ...google, profileData: { email: 'ann@example.com', email_verified: true } },
          ],
        },
      ],
      options: { answers: { email_matches_linked: true } },
    })
    expect((await logIn()).claims?.sub).toBe('auth0|1')
    expect(calls()).toEqual(['token', 'lookup'])
  })

  it.each([
    ['short', '', 10],
    ['long', 'x'.repeat(160), 6],
  ])('more than ten with %s ids, or than fit into a URL of 4 kB', async (_what, rest, count) => {
    const users = Array.from({ length: 60 }, (_, at) => ({
      user_id: `github|${at}${rest}`,
      email: 'ann@example.com',
      email_verified: true,
    }))
    const ann = { user_id: ANN, email: 'ann@example.com', email_verified: true }
    state.reset({ users: [{ ...ann, created_at: '2020-01-01T00:00:00.000Z' }, ...users] })
    const end = await logIn()
    expect(candidatesOf(end)).toHaveLength(count)
    expect(end.asked?.url.href.length).toBeLessThan(4_096)
  })
})

describe('a login to an organization', () => {
  it('looks for other accounts if the operator turned that on', async () => {
    configure({ ACCOUNT_LINKING_ORGANIZATIONS: 'on' })
    rightsOf(userOf(ANN)).organizations.push({ name: 'acme', roles: [] })
    expect(candidatesOf(await logIn({ parameters: { organization: 'acme' } }))).toHaveLength(1)
  })
})

describe('observe mode', () => {
  it('looks up accounts and logs how many it would offer, but prompts no one', async () => {
    configure({ ACCOUNT_LINKING_MODE: 'observe' })
    expect((await logIn({ email: 'bea@example.com' })).claims?.sub).toBe('google-oauth2|bea-g')
    expect(calls()).toEqual(['token', 'lookup'])
    expect(logs()).toEqual([{ account_linking: 'would_offer', count: '2' }])
    expect(service.healthChecks).toBe(0)
  })
})
