import { beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { checkCookieLine } from '../support/browser/cookie-table'
import { FlowBrowser, type Hop } from '../support/browser/flow-browser'
import { signInToConsole } from '../support/flow/console'
import { BUTTONS, Flow, proveAccount } from '../support/flow/flow'

const flow = new Flow(inject('flowDemo'))
const { tenant, demo } = flow
beforeEach(() => tenant.reset())

const EVERYWHERE = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
}
const NOWHERE = ['x-powered-by', 'server', 'access-control-allow-origin', 'strict-transport-security']

const annAtConfirm = async (browser: FlowBrowser) => {
  await flow.annAtConfirm(browser)
}
const link = async (browser: FlowBrowser) => {
  await browser.press(await flow.annAtConfirm(browser), BUTTONS.link)
}
const atConsole = (browser: FlowBrowser) => signInToConsole(flow, browser)
const visit =
  (path: string, options: Parameters<FlowBrowser['visit']>[1] = {}) =>
  async (browser: FlowBrowser) => {
    await browser.visit(`${demo.app}${path}`, { stopAt: demo.tenant, ...options })
  }
const signedIn = async (browser: FlowBrowser) => {
  const page = await browser.visit(`${demo.app}/auth/login?returnTo=/settings/connected-accounts`)
  await proveAccount(browser, page, 'dee@example.com')
}

/** Runs the steps in a new browser, and returns the application's last response for a path. */
async function answerTo(path: RegExp, act: (browser: FlowBrowser) => Promise<unknown>): Promise<Hop> {
  const browser = new FlowBrowser()
  await act(browser)
  const hop = browser.hops.filter(({ url }) => url.origin === demo.app && path.test(url.pathname)).at(-1)
  if (!hop) throw new Error(`the application was not asked for ${path}`)
  return hop
}
const plain = (method: string, path: string) => async (browser: FlowBrowser) => {
  const response = await fetch(`${demo.app}${path}`, { method, redirect: 'manual' })
  const url = new URL(path, demo.app)
  browser.hops.push({
    method,
    url,
    status: response.status,
    headers: response.headers,
    body: await response.text(),
    ms: 0,
  })
}

type Row = [string, number, RegExp, (browser: FlowBrowser) => Promise<unknown>]

const LINK_DOCUMENTS: Row[] = [
  ['the prompt', 200, /prompt$/, flow.annAtPrompt],
  ['the prompt with several accounts', 200, /prompt$/, (browser) => flow.signIn(browser, 'bea@example.com')],
  ['the confirmation', 200, /confirm$/, annAtConfirm],
  [
    'a wrong account',
    400,
    /wrong-account$/,
    async (browser) => flow.prove(browser, await flow.annAtPrompt(browser), 'dee@example.com'),
  ],
  ['a refused token', 400, /^\/link$/, visit('/link?session_token=x&state=st')],
  ['a missing flow', 400, /prompt$/, visit('/link/prompt')],
  ['a refused form', 400, /finish$/, visit('/link/finish', { method: 'POST', body: {} })],
  ['an unknown address under /link', 404, /nowhere$/, visit('/link/nowhere')],
  ['the console', 200, /^\/console$/, atConsole],
]
const PAGES: Row[] = [
  ['the start page', 200, /^\/$/, visit('/')],
  ['the settings page', 200, /connected-accounts$/, signedIn],
  ['the page after a failed sign-in', 200, /sign-in-failed$/, visit('/sign-in-failed')],
  ['an unknown address', 404, /nowhere$/, visit('/nowhere')],
  ['the console for a visitor', 404, /^\/console$/, visit('/console')],
]
const REDIRECTS: Row[] = [
  ['the redirect from /link', 303, /^\/link$/, flow.annAtPrompt],
  ['the redirect to the second authorization', 303, /authenticate$/, annAtConfirm],
  ['the callback', 303, /callback$/, annAtConfirm],
  ['the redirect back to the tenant', 307, /finish$/, link],
  ['settings without a session', 303, /connected-accounts$/, visit('/settings/connected-accounts')],
  ['the application’s sign-in', 307, /login$/, visit('/auth/login')],
  ['its sign-out', 307, /logout$/, visit('/auth/logout')],
  ['the sign-in to the console', 303, /sign-in$/, visit('/console/sign-in')],
  ['the callback of the console', 303, /^\/console\/callback$/, atConsole],
]
const OTHERS: Row[] = [
  ['/healthz', 200, /healthz$/, visit('/healthz')],
  ['/readyz', 200, /readyz$/, visit('/readyz')],
  ['the schema of the events', 200, /v1$/, visit('/events/schema/v1')],
  ['a HEAD of /readyz', 200, /readyz$/, plain('HEAD', '/readyz')],
  ['a HEAD of /link', 200, /^\/link$/, plain('HEAD', '/link')],
  ['a method that /link refuses', 405, /^\/link$/, plain('PUT', '/link')],
  ['a method that the prompt refuses', 405, /prompt$/, plain('DELETE', '/link/prompt')],
  ['a GET of a form’s target', 405, /finish$/, plain('GET', '/link/finish')],
]

