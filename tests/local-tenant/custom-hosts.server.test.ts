import { beforeEach, describe, expect, it } from 'vitest'
import { playActions, SEND_WITH_TOKEN, scriptAction, TAKE_ANSWER } from '../support/action/play-actions'
import { TestBrowser } from '../support/browser/browser'
import { callDomain } from '../support/tenant/management'
import { complete, open, signInByPassword, startLogin } from '../support/tenant/sign-in'
import { answerToken, resume, suspend } from '../support/tenant/suspended-login'
import { aTenant } from '../support/tenant/tenant'

const tenant = await aTenant()
const { state } = tenant
/** The same tenant at its further custom domain. */
const further = { ...tenant, loginOrigin: tenant.loginOrigin.replace('localhost', '127.0.0.1') }
const BOTH = [
  ['the login domain', tenant],
  ['a custom host', further],
] as const

beforeEach(() => {
  state.reset({ options: { custom_hosts: ['127.0.0.1'] } })
  playActions(tenant, [])
})

describe('the option custom_hosts', () => {
  it.each(BOTH)('lets users sign in at %s under a separate issuer', async (_name, at) => {
    const login = await startLogin(at)
    const tokens = await complete(login, await signInByPassword(new TestBrowser(), login, 'ann@example.com'))
    expect(tokens.claims()?.iss).toBe(`${at.loginOrigin}/`)
  })

  it('keeps the sessions of the domains apart', async () => {
    const browser = new TestBrowser()
    await signInByPassword(browser, await startLogin(further), 'ann@example.com')
    const pathAt = async (at: typeof tenant) => (await open(browser, await startLogin(at))).url.pathname
    expect([await pathAt(further), await pathAt(tenant)]).toEqual(['/auth/callback', '/u/login'])
  })

  it.each(BOTH)('shows %s to Actions and names it in their tokens', async (_name, at) => {
    state.changeOptions({ answers: { encode_token_iss: 'login' } })
    scriptAction(tenant, `console.log(event.request.hostname);${SEND_WITH_TOKEN}`)
    const { host } = new URL(at.loginOrigin)
    expect((await suspend(at, new TestBrowser())).claims.iss).toBe(host)
    expect(state.actionLogs.map(({ line }) => line)).toContain(host)
  })

  it('resumes a login only at the domain that it began at', async () => {
    scriptAction(tenant, SEND_WITH_TOKEN, TAKE_ANSWER)
    const browser = new TestBrowser()
    const suspended = await suspend(further, browser)
    const token = await answerToken(tenant, suspended)
    expect((await resume(tenant, browser, suspended, token)).status).toBe(400)
    expect((await resume(further, browser, suspended, token)).url.pathname).toBe('/auth/callback')
  })

  it('makes link_with refuse an ID token of one domain with an access token of another', async () => {
    const login = await startLogin(further, { clientId: 'linking' })
    const visit = await signInByPassword(new TestBrowser(), login, 'dee@example.com')
    const linkWith = (await complete(login, visit)).id_token
    const now = Math.floor(Date.now() / 1000)
    const claims = { aud: `${tenant.canonicalOrigin}/api/v2/`, azp: 'linking', scope: 'update:users' }
    const statusBeside = async (iss: string) => {
      const token = await state.signer.sign({ ...claims, iss, iat: now, exp: now + 60 })
      const { status } = await callDomain(tenant, tenant.canonicalOrigin, {
        method: 'POST',
        path: '/api/v2/users/auth0%7Cann/identities',
        headers: { authorization: `Bearer ${token}` },
        body: { link_with: linkWith },
      })
      return status
    }
    expect(await statusBeside(`${tenant.loginOrigin}/`)).toBe(400)
    expect(await statusBeside(`${further.loginOrigin}/`)).toBe(201)
  })
})

describe('the option authorization_response_iss_parameter_supported', () => {
  it.each(BOTH)('adds the issuer to responses at %s', async (_name, at) => {
    state.changeOptions({ authorization_response_iss_parameter_supported: true })
    const login = await startLogin(at)
    expect(login.configuration.serverMetadata().authorization_response_iss_parameter_supported).toBe(true)
    const visit = await signInByPassword(new TestBrowser(), login, 'ann@example.com')
    expect(visit.url.searchParams.get('iss')).toBe(`${at.loginOrigin}/`)
    expect((await complete(login, visit)).claims()?.sub).toBe('auth0|ann')
  })

  it('is off by default', async () => {
    const login = await startLogin(tenant)
    const visit = await signInByPassword(new TestBrowser(), login, 'ann@example.com')
    expect(visit.url.searchParams.has('iss')).toBe(false)
  })
})
