import { execFileSync } from 'node:child_process'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, Flow } from '../support/flow/flow'
import { commandsIn } from '../support/operator/documented-commands'

const flow = new Flow(inject('flowDemo'))
const { tenant, demo } = flow
beforeEach(() => tenant.reset())

const API = `${demo.app}/api/sign-in-methods`

/** An access token for the API, as an application of the tenant receives it. Signs in with the demo's password. */
async function accessToken(username: string, scope = 'openid read:sign_in_methods'): Promise<string> {
  const response = await fetch(`${demo.tenant}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      grant_type: 'password',
      client_id: demo.env.AUTH0_CLIENT_ID,
      client_secret: demo.env.AUTH0_CLIENT_SECRET,
      audience: `${demo.app}/api`,
      ...{ username, password: 'correct horse', scope },
    }),
  })
  return (await response.json()).access_token
}
const ask = (token: string | undefined, init: RequestInit = {}) =>
  fetch(API, {
    ...init,
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...init.headers },
  })

describe('GET /api/sign-in-methods', () => {
  it('lists what a person linked at a login, for an application with their token', async () => {
    const before = Math.floor(Date.now() / 1000)
    const browser = new FlowBrowser()
    await browser.press(await flow.annAtConfirm(browser), BUTTONS.link)
    const response = await ask(await accessToken('ann@example.com'))
    const { methods, manage_url } = await response.json()
    expect(methods).toMatchObject([
      { provider: 'auth0', connection: 'Username-Password-Authentication', primary: true, linked_at: null },
      { provider: 'google-oauth2', connection: 'google-oauth2', label: 'Google', primary: false },
    ])
    expect(Date.parse(methods[1].linked_at) / 1000).toBeGreaterThanOrEqual(before)
    expect(manage_url).toBe(`${demo.app}/settings/connected-accounts`)
  })

  it('responds to the command of docs/reference/in-your-apps.md', async () => {
    const [command = ''] = commandsIn('docs/reference/in-your-apps.md', 'curl APP/api/sign-in-methods')
    const typed = command
      .replace('curl', `curl -s --cacert ${demo.ca}`)
      .replace('APP', demo.app)
      .replace('TOKEN', await accessToken('dee@example.com'))
    const { methods } = JSON.parse(execFileSync('sh', ['-c', typed], { encoding: 'utf8' }))
    expect(methods).toMatchObject([{ provider: 'auth0', primary: true }])
  })

  it('responds to a missing or wrong token and to a missing scope as RFC 6750 says', async () => {
    const answers = [
      await ask(undefined),
      await ask('x.y.z'),
      await ask(await accessToken('ann@example.com', 'openid')),
    ]
    expect(
      await Promise.all(
        answers.map(async (answer) => [
          answer.status,
          (await answer.json()).error,
          answer.headers.get('www-authenticate'),
        ]),
      ),
    ).toEqual([
      [401, 'missing_token', 'Bearer'],
      [401, 'invalid_token', 'Bearer error="invalid_token"'],
      [403, 'insufficient_scope', 'Bearer error="insufficient_scope", scope="read:sign_in_methods"'],
    ])
  })

  it.each([
    ['', 'GET', 401],
    ['', 'OPTIONS', 204],
    ['', 'HEAD', 405],
    ['', 'POST', 405],
    ['', 'DELETE', 405],
    ['/', 'GET', 401],
    ['?access_token=x', 'GET', 401],
  ])(
    'is not changed by the middleware, and allows scripts of every origin: %s %s',
    async (rest, method, status) => {
      const answer = await fetch(API + rest, {
        method,
        redirect: 'manual',
        headers: { origin: 'https://app.example', cookie: '__Host-session=x; access_token=y' },
      })
      expect(answer.status).toBe(status)
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-allow-headers': 'authorization',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      })
      for (const name of [
        'set-cookie',
        'access-control-allow-credentials',
        'content-security-policy',
        'location',
      ])
        expect(answer.headers.get(name)).toBeNull()
      expect(answer.headers.get('vary')?.toLowerCase()).toContain('authorization, accept-language')
    },
  )
})
