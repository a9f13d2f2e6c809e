import { beforeEach, describe, expect, inject, it } from 'vitest'
import { appCookies, putAppCookie } from '../support/browser/app-cookies'
import type { Visit } from '../support/browser/browser'
import { FlowBrowser, fieldsOf, formOf } from '../support/browser/flow-browser'
import { BUTTONS, claimsOf, errorCode, Flow, type SignInWay } from '../support/flow/flow'

const flow = new Flow(inject('flowDemo'))
const { tenant, demo } = flow
beforeEach(() => tenant.reset())

const flowCookies = (browser: FlowBrowser) => appCookies(browser, demo.app, 'link_')
const handleOf = ({ url }: Visit) => url.searchParams.get('flow') ?? ''

describe('a step without its flow', () => {
  it.each([
    ['GET', '/link/prompt'],
    ['GET', '/link/prompt?flow=0123456789abcdef'],
    ['GET', '/link/prompt?flow=../../etc'],
    ['GET', '/link/confirm?flow=0123456789abcdef'],
    ['GET', '/link/wrong-account?flow=0123456789abcdef'],
    ['GET', '/link/callback?code=c&state=0123456789abcdef.s'],
    ['POST', '/link/authenticate'],
    ['POST', '/link/finish'],
  ] as const)('B04 %s %s is refused', async (method, path) => {
    const page = await new FlowBrowser().visit(`${demo.app}${path}`, {
      method,
      ...(method === 'POST' && { body: { flow: '0123456789abcdef', csrf: 'x', candidate: '0' } }),
    })
    expect([page.status, errorCode(page)]).toEqual([400, 'no_flow'])
    expect(await tenant.calls(/./)).toEqual([])
  })
})

describe('B05 a flow’s cookie', () => {
  it.each<[string, (value: string) => string]>([
    ['at random', () => 'x'.repeat(200)],
    ['cut short', (value) => value.slice(0, -10)],
    [
      'with one bit changed',
      (value) => value.slice(0, -2) + (value.at(-2) === 'A' ? 'B' : 'A') + value.slice(-1),
    ],
    ['as plain JSON', () => encodeURIComponent(JSON.stringify({ sub: 'auth0|ann' }))],
  ])('%s opens nothing, and is deleted', async (_what, change) => {
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    const [cookie] = await flowCookies(browser)
    await putAppCookie(browser, demo.app, cookie?.key ?? '', change(cookie?.value ?? ''))
    expect(errorCode(await browser.visit(prompt.url))).toBe('no_flow')
    expect(await flowCookies(browser)).toEqual([])
  })

  it('of another flow opens nothing', async () => {
    const one = new FlowBrowser()
    const prompt = await flow.annAtPrompt(one)
    const other = new FlowBrowser()
    await flow.annAtPrompt(other)
    const [mine] = await flowCookies(one)
    const [theirs] = await flowCookies(other)
    await putAppCookie(one, demo.app, mine?.key ?? '', theirs?.value ?? '')
    expect(errorCode(await one.visit(prompt.url))).toBe('no_flow')
  })

  it('B17 that a request contains twice is not trusted', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    const [cookie] = await flowCookies(browser)
    const twice = `${cookie?.cookieString()}; ${cookie?.key}=evil`
    const response = await fetch(prompt.url, { headers: { cookie: twice } })
    expect(response.status).toBe(400)
  })

  it('B07 copied to another browser is refused once the first has finished', async () => {
    const browser = new FlowBrowser()
    const confirm = await flow.annAtConfirm(browser)
    const thief = new FlowBrowser()
    for (const cookie of await flowCookies(browser))
      await putAppCookie(thief, demo.app, cookie.key, cookie.value)
    await browser.press(confirm, BUTTONS.link)
    expect(errorCode(await thief.press(confirm, BUTTONS.link))).toBe('already_used')
    expect((await tenant.writes()).filter((write) => write.startsWith('link'))).toHaveLength(1)
  })
})

