import { createHash, randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, claimsOf, errorCode, Flow, proveAccount } from '../support/flow/flow'

const flow = new Flow(inject('flowDemo'))
const { tenant, demo } = flow
beforeEach(() => tenant.reset())

describe('a login without interaction', () => {
  it('with prompt=none never gets the prompt to link, with a session or without', async () => {
    const browser = new FlowBrowser()
    const query = { prompt: 'none' }
    const without = await flow.signIn(browser, 'ann@example.com', { query })
    expect(claimsOf(without)).toMatchObject({ error: 'login_required' })

    await tenant.faults({ match: { path: 'users-by-email' }, effect: { status: 403 } })
    await flow.signIn(browser, 'ann@example.com', { with: 'google-oauth2' })
    await tenant.mend()
    const before = (await tenant.calls()).length
    const silent = await flow.signIn(browser, 'ann@example.com', { query })
    expect(claimsOf(silent).sub).toBe('google-oauth2|ann-g')
    expect((await tenant.calls()).slice(before)).toEqual([])
    // A login with interaction in the same session gets the prompt to link.
    const asked = await flow.signIn(browser, 'ann@example.com')
    expect(asked.url.pathname).toBe('/link/prompt')
  })

  it('that exchanges a refresh token gets its tokens and costs no API call', async () => {
    await tenant.faults({ match: { path: 'users-by-email' }, effect: { status: 403 } })
    const verifier = randomBytes(32).toString('base64url')
    const redirect_uri = `${demo.app}/auth/callback`
    const url = new URL('/authorize', demo.tenant)
    url.search = new URLSearchParams({
      client_id: 'demo-spa',
      response_type: 'code',
      redirect_uri,
      scope: 'openid offline_access',
      connection: 'google-oauth2',
      state: 'state',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    }).toString()
    const browser = new FlowBrowser()
    const options = { stopAt: redirect_uri }
    const end = await proveAccount(browser, await browser.visit(url, options), 'ann@example.com', options)
    await tenant.mend()

    const token = async (grant: Record<string, string>) => {
      const body = new URLSearchParams({ client_id: 'demo-spa', ...grant })
      const response = await fetch(`${demo.tenant}/oauth/token`, { method: 'POST', body })
      return { status: response.status, body: await response.json() }
    }
    const code = end.url.searchParams.get('code') ?? ''
    const first = await token({
      grant_type: 'authorization_code',
      code,
      redirect_uri,
      code_verifier: verifier,
    })
    const before = (await tenant.calls()).length
    const refreshed = await token({ grant_type: 'refresh_token', refresh_token: first.body.refresh_token })
    expect([refreshed.status, typeof refreshed.body.access_token]).toEqual([200, 'string'])
    expect((await tenant.calls()).slice(before)).toEqual([])
  })
})

describe('an application whose callback has a custom URL scheme', () => {
  const CALLBACK = 'com.example.demo://callback'
  const native = { with: 'google-oauth2', query: { callback: 'native' } }

  it('is reached after a link', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'ann@example.com', native)
    const end = await browser.press(await flow.prove(browser, prompt, 'ann@example.com'), BUTTONS.link)
    expect(end.url.href).toMatch(new RegExp(`^${CALLBACK}\\?code=`))
    expect(await tenant.writes()).toContain('link /api/v2/users/auth0|ann/identities')
  })

  it('is reached after a decline', async () => {
    const browser = new FlowBrowser()
    const end = await browser.press(await flow.signIn(browser, 'ann@example.com', native), BUTTONS.notNow)
    expect(end.url.href).toMatch(new RegExp(`^${CALLBACK}\\?code=`))
  })

  it('is reached after a failure', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'ann@example.com', native)
    const page = await flow.prove(browser, prompt, 'dee@example.com')
    expect(errorCode(page)).toBe('wrong_account')
    const end = await browser.press(page, BUTTONS.goOn)
    expect(end.url.href).toMatch(new RegExp(`^${CALLBACK}\\?code=`))
  })

  it('is allowed by the policy of every page with a form that leads there', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'ann@example.com', native)
    const confirm = await flow.prove(browser, prompt, 'ann@example.com')
    for (const { headers } of [prompt, confirm])
      expect(headers.get('content-security-policy')).not.toContain('form-action')
  })
})
