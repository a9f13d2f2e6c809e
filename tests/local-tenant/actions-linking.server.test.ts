import { beforeEach, describe, expect, it } from 'vitest'
import { linkUser } from '@/local-tenant/management/link-users'
import { playActions } from '../support/action/play-actions'
import { TestBrowser } from '../support/browser/browser'
import { complete, open, signInByPassword, signInWithGoogle, startLogin } from '../support/tenant/sign-in'
import { answerToken, resume, suspend } from '../support/tenant/suspended-login'
import { aTenant } from '../support/tenant/tenant'

const tenant = await aTenant()
const { state } = tenant

beforeEach(() => state.reset())

describe('an Action that links', () => {
  it.each(['link-with-sdk', 'link-with-legacy-sdk'])(
    'ends the login as the other user: %s',
    async (action) => {
      playActions(tenant, [action])
      const browser = new TestBrowser()
      const suspended = await suspend(tenant, browser)
      expect(suspended.claims).toMatchObject({ sub: 'google-oauth2|ann-g', others: ['auth0|ann'] })

      const token = await answerToken(tenant, suspended, { primary: 'auth0|ann' })
      const tokens = await complete(suspended.login, await resume(tenant, browser, suspended, token))
      expect(tokens.claims()?.sub).toBe('auth0|ann')
      expect(state.users.get('auth0|ann')?.identities.map(({ provider }) => provider)).toEqual([
        'auth0',
        'google-oauth2',
      ])
      expect(state.users.has('google-oauth2|ann-g')).toBe(false)
    },
  )

  it('gives the browser a session of the user that the login ended with', async () => {
    playActions(tenant, ['link-with-sdk'])
    const browser = new TestBrowser()
    const suspended = await suspend(tenant, browser)
    await resume(tenant, browser, suspended, await answerToken(tenant, suspended, { primary: 'auth0|ann' }))
    const again = await startLogin(tenant, { parameters: { prompt: 'none' } })
    const tokens = await complete(again, await open(browser, again))
    expect(tokens.claims()?.sub).toBe('auth0|ann')
  })

  it('leaves no session of the linked account if it signed in while the login was suspended', async () => {
    playActions(tenant, ['link-with-sdk'])
    const browser = new TestBrowser()
    const login = await startLogin(tenant)
    const service = 'http://localhost:3000/link'
    const { url } = await signInByPassword(browser, { ...login, redirectUri: service }, 'ann@example.com')
    const nested = await startLogin(tenant, {
      clientId: 'linking',
      parameters: { prompt: 'login', connection: 'google-oauth2' },
    })
    await complete(nested, await signInWithGoogle(browser, nested, 'ann@example.com'))
    const ann = state.users.get('auth0|ann')
    if (ann) linkUser(state, ann, { provider: 'google-oauth2', user_id: 'ann-g' })
    const suspended = { login, url, claims: { sub: 'auth0|ann' }, state: url.searchParams.get('state') ?? '' }
    playActions(tenant, ['scripted'])
    await resume(tenant, browser, suspended, 'any')
    const again = await startLogin(tenant, { parameters: { prompt: 'none' } })
    expect((await complete(again, await open(browser, again))).claims()?.sub).toBe('auth0|ann')
  })

  it('may switch the primary user before it links', async () => {
    playActions(tenant, ['link-with-sdk'], { SWITCH_FIRST: 'yes' })
    const browser = new TestBrowser()
    const suspended = await suspend(tenant, browser)
    const token = await answerToken(tenant, suspended, { primary: 'auth0|ann' })
    const tokens = await complete(suspended.login, await resume(tenant, browser, suspended, token))
    expect(tokens.claims()?.sub).toBe('auth0|ann')
  })

  it('may not switch before it links if the tenant checks the switch during the call', async () => {
    playActions(tenant, ['link-with-sdk'], { SWITCH_FIRST: 'yes' })
    state.changeOptions({ answers: { switch_checked: 'call' } })
    const browser = new TestBrowser()
    const suspended = await suspend(tenant, browser)
    const token = await answerToken(tenant, suspended, { primary: 'auth0|ann' })
    await expect(
      complete(suspended.login, await resume(tenant, browser, suspended, token)),
    ).rejects.toMatchObject({ error: 'access_denied' })
  })

  it('may switch after it links if the tenant checks the switch during the call', async () => {
    playActions(tenant, ['link-with-sdk'])
    state.changeOptions({ answers: { switch_checked: 'call' } })
    const browser = new TestBrowser()
    const suspended = await suspend(tenant, browser)
    const token = await answerToken(tenant, suspended, { primary: 'auth0|ann' })
    const tokens = await complete(suspended.login, await resume(tenant, browser, suspended, token))
    expect(tokens.claims()?.sub).toBe('auth0|ann')
  })

  it('fails the login if it links the user into another one and does not switch', async () => {
    playActions(tenant, ['link-with-sdk'], { NO_SWITCH: 'yes' })
    const browser = new TestBrowser()
    const suspended = await suspend(tenant, browser)
    const token = await answerToken(tenant, suspended, { primary: 'auth0|ann' })
    await expect(
      complete(suspended.login, await resume(tenant, browser, suspended, token)),
    ).rejects.toMatchObject({
      error: 'access_denied',
      error_description: 'Unable to construct login user',
    })
  })
})
