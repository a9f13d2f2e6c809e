import { beforeEach, describe, expect, it } from 'vitest'
import { playActions, scriptAction } from '../support/action/play-actions'
import { TestBrowser } from '../support/browser/browser'
import { complete, signInByPassword, startLogin } from '../support/tenant/sign-in'
import { aTenant } from '../support/tenant/tenant'

const tenant = await aTenant()
const { state } = tenant
const FIRST = 'https://example.com/first'

beforeEach(() => state.reset())

async function signIn(email: string, parameters: Record<string, string> = {}) {
  const login = await startLogin(tenant, { parameters })
  const browser = new TestBrowser()
  return { login, browser, visit: await signInByPassword(browser, login, email) }
}

const methodsOf = (id: string) => state.users.get(id)?.rights?.authentication_methods.map(({ type }) => type)

describe('an Action that asks to enroll', () => {
  it('waits for the factor, which counts as proven, before later Actions run', async () => {
    playActions(tenant, ['scripted', 'second'], {
      EXECUTE: `api.authentication.enrollWithAny([{ type: 'otp' }, { type: 'phone' }])
        api.idToken.setCustomClaim('${FIRST}', event.user.user_id)`,
    })
    const { login, browser, visit } = await signIn('dee@example.com')
    expect(visit.url.pathname).toBe('/u/mfa-enroll')
    expect(visit.html.querySelectorAll('button').map(({ text }) => text)).toEqual(['Add otp', 'Add phone'])
    expect(methodsOf('auth0|dee')).toEqual([])
    const last = await browser.press(visit, 'Add phone', {}, { stopAt: login.redirectUri })
    expect(methodsOf('auth0|dee')).toEqual(['phone'])
    const claims = (await complete(login, last)).claims()
    expect(claims).toMatchObject({
      sub: 'auth0|dee',
      amr: ['mfa'],
      [FIRST]: 'auth0|dee',
      'https://example.com/second': { methods: ['pwd', 'mfa'] },
    })
    const again = await browser.visit(visit.url)
    expect(again.status).toBe(400)
  })

  it('does not offer factors that the user has, and fails the login if none is left', async () => {
    scriptAction(
      tenant,
      `api.authentication.enrollWith({ type: 'otp' }, { additionalFactors: [{ type: 'email' }, { type: 'no' }] })`,
    )
    const { visit } = await signIn('fay@example.com')
    expect(visit.html.querySelectorAll('button').map(({ text }) => text)).toEqual(['Add email'])
    scriptAction(tenant, `api.authentication.enrollWithAny([{ type: 'otp' }])`)
    const { url } = (await signIn('fay@example.com')).visit
    expect(url.searchParams.get('error')).toBe('access_denied')
  })

  it('fails a login with prompt=none', async () => {
    const { browser } = await signIn('dee@example.com')
    scriptAction(tenant, `api.authentication.enrollWithAny([{ type: 'otp' }])`)
    const silent = await startLogin(tenant, { parameters: { prompt: 'none' } })
    const { url } = await browser.visit(silent.url, { stopAt: silent.redirectUri })
    expect(url.searchParams.get('error')).toBe('interaction_required')
  })
})
