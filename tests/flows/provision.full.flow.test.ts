import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Finding } from '@/operator/doctor/catalogue'
import { startApp } from '../../scripts/lib/app-process.mjs'
import type { Demo } from '../../scripts/lib/demo-world.mjs'
import { FlowBrowser } from '../support/browser/flow-browser'
import { trust } from '../support/browser/trust'
import { startFlowDemo } from '../support/flow/demo'
import { BUTTONS, claimsOf, Flow } from '../support/flow/flow'
import { DOCTOR_SCOPES, OPERATOR_SCOPES, Operator } from '../support/operator/operator'
import { actionFixture } from '../support/tenant/tenant'

const WITH_GOOGLE = { with: 'google-oauth2' }
const OTHER_ACTION = 'https://example.com/second'

let demo: Demo
let flow: Flow
let operator: Operator
let before: unknown

/**
 * Runs `provision apply` for a tenant that has nothing for linking yet, then starts the application with the settings that
 * the command wrote.
 */
const start: typeof startApp = async (options) => {
  const { env } = options
  const loginOrigin = env.AUTH0_DOMAIN ?? ''
  if (!operator) {
    // The demo trusts this authority only after its start, which waits for this function.
    trust(env.NODE_EXTRA_CA_CERTS ?? '')
    const grant = { management_scopes: { 'linking-m2m': [...OPERATOR_SCOPES, ...DOCTOR_SCOPES] } }
    await post(`${loginOrigin}/_tenant/options`, grant)
    before = await configuration(loginOrigin)
    operator = new Operator(
      {
        loginOrigin,
        canonicalOrigin: env.AUTH0_MANAGEMENT_DOMAIN ?? '',
        caFile: env.NODE_EXTRA_CA_CERTS ?? '',
      },
      {
        APP_BASE_URL: env.APP_BASE_URL ?? '',
        // The doctor warns of each kind of rights for which the operator has set no option.
        ...{ ROLES: 'carry', PERMISSIONS: 'carry', MEMBERSHIPS: 'carry', FACTORS: 'drop' },
        AUTH0_PROVISION_CLIENT_ID: 'linking-m2m',
        AUTH0_PROVISION_CLIENT_SECRET: env.MANAGEMENT_API_CLIENT_SECRET ?? '',
      },
    )
    const { status, output } = await operator.run('apply', '--yes')
    if (status !== 0) throw new Error(output)
  }
  return startApp({ ...options, env: { ...env, ...operator.env() } })
}

beforeAll(async () => {
  demo = await startFlowDemo({ actions: [actionFixture('second')], start })
  flow = new Flow(demo)
})
afterAll(async () => {
  await demo.close()
  operator.close()
})

async function post(url: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
}

/** A token for the Management API. */
async function tokenWith(tenant: string, scope: string): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const audience = `${tenant}/api/v2/`
  const claims = { iss: `${tenant}/`, sub: 'a@clients', aud: audience, scope, iat: now, exp: now + 60 }
  const { token } = await (await post(`${tenant}/_tenant/mint`, { claims, key: 'tenant' })).json()
  return token
}

/** Changes an application of the tenant, as an administrator does by hand. */
async function changeClient(id: string, change: object): Promise<void> {
  await fetch(`${demo.tenant}/api/v2/clients/${id}`, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${await tokenWith(demo.tenant, 'update:clients')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(change),
  })
}

/** Everything in the tenant that the command may change, as the Management API returns it. */
async function configuration(tenant: string): Promise<unknown> {
  const audience = `${tenant}/api/v2/`
  const scope = 'read:clients read:client_grants read:connections read:actions'
  const token = await tokenWith(tenant, scope)
  const paths = [
    'clients',
    'client-grants',
    'connections',
    'actions/actions',
    'actions/triggers/post-login/bindings',
  ]
  return Promise.all(
    paths.map(async (path) => {
      const answer = await fetch(`${audience}${path}`, { headers: { authorization: `Bearer ${token}` } })
      return answer.json()
    }),
  )
}