describe('a form that another site sends', () => {
  const ORIGINS: [string, Record<string, string>][] = [
    ['B08 of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['B09 without a name', { origin: 'null' }],
    ['B09 of a host that begins alike', { origin: `${demo.app}.evil.test` }],
    ['B09 of the tenant', { origin: demo.tenant, 'sec-fetch-site': 'same-site' }],
    ['B09 ours, but fetched from elsewhere', { origin: demo.app, 'sec-fetch-site': 'cross-site' }],
    [
      'G03 of another site behind a forged proxy header',
      { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
    ],
  ]

  it.each(ORIGINS)(
    '%s: is refused by authenticate, finish and decline, and the flow stays usable',
    async (_what, headers) => {
      const browser = new FlowBrowser()
      const prompt = await flow.annAtPrompt(browser)
      for (const button of [BUTTONS.link, BUTTONS.notNow])
        expect(errorCode(await browser.send(prompt, button, {}, { headers }))).toBe('csrf')
      const confirm = await flow.prove(browser, prompt, 'ann@example.com')
      expect(errorCode(await browser.send(confirm, BUTTONS.link, {}, { headers }))).toBe('csrf')
      expect(await tenant.writes()).toEqual([])
      expect(claimsOf(await browser.press(confirm, BUTTONS.link)).sub).toBe('auth0|ann')
    },
  )

  it('B09 without any Origin is refused, whatever its other headers are', async () => {
    const browser = new FlowBrowser()
    const confirm = await flow.annAtConfirm(browser)
    const cookie = await browser.jar.getCookieString(demo.app)
    const others: Record<string, string>[] = [
      {},
      { 'sec-fetch-site': 'cross-site' },
      { referer: 'https://evil.example/' },
    ]
    for (const more of others) {
      const response = await fetch(`${demo.app}/link/finish`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie, ...more },
        body: new URLSearchParams(fieldsOf(formOf(confirm, BUTTONS.link))),
      })
      expect([response.status, await response.text()]).toEqual([
        400,
        expect.stringContaining('data-error="csrf"'),
      ])
    }
  })

  it.each<[string, (own: string, other: string) => Record<string, string | undefined>]>([
    ['no value', () => ({ csrf: undefined })],
    ['an empty value', () => ({ csrf: '' })],
    ['the value of another flow', (_own, other) => ({ csrf: other })],
    ['a longer value', (own) => ({ csrf: `${own}x` })],
  ])('B10 with %s in its form is refused', async (_what, change) => {
    const other = fieldsOf(formOf(await flow.annAtPrompt(new FlowBrowser()), BUTTONS.link)).csrf ?? ''
    const browser = new FlowBrowser()
    const confirm = await flow.annAtConfirm(browser)
    const { csrf = '' } = fieldsOf(formOf(confirm, BUTTONS.link))
    const page = await browser.send(confirm, BUTTONS.link, change(csrf, other))
    expect(errorCode(page)).toBe('csrf')
    expect(await tenant.writes()).toEqual([])
  })
})

describe('B11 a state change', () => {
  it.each(['/link/authenticate', '/link/finish'])('is not made by GET %s', async (path) => {
    const response = await fetch(`${demo.app}${path}`)
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
  })
})

describe('the response token in a form', () => {
  it('B03 has to belong to the flow of the form', async () => {
    const other = fieldsOf(formOf(await flow.annAtConfirm(new FlowBrowser()), BUTTONS.link))
    const browser = new FlowBrowser()
    const confirm = await flow.annAtConfirm(browser)
    const page = await browser.send(confirm, BUTTONS.link, { session_token: other.session_token })
    expect(errorCode(page)).toBe('bad_token')
  })

  it('cannot link accounts before the other one is proven', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    const fields = fieldsOf(formOf(prompt, BUTTONS.notNow))
    const [, payload = ''] = fields.session_token?.split('.') ?? []
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const forged = await tenant.mint({
      ...claims,
      result: 'link',
      primary_identity: {
        user_id: 'auth0|ann',
        provider: 'auth0',
        connection: 'Username-Password-Authentication',
      },
      secondary_identity: { user_id: claims.sub, provider: 'google-oauth2', connection: 'google-oauth2' },
    })
    const page = await browser.send(prompt, BUTTONS.notNow, { session_token: forged })
    expect(errorCode(page)).toBe('bad_token')
    expect(claimsOf(await browser.press(page, BUTTONS.goOn)).sub).toBe('google-oauth2|ann-g')
    expect(await tenant.writes()).toEqual([])
  })

  it('goes only to the tenant, even if the form names another URL', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    const { url } = await browser.send(
      prompt,
      BUTTONS.notNow,
      { domain: 'https://evil.example' },
      { stopAt: demo.tenant },
    )
    expect(url.origin).toBe(demo.tenant)
  })
})

