import { beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { appCookieName, putAppCookie } from '../support/browser/app-cookies'
import { FlowBrowser, fieldsOf, formOf } from '../support/browser/flow-browser'
import { BUTTONS, claimsOf, errorCode, Flow, proveAccount, textOf } from '../support/flow/flow'
import { identitiesOf, methodsOf, noticeOf, PAGE, Settings, withoutScopes } from '../support/flow/settings'

const flow = new Flow(inject('flowDemo'))
const { tenant, demo } = flow
beforeEach(() => tenant.reset())

const atPage = () => new Settings(flow, new FlowBrowser())

/** Ann on the page that asks whether to disconnect her Google account. */
async function annAtPreview() {
  const ann = atPage()
  const page = await ann.connect(await ann.open('ann@example.com'), 'Google', 'ann@example.com')
  const preview = await ann.follow(page, 'Disconnect')
  return { ann, preview, fields: fieldsOf(formOf(preview, 'Disconnect')) }
}
const unlinks = async () => (await tenant.writes()).filter((write) => write.startsWith('unlink'))

describe('a browser without a session', () => {
  it.each([PAGE, `${PAGE}/confirm?flow=0`, `${PAGE}/disconnect?identity=0`, `${PAGE}/wrong-account`])(
    'is led from %s to the sign-in',
    async (path) => {
      const { url } = await new FlowBrowser().visit(`${demo.app}${path}`)
      expect(url.origin + url.pathname).toBe(`${demo.tenant}/u/login`)
    },
  )

  it.each([
    ['sent by a form', false],
    ['called by a script', true],
  ])('can do nothing with a server action %s', async (_how, isCalled) => {
    const { preview, fields } = await annAtPreview()
    const before = (await tenant.calls()).length
    const stranger = new FlowBrowser()
    const action = Object.keys(fields).find((name) => name.startsWith('$ACTION_ID_')) ?? ''
    for (const path of [preview.url.href, `${demo.app}/`, `${demo.app}/settings`]) {
      const answer = await stranger.visit(path, {
        method: 'POST',
        body: fields,
        isMultipart: true,
        ...(isCalled && { headers: { 'next-action': action.replace('$ACTION_ID_', '') } }),
        stopAt: demo.tenant,
      })
      expect(noticeOf(answer)).toBe('')
    }
    expect((await tenant.calls()).length).toBe(before)
  })

  it.each(['forged', 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..a.b.c'])(
    'is led to the sign-in if its session cookie is %s',
    async (value) => {
      const browser = new FlowBrowser()
      await putAppCookie(browser, demo.app, appCookieName(demo.app, 'session'), value)
      expect((await browser.visit(`${demo.app}${PAGE}`)).url.origin).toBe(demo.tenant)
    },
  )
})

describe('a sign-in', () => {
  it.each(['/.//evil.example', 'http:/.//evil.example', '/.//[', '//evil.example', 'https://evil.example'])(
    'with the `returnTo` %s returns to this application',
    async (returnTo) => {
      const { browser } = atPage()
      const login = await browser.visit(`${demo.app}/auth/login?${new URLSearchParams({ returnTo })}`)
      const stopAt = 'http://evil.example'
      const { url } = await proveAccount(browser, login, 'dee@example.com', { stopAt })
      expect(url.origin).toBe(demo.app)
    },
  )
})

describe('a form or a server action call from another site', () => {
  const EVIL = 'https://evil.example'

  it.each([
    ['another site', { origin: EVIL }],
    ['an opaque origin', { origin: 'null' }],
    [
      'a site that forges proxy headers',
      { origin: EVIL, 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
    ],
    ['a site that the browser marks as cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling domain', { 'sec-fetch-site': 'same-site' }],
  ])('from %s is refused', async (_who, headers) => {
    const { ann, preview, fields } = await annAtPreview()
    const before = (await tenant.writes()).length
    const action = Object.keys(fields).find((name) => name.startsWith('$ACTION_ID_')) ?? ''
    const called = { 'next-action': action.replace('$ACTION_ID_', '') }
    for (const all of [{ ...headers }, { ...headers, ...called }]) {
      const refused = await ann.browser.send(preview, 'Disconnect', {}, { headers: all })
      expect([refused.status, errorCode(refused)]).toEqual([400, 'csrf'])
    }
    for (const path of ['connect', 'step-up']) {
      const refused = await ann.browser.visit(`${demo.app}${PAGE}/${path}`, {
        method: 'POST',
        body: { connection: 'github' },
        headers,
      })
      expect([refused.status, errorCode(refused)]).toEqual([400, 'csrf'])
    }
    expect((await tenant.writes()).length).toBe(before)
  })

  it('without Origin is refused', async () => {
    const { ann, preview, fields } = await annAtPreview()
    const body = new FormData()
    for (const [name, value] of Object.entries(fields)) body.append(name, value)
    const headers = { cookie: await ann.browser.jar.getCookieString(demo.app) }
    const response = await fetch(preview.url, { method: 'POST', body, headers, redirect: 'manual' })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('data-error="csrf"')
    expect(await unlinks()).toEqual([])
  })

  it.each([
    ['text', 'text/plain'],
    ['URL-encoded fields', 'application/x-www-form-urlencoded'],
  ])('of our own origin in another encoding (%s) does nothing', async (_how, type) => {
    const { ann, preview, fields } = await annAtPreview()
    const response = await fetch(preview.url, {
      method: 'POST',
      body: type === 'text/plain' ? JSON.stringify(fields) : new URLSearchParams(fields),
      headers: {
        'content-type': type,
        cookie: await ann.browser.jar.getCookieString(demo.app),
        origin: demo.app,
      },
      redirect: 'manual',
    })
    expect(response.status).toBeGreaterThanOrEqual(200)
    expect(await unlinks()).toEqual([])
  })
})

describe('the fields of a form', () => {
  it('cannot choose another account: such fields are ignored', async () => {
    const { ann, preview } = await annAtPreview()
    await ann.browser.send(preview, 'Disconnect', {
      user_id: 'auth0|eve',
      userId: 'auth0|eve',
      primary: 'auth0|eve',
      email: 'eve@example.com',
    })
    expect(await unlinks()).toEqual(['unlink /api/v2/users/auth0|ann/identities/google-oauth2/ann-g'])
    expect((await tenant.calls()).join()).not.toMatch(/\|eve|eve@/)
  })

  it('are refused without harm if they come twice or as a file', async () => {
    const { ann, preview, fields } = await annAtPreview()
    const cookie = await ann.browser.jar.getCookieString(demo.app)
    const twice = new FormData()
    for (const [name, value] of Object.entries(fields)) twice.append(name, value)
    twice.append('identity', fields.identity ?? '')
    const file = new FormData()
    for (const [name, value] of Object.entries({ ...fields, identity: undefined }))
      if (value !== undefined) file.append(name, value)
    file.append('identity', new Blob(['x']), 'x.txt')
    for (const body of [twice, file]) {
      const response = await fetch(preview.url, {
        method: 'POST',
        body,
        headers: { cookie, origin: demo.app },
        redirect: 'manual',
      })
      expect(response.headers.get('location')).toContain('refused=not_linked')
    }
    expect(await unlinks()).toEqual([])
    expect(methodsOf(await ann.view())).toHaveLength(2)
  })
})

describe('the arguments of a server action that a script calls', () => {
  it.each(['[]', '["x"]', '[{"identity":"x"}]', '["$D2020-01-01T00:00:00.000Z"]'])(
    'are refused without harm if they are %s',
    async (body) => {
      const { ann, preview, fields } = await annAtPreview()
      const action = Object.keys(fields).find((name) => name.startsWith('$ACTION_ID_')) ?? ''
      const response = await fetch(preview.url, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'text/plain;charset=UTF-8',
          'next-action': action.replace('$ACTION_ID_', ''),
          cookie: await ann.browser.jar.getCookieString(demo.app),
          origin: demo.app,
        },
        redirect: 'manual',
      })
      expect(response.status).toBeLessThan(400)
      expect(response.headers.get('x-action-redirect')).toContain('refused=not_linked')
      expect(await unlinks()).toEqual([])
    },
  )
})

describe('a session that began before the last link', () => {
  it('of the secondary account sees a page that explains it, and can sign in to the primary', async () => {
    const other = atPage()
    await other.open('ann@example.com', 'Google')
    const { ann } = await annAtPreview()
    expect(methodsOf(await ann.view())).toHaveLength(2)
    const gone = await other.view()
    expect(errorCode(gone)).toBe('not_found')
    expect(textOf(gone)).toContain('is now part of another account of yours')
    // The browser's session at the tenant has ended, too, so the person has to sign in again.
    const login = await other.follow(gone, 'Sign in again')
    const provider = await other.browser.press(login, 'Continue with Google')
    expect(methodsOf(await other.signInAt(provider, 'ann@example.com'))).toHaveLength(2)
  })

  it('of the primary account has to sign in again, too, because it may be another person’s', async () => {
    const other = atPage()
    await other.open('ann@example.com')
    // The tenant counts in seconds, so wait until the link gets a later time than this session.
    await new Promise((resolve) => setTimeout(resolve, 1100))
    const { ann, preview } = await annAtPreview()
    const ended = await other.view()
    expect(errorCode(ended)).toBe('reauth_required')
    expect(textOf(ended)).toContain('have changed since you signed in here')
    // Forms that this older session submits do nothing either.
    await other.browser.send(preview, 'Disconnect')
    expect(await unlinks()).toEqual([])
    // The session that connected the account continues.
    expect(methodsOf(await ann.view())).toHaveLength(2)
  })

  it('ends after a link at login, as well', async () => {
    const other = atPage()
    await other.open('ann@example.com')
    await new Promise((resolve) => setTimeout(resolve, 1100))
    // “Not now” in this session's own login did not end the session.
    expect(methodsOf(await other.view())).toHaveLength(1)
    await tenant.reset()
    const linking = new FlowBrowser()
    const done = await linking.press(await flow.annAtConfirm(linking), BUTTONS.link)
    expect(claimsOf(done).sub).toBe('auth0|ann')
    expect(errorCode(await other.view())).toBe('reauth_required')
  })
})

describe('sessions of the account in other browsers', () => {
  it('end with a link and with an unlink if the operator granted the scopes', async () => {
    const { ann, preview } = await annAtPreview()
    const ending = async () =>
      (await tenant.calls(/\/(sessions|refresh-tokens)/)).filter((call) => call.startsWith('DELETE'))
    const atLink = await ending()
    expect(atLink).toContain('DELETE /api/v2/users/auth0|ann/refresh-tokens 202')
    expect(atLink).toContain('DELETE /api/v2/users/google-oauth2|ann-g/refresh-tokens 202')
    await ann.browser.press(preview, 'Disconnect')
    expect((await ending()).length).toBeGreaterThan(atLink.length)
  })

  it('stay open if the scopes are missing, which the page says', async () => {
    const dee = atPage()
    const page = await dee.open('dee@example.com')
    await withoutScopes(dee, ['read:sessions', 'delete:sessions', 'delete:refresh_tokens'], async () => {
      const confirm = await dee.prove(page, 'Google', 'bea@example.com')
      expect(textOf(confirm)).toContain('Other devices stay signed in for now.')
      expect(noticeOf(await dee.browser.press(confirm, 'Connect'))).toMatch(/^Connected\./)
      expect(await tenant.calls(/(dee|bea-g)\/(sessions|refresh-tokens)/)).toEqual([])
    })
  })

  it('stay open if a scope is missing, which the prompt says, too', async () => {
    const dee = atPage()
    await dee.open('dee@example.com')
    await withoutScopes(dee, ['delete:sessions'], async () => {
      expect(textOf(await flow.annAtPrompt(new FlowBrowser()))).toContain(
        'Other devices stay signed in to the other account',
      )
    })
  })
})

describe('events of the page', () => {
  const received = async (): Promise<{ body: { type: string; data: Record<string, unknown> } }[]> =>
    (await fetch(`${demo.tenant}/_tenant/events`)).json()

  it('report each link, unlink, refusal and decline once, without a full email address', async () => {
    const { ann, preview } = await annAtPreview()
    const page = await ann.browser.press(preview, 'Disconnect')
    await ann.browser.press(page, 'Ask me again').then((back) => ann.browser.press(back, 'Not mine'))
    // The page connects nothing until the account's older sessions have ended.
    await flow.tenant.ended('auth0|ann')
    await ann
      .prove(await ann.view(), 'Google', 'bea@example.com')
      .then((confirm) => ann.browser.press(confirm, 'Cancel'))
    await ann.prove(await ann.view(), 'Email and password', 'ann@example.com')
    await vi.waitFor(async () => expect(await received()).toHaveLength(5), 10_000)
    const events = await received()
    expect(events.map(({ body }) => body.type).sort()).toEqual([
      'account.link_declined',
      'account.link_declined',
      'account.link_refused',
      'account.linked',
      'account.unlinked',
    ])
    const linked = events.find(({ body }) => body.type === 'account.linked')?.body.data
    expect(linked).toMatchObject({
      user_id: 'auth0|ann',
      other_user_id: 'google-oauth2|ann-g',
      way: 'settings',
      client_id: 'demo-app',
    })
    const unlinked = events.find(({ body }) => body.type === 'account.unlinked')?.body.data
    expect(unlinked).toMatchObject({ held_back: ['plan', 'trial'], notice: { subject: expect.any(String) } })
    expect(JSON.stringify(events)).not.toContain('ann@example.com')
  })
})

describe('the built pages', () => {
  it('carry no secret and no server code of the Management API to the browser', async () => {
    const page = await atPage().open('dee@example.com')
    const scripts = page.html
      .querySelectorAll('script[src]')
      .map((script) => script.getAttribute('src') ?? '')
    expect(scripts.length).toBeGreaterThan(0)
    for (const script of scripts) {
      const text = await (await fetch(new URL(script, demo.app))).text()
      for (const [name, value] of Object.entries(demo.env))
        if (/SECRET/.test(name)) expect(text.includes(value)).toBe(false)
      expect(text).not.toContain('/api/v2/')
    }
  })
})

describe('the image optimizer of the framework', () => {
  it.each(['/auth/logout', 'http://127.0.0.1:9/x'])('responds 404 for %s', async (address) => {
    const query = new URLSearchParams({ url: address, w: '64', q: '75' })
    expect((await fetch(`${demo.app}/_next/image?${query}`)).status).toBe(404)
  })
})

describe('/auth/profile', () => {
  it('tells the browser who is signed in, and nothing else about the session', async () => {
    const dee = atPage()
    await dee.open('dee@example.com')
    const { html } = await dee.browser.visit(`${demo.app}/auth/profile`)
    expect(Object.keys(JSON.parse(html.text)).sort()).toEqual([
      'email',
      'email_verified',
      'name',
      'nickname',
      'sub',
    ])
  })
})

describe('the number of API calls', () => {
  it('is one for a view if the suggestions were looked up in the last ten minutes', async () => {
    const dee = atPage()
    await dee.open('dee@example.com')
    const ofDee = () => tenant.calls(/dee$/)
    const before = (await ofDee()).length
    await dee.view()
    expect((await ofDee()).slice(before)).toEqual(['GET /api/v2/users/auth0|dee 200'])
    expect(await identitiesOf(flow, 'auth0|dee')).toEqual(['auth0|dee'])
  })
})