/** The tests run in order: each one begins with the state that the previous one left. */
describe('a tenant that `provision apply` has set up', () => {
  it('shows the prompt at the next login and links; the Action that was there before still runs', async () => {
    const browser = new FlowBrowser()
    const done = await browser.press(await flow.annAtConfirm(browser), BUTTONS.link)
    expect(claimsOf(done)).toMatchObject({ sub: 'auth0|ann' })
    const other = claimsOf(await flow.signIn(new FlowBrowser(), 'dee@example.com'))
    expect(other).toHaveProperty([OTHER_ACTION, 'user_id'], 'auth0|dee')
    const page = new FlowBrowser()
    const login = await page.visit(`${demo.app}/auth/login?returnTo=/settings/connected-accounts`)
    expect(login.url.origin).toBe(demo.tenant)
  })

  it('passes all checks of the doctor, which then names what the test breaks, and prints no secret', async () => {
    const well = await operator.examine()
    expect([well.status, well.output]).toEqual([0, expect.stringContaining('0 errors, 0 warnings')])
    expect(well.output).not.toContain('not_checked')

    const login = await operator.examine('--user', 'Eve@Example.com')
    expect(login.output).toContain('Is an account offered? Yes: auth0|eve.')
    expect(login.output.toLowerCase()).not.toContain('eve@example.com')

    const [env, { SESSION_TOKEN_SHARED_SECRET: secret = '', LINKING_CLIENT_ID: proof = '' }] = [
      operator.read('.env.local'),
      operator.env(),
    ]
    operator.write('.env.local', env.replace(secret, 'another-secret-of-at-least-32-bytes'))
    await changeClient(proof, { callbacks: [], client_metadata: { account_linking: null } })
    const ill = await operator.examine('--json')
    const codes = JSON.parse(ill.output).findings.flatMap(({ code, severity }: Finding) =>
      severity === 'error' ? [code] : [],
    )
    expect([ill.status, codes]).toEqual([
      2,
      ['callback_missing', 'linking_client_unmarked', 'action_secret_differs', 'service_secret_differs'],
    ])
    expect(operator.printed).not.toContain(secret)
    expect(ill.output).not.toContain('another-secret')
    operator.write('.env.local', env)
    const callbacks = ['/link/callback', '/settings/connected-accounts/callback'].map(
      (path) => demo.app + path,
    )
    await changeClient(proof, { callbacks, client_metadata: { account_linking: 'true' } })
    expect((await operator.examine()).status).toBe(0)
  })

  it('keeps a login working while `rotate` replaces the shared secret, and later logins link', async () => {
    const secretOf = () => operator.env().SESSION_TOKEN_SHARED_SECRET
    const underWay = new FlowBrowser()
    const held = await flow.signIn(underWay, 'bea@example.com', WITH_GOOGLE)
    const old = secretOf()

    expect((await operator.run('rotate', '--yes')).output).toContain('Deploy the service with both secrets')
    expect(operator.env().SESSION_TOKEN_SHARED_SECRET_PREVIOUS).toBe(old)
    const early = await operator.run('rotate', '--yes')
    expect([early.status, early.output]).toEqual([1, expect.stringContaining('service_not_ready')])
    expect((await operator.run('plan')).output).toContain('Nothing to do.')
    await demo.crashApp()

    // An earlier test linked her accounts.
    await flow.tenant.administer('DELETE', 'auth0|ann', undefined, '/identities/google-oauth2/ann-g')
    const between = new FlowBrowser()
    const confirm = await flow.prove(
      between,
      await flow.signIn(between, 'ann@example.com', WITH_GOOGLE),
      'ann@example.com',
    )
    expect(claimsOf(await between.press(confirm, BUTTONS.link)).sub).toBe('auth0|ann')

    expect((await operator.run('rotate', '--yes')).output).toContain('Run rotate again in an hour')
    const proven = await flow.prove(underWay, held, 'bea@example.com')
    expect(claimsOf(await underWay.press(proven, BUTTONS.link)).sub).toBe('google-oauth2|bea-g')
    // The Action ignored her response token, signed with the old secret, so the next login shows the prompt again.
    const again = await flow.signIn(new FlowBrowser(), 'bea@example.com', WITH_GOOGLE)
    expect(again.url.pathname).toBe('/link/prompt')
    const next = new FlowBrowser()
    const asked = await flow.signIn(next, 'Eve@Example.com', WITH_GOOGLE)
    const linked = await flow.prove(next, asked, 'eve@example.com')
    expect(claimsOf(await next.press(linked, BUTTONS.link)).sub).toBe('auth0|eve')

    const waiting = await operator.run('rotate', '--yes')
    expect([waiting.status, waiting.output]).toEqual([1, expect.stringContaining('rotation_waiting')])
    const file = `.account-linking/localhost_${new URL(demo.tls).port}.json`
    const journal = JSON.parse(operator.read(file))
    operator.write(
      file,
      JSON.stringify({ ...journal, rotatedAt: new Date(Date.now() - 3_601_000).toISOString() }),
    )
    expect((await operator.run('rotate', '--yes')).output).toContain('The old secret is removed')
    expect(operator.env().SESSION_TOKEN_SHARED_SECRET_PREVIOUS).toBeUndefined()
    expect(secretOf()).not.toBe(old)
    expect(operator.printed).not.toContain(old)
  })

  it('is as before after `rollback`, except for the rotated secret, and shows no prompt', async () => {
    const { status, output } = await operator.run('rollback', '--yes')
    expect([status, output]).toEqual([
      0,
      expect.stringContaining('SESSION_TOKEN_SHARED_SECRET in .env.local has changed since'),
    ])
    expect(Object.keys(operator.env())).toEqual(['SESSION_TOKEN_SHARED_SECRET'])
    expect(await configuration(demo.tenant)).toEqual(before)
    const done = await flow.signIn(new FlowBrowser(), 'bea@example.com', WITH_GOOGLE)
    expect(claimsOf(done)).toHaveProperty([OTHER_ACTION])
  })
})
