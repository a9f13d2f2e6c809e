import { decodeJwt, type JWTPayload } from 'jose'
import * as client from 'openid-client'
import { beforeEach, describe, expect, it } from 'vitest'
import { scriptAction } from '../support/action/play-actions'
import { TestBrowser } from '../support/browser/browser'
import { complete, open, signInByPassword, signInWithGoogle, startLogin } from '../support/tenant/sign-in'
import { aTenant } from '../support/tenant/tenant'

const tenant = await aTenant()
const { state } = tenant
const ROLES = 'https://example.com/roles'

beforeEach(() => {
  state.reset()
  scriptAction(
    tenant,
    `api.idToken.setCustomClaim('${ROLES}', event.authorization.roles)
    api.idToken.setCustomClaim('https://example.com/organization', event.organization?.display_name ?? null)`,
  )
})

const acme = () => state.brand.organizations[0]?.id ?? ''
const startAt = (organization: string, more: Record<string, string> = {}) =>
  startLogin(tenant, { parameters: { organization, ...more } })

async function claimsOfGoogle(organization: string, email = 'jo@example.com'): Promise<JWTPayload> {
  const login = await startAt(organization)
  return (await complete(login, await signInWithGoogle(new TestBrowser(), login, email))).claims() ?? {}
}

describe('a login to an organization', () => {
  it('names the organization in both tokens and the event, with only the roles of the membership', async () => {
    const jo = state.users.get('google-oauth2|jo-g')
    jo?.rights?.roles.push('editor')
    const login = await startAt(acme())
    const tokens = await complete(login, await signInWithGoogle(new TestBrowser(), login, 'jo@example.com'))
    const organization = { org_id: acme(), org_name: 'acme' }
    expect(tokens.claims()).toMatchObject({
      ...organization,
      sub: 'google-oauth2|jo-g',
      [ROLES]: ['admin'],
      'https://example.com/organization': 'Acme',
    })
    expect(decodeJwt(tokens.access_token)).toMatchObject(organization)
  })

  it('keeps its organization when its tokens are refreshed', async () => {
    const login = await startAt(acme(), { scope: 'openid offline_access' })
    const tokens = await complete(login, await signInWithGoogle(new TestBrowser(), login, 'jo@example.com'))
    const again = await client.refreshTokenGrant(login.configuration, tokens.refresh_token ?? '')
    expect(again.claims()).toMatchObject({ org_id: acme(), [ROLES]: ['admin'] })
  })

  it('is refused to those who are not members, before any Action runs', async () => {
    const login = await startAt(acme())
    const browser = new TestBrowser()
    const { url } = await signInByPassword(browser, login, 'jo@example.com')
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      error: 'access_denied',
      error_description: `user auth0|jo is not part of the ${acme()} organization`,
    })
    expect(state.users.get('auth0|jo')?.logins_count).toBe(5)
    scriptAction(tenant, `api.access.deny('ran')`)
    const again = await startAt(acme())
    const refused = await browser.visit(again.url, { stopAt: again.redirectUri })
    expect(refused.url.searchParams.get('error_description')).toContain('is not part of')
  })

  it('accepts the name of the organization instead of its id, unless the tenant does not allow names', async () => {
    expect(await claimsOfGoogle('acme')).toMatchObject({ org_id: acme(), org_name: 'acme' })
    state.brand.settings.allow_organization_name_in_authentication_api = false
    const claims = await claimsOfGoogle(acme())
    expect([claims.org_id, claims.org_name]).toEqual([acme(), undefined])
    const login = await startAt('acme')
    const { url } = await new TestBrowser().visit(login.url, { stopAt: login.redirectUri })
    expect(url.searchParams.get('error_description')).toBe('parameter organization is invalid: acme')
  })

  it('offers only the connections of the organization, and uses no session of another connection', async () => {
    const [organization] = state.brand.organizations
    if (organization) organization.connections = ['google-oauth2']
    const member = state.users.get('auth0|jo')
    member?.rights?.organizations.push({ name: 'acme', roles: [] })
    const browser = new TestBrowser()
    const plain = await startLogin(tenant)
    await signInByPassword(browser, plain, 'jo@example.com')

    const page = await open(browser, await startAt(acme()))
    expect(page.html.querySelectorAll('button').map(({ text }) => text)).toEqual(['Continue with Google'])
    const login = await startAt(acme(), { connection: 'Username-Password-Authentication' })
    const { url } = await browser.visit(login.url, { stopAt: login.redirectUri })
    expect(url.searchParams.get('error_description')).toContain('not enabled for the organization')
  })
})

describe('the other application', () => {
  it('signs Jo in to Acme with Google, and not with her password', async () => {
    const address = `${tenant.otherOrigin}/login?organization=acme`
    const browser = new TestBrowser()
    const provider = await browser.press(await browser.visit(address), 'Continue with Google')
    const claims = await browser.press(provider, 'jo@example.com')
    expect(claims.html.querySelector('pre')?.text).toContain(acme())
    const other = new TestBrowser()
    const refused = await other.press(await other.visit(address), 'Continue', {
      'Email address': 'jo@example.com',
      Password: 'correct horse',
    })
    expect(refused.html.text).toContain(`user auth0|jo is not part of the ${acme()} organization`)
  })
})

describe('a login without an organization', () => {
  it('has the roles of the account, and no claims of an organization', async () => {
    const login = await startLogin(tenant)
    const tokens = await complete(login, await signInByPassword(new TestBrowser(), login, 'ivo@example.com'))
    expect(tokens.claims()).toMatchObject({ [ROLES]: ['editor'], 'https://example.com/organization': null })
    expect(tokens.claims()).not.toHaveProperty('org_id')
    const ofJo = await startLogin(tenant)
    const visit = await signInWithGoogle(new TestBrowser(), ofJo, 'jo@example.com')
    expect((await complete(ofJo, visit)).claims()).toMatchObject({ [ROLES]: [] })
  })
})