describe.each([...LINK_DOCUMENTS, ...PAGES, ...REDIRECTS, ...OTHERS])('%s', (_what, status, path, act) => {
  let hop: Hop
  beforeAll(async () => {
    await tenant.reset()
    hop = await answerTo(path, act)
  })

  it(`responds ${status} with the headers that every response has`, () => {
    expect(hop.status).toBe(status)
    const found = Object.keys(EVERYWHERE).map((name) => [name, hop.headers.get(name)])
    expect(Object.fromEntries(found)).toEqual({
      ...EVERYWHERE,
      'cache-control': expect.stringContaining('no-store'),
    })
    expect(NOWHERE.filter((name) => hop.headers.has(name))).toEqual([])
  })

  it('sends no referrer to other sites', () => {
    const isDocument = hop.headers.get('content-type')?.startsWith('text/html') && hop.status !== 307
    expect(hop.headers.get('referrer-policy')).toBe(isDocument ? 'same-origin' : 'no-referrer')
    if (isDocument) expect(hop.headers.get('cross-origin-opener-policy')).toBe('same-origin')
  })

  it('sets only cookies that scripts and other hosts cannot touch', () => {
    for (const line of hop.headers.getSetCookie()) {
      checkCookieLine(line, hop.url)
      expect(line.length).toBeLessThan(4096)
    }
  })
})

describe.each(LINK_DOCUMENTS)('the HTML document of %s', (_what, _status, path, act) => {
  let hop: Hop
  beforeAll(async () => {
    await tenant.reset()
    hop = await answerTo(path, act)
  })

  it('allows no script, and its one style by a nonce', () => {
    const nonce = /<style nonce="([^"]{22,})">/.exec(hop.body)?.[1]
    const policy = hop.headers.get('content-security-policy')?.replace(/; form-action 'self'$/, '')
    expect(policy).toBe(
      `default-src 'none'; script-src 'none'; style-src 'nonce-${nonce}'; img-src data:; frame-ancestors 'none'; base-uri 'none'`,
    )
  })

  it('restricts where its forms may lead, unless a form leads out of the application', () => {
    const leadsOut = /name="session_token"/.test(hop.body)
    expect(hop.headers.get('content-security-policy')?.includes('form-action')).toBe(!leadsOut)
  })

  it('contains no script and loads nothing', () => {
    expect(hop.body).not.toMatch(/<script|<link rel="(?!icon)|\son[a-z]+=|javascript:|src="(?!data:)|url\(/i)
  })

  it('is under 14 kB with its headers, without compression', () => {
    const head = [...hop.headers].map(([name, value]) => `${name}: ${value}\r\n`).join('')
    expect(Buffer.byteLength(hop.body) + Buffer.byteLength(head)).toBeLessThan(14 * 1024)
  })
})

describe('pages of the application', () => {
  it.each(PAGES)('%s: scripts need a nonce that is new each time', async (_what, _status, path, act) => {
    const policies: (string | null)[] = []
    for (let count = 0; count < 2; count += 1) {
      const { headers, body } = await answerTo(path, act)
      const policy = headers.get('content-security-policy')
      const nonce = /'nonce-([^']+)'/.exec(policy ?? '')?.[1]
      expect(policy).toContain(`script-src 'nonce-${nonce}' 'strict-dynamic'`)
      expect(policy).toContain("frame-ancestors 'none'")
      for (const [script] of body.matchAll(/<script[^>]*>/g)) expect(script).toContain(`nonce="${nonce}"`)
      policies.push(policy)
    }
    expect(policies[0]).not.toBe(policies[1])
  })

  it('let caches keep files with a hash in their names', async () => {
    const { body } = await answerTo(/^\/$/, visit('/'))
    const [file = ''] = /\/_next\/static\/[^"]+\.(?:css|js)/.exec(body) ?? []
    const response = await fetch(`${demo.app}${file}`)
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toContain('immutable')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('H12 clear the browser’s storage when the person signs out', async () => {
    const { headers } = await answerTo(/logout$/, visit('/auth/logout'))
    expect(headers.get('clear-site-data')).toBe('"cache", "storage"')
  })
})

describe('the cookie of a flow', () => {
  it('is named after its login, encrypted, small, and deleted when the flow ends', async () => {
    const browser = new FlowBrowser()
    await link(browser)
    const lines = browser.hops
      .filter(({ url }) => url.origin === demo.app)
      .flatMap(({ headers }) => headers.getSetCookie())
    for (const line of lines) expect(line).toMatch(/^__Host-link_[0-9a-f]{16}=/)
    expect(lines[0]).toMatch(
      /=[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/,
    )
    expect(lines[0]?.length).toBeLessThan(2500)
    expect(lines.at(-1)).toMatch(
      /^__Host-link_[0-9a-f]{16}=; Path=\/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax; Secure$/,
    )
  })
})