describe('two tabs', () => {
  /** Takes two logins of Ann in one browser to the confirmation, then submits the second one before the first. */
  async function finishSecondThenFirst(way: SignInWay) {
    const browser = new FlowBrowser()
    const first = await flow.signIn(browser, 'ann@example.com', way)
    const again = { ...way, query: { prompt: 'login' } }
    const second = await flow.signIn(browser, 'ann@example.com', again)
    expect(handleOf(first)).not.toBe(handleOf(second))
    const confirmSecond = await flow.prove(browser, second, 'ann@example.com')
    const confirmFirst = await flow.prove(browser, first, 'ann@example.com')
    return [
      claimsOf(await browser.press(confirmSecond, BUTTONS.link)),
      claimsOf(await browser.press(confirmFirst, BUTTONS.link)),
    ]
  }
  const links = async () => (await tenant.writes()).filter((write) => write.startsWith('link'))

  it('B18 of one person make one link, and both logins end in her account', async () => {
    const ends = await finishSecondThenFirst({})
    expect(ends.map(({ sub }) => sub)).toEqual(['auth0|ann', 'auth0|ann'])
    expect(await links()).toHaveLength(1)
  })

  it('B18 of the secondary account make one link, and the tenant refuses the later login because its user is gone', async () => {
    const [second, first] = await finishSecondThenFirst({ with: 'google-oauth2' })
    expect(second?.sub).toBe('auth0|ann')
    expect(first).toEqual({
      error: 'access_denied',
      error_description: 'Unable to construct login user',
    })
    expect(await links()).toHaveLength(1)
    const again = await flow.signIn(new FlowBrowser(), 'ann@example.com', { with: 'google-oauth2' })
    expect(claimsOf(again).sub).toBe('auth0|ann')
  })

  it('B19 of two people: each answer is about its own login', async () => {
    const browser = new FlowBrowser()
    const ann = await flow.annAtPrompt(browser)
    const bea = await flow.signIn(browser, 'bea@example.com', { with: 'github', query: { prompt: 'login' } })
    const annDone = await browser.press(ann, BUTTONS.notNow)
    const beaDone = await browser.press(bea, BUTTONS.notNow)
    expect(claimsOf(annDone).sub).toBe('google-oauth2|ann-g')
    expect(claimsOf(beaDone).sub).toBe('github|bea-h')
  })

  it('B02 with the same state share the first flow', async () => {
    const browser = new FlowBrowser()
    const one = await browser.visit(flow.linkUrl(await flow.sessionToken(), 'one-state'))
    const two = await browser.visit(flow.linkUrl(await flow.sessionToken(), 'one-state'))
    expect(handleOf(two)).toBe(handleOf(one))
    expect(await flowCookies(browser)).toHaveLength(1)
  })
})

describe('B21 sixty abandoned flows', () => {
  it('leave at most two cookies, a small request, and a working next flow', async () => {
    const browser = new FlowBrowser()
    for (let count = 0; count < 60; count += 1)
      await browser.visit(flow.linkUrl(await flow.sessionToken(), `abandoned-${count}`))
    expect(await flowCookies(browser)).toHaveLength(2)
    expect((await browser.jar.getCookieString(demo.app)).length).toBeLessThan(8_000)
    expect(claimsOf(await browser.press(await flow.annAtConfirm(browser), BUTTONS.link)).sub).toBe(
      'auth0|ann',
    )
  })
})

describe('B12 the prompt of another person’s login, opened by a victim', () => {
  it('says whose login it is, and waits for a click', async () => {
    const { url } = await flow.hold(new FlowBrowser(), 'ann@example.com', { with: 'google-oauth2' })
    const victim = new FlowBrowser()
    const prompt = await victim.visit(url)
    expect(prompt.html.text).toContain('ann@example.com')
    expect(victim.hops.map((hop) => hop.url.origin)).toEqual([demo.app, demo.app])
  })

  it('B13 cannot link in another browser than the login began in', async () => {
    const { url } = await flow.hold(new FlowBrowser(), 'ann@example.com', { with: 'google-oauth2' })
    const victim = new FlowBrowser()
    const confirm = await flow.prove(victim, await victim.visit(url), 'ann@example.com')
    const end = await victim.press(confirm, BUTTONS.link)
    expect([end.url.origin, end.status]).toEqual([demo.tenant, 400])
    expect(await tenant.writes()).toEqual([])
  })
})
