import { createClient } from '@redis/client'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { FlowBrowser, fieldsOf, formOf, type Hop } from '../support/browser/flow-browser'
import { type DemoBehindProxy, startBehindProxy } from '../support/flow/behind-proxy'
import { BUTTONS, claimsOf, errorCode, Flow } from '../support/flow/flow'
import { identitiesOf, methodsOf, noticeOf, PAGE, Settings } from '../support/flow/settings'

let demo: DemoBehindProxy
let flow: Flow
beforeAll(async () => {
  demo = await startBehindProxy()
  flow = new Flow(demo)
})
afterAll(() => demo?.close())
beforeEach(() => flow.tenant.reset())

/** What Redis's log of commands has for each: a number, the time, the duration, the command's words, and the client's address. */
const LoggedCommands = z.array(
  z.tuple([z.number(), z.number(), z.number(), z.array(z.string()), z.string()]).rest(z.unknown()),
)

/** Connects Ann's Google account, and opens the page that asks whether to disconnect it. */
async function annAtDisconnect() {
  const ann = new Settings(flow, new FlowBrowser())
  const page = await ann.connect(await ann.open('ann@example.com'), 'Google', 'ann@example.com')
  return { ann, preview: await ann.follow(page, 'Disconnect') }
}

describe('two instances behind one URL', () => {
  /** Which instance responded to which path, from the proxy's log after the given offset in characters. */
  const answers = (since: number) =>
    demo
      .proxy()
      .accessLog()
      .slice(since)
      .trim()
      .split('\n')
      .map((line) => {
        const [, , , path = '', , , , instance = ''] = line.split(' ')
        return { path, instance }
      })

  it('connect to Redis at their start, before a page needs it', async () => {
    const client = createClient({ url: demo.env.REDIS_URL ?? '' })
    await client.connect()
    // Each new connection of an instance writes a key. The workers for jobs have connections of their own, and do not.
    const instances = async () => {
      const commands = LoggedCommands.parse(await client.sendCommand(['SLOWLOG', 'GET', '-1']))
      const probes = commands.filter(([, , , words]) => words[1] === 'account-linking:probe')
      return new Set(probes.map(([, , , , address]) => address)).size
    }
    try {
      // On a slow machine, a process accepts requests before it is connected to Redis.
      await expect.poll(instances, { timeout: 10_000 }).toBe(2)
    } finally {
      await client.close()
    }
  })

  it('J13 take turns within a link at login', async () => {
    const since = demo.proxy().accessLog().length
    const browser = new FlowBrowser()
    const done = await browser.press(await flow.annAtConfirm(browser), BUTTONS.link)
    expect(claimsOf(done).sub).toBe('auth0|ann')
    expectBoth(since, /^\/link/)
  })

  it('J13 take turns within a change on the page', async () => {
    const since = demo.proxy().accessLog().length
    const { ann, preview } = await annAtDisconnect()
    expect(noticeOf(await ann.browser.press(preview, 'Disconnect'))).toMatch(/^Disconnected\./)
    expect(await identitiesOf(flow, 'auth0|ann')).toEqual(['auth0|ann'])
    expectBoth(since, /^\/settings/)
  })

  function expectBoth(since: number, path: RegExp): void {
    const asked = answers(since).filter((each) => path.test(each.path))
    expect(new Set(asked.map(({ instance }) => instance)).size).toBe(2)
  }

  it('H06 leave no token and no code in the proxy’s log', async () => {
    const browser = new FlowBrowser()
    await browser.press(await flow.annAtConfirm(browser), BUTTONS.link)
    const log = demo.proxy().accessLog()
    expect(log).toContain(' GET /link ')
    expect(log).toContain(' GET /link/callback ')
    expect(log).not.toMatch(/[?=]|eyJ|@example\.com/)
  })

  it('refuse a form of another site, even if a forwarded header names that host', async () => {
    const { ann, preview } = await annAtDisconnect()
    const headers = { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' }
    const refused = await ann.browser.send(preview, 'Disconnect', {}, { headers })
    expect(refused.status).toBe(400)
    expect(await identitiesOf(flow, 'auth0|ann')).toHaveLength(2)
  })
})

describe('J14 a deployment during a flow', () => {
  it('does not disturb a link at login', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    await demo.deploy()
    const confirm = await flow.prove(browser, prompt, 'ann@example.com')
    expect(claimsOf(await browser.press(confirm, BUTTONS.link)).sub).toBe('auth0|ann')
  })

  it('loses no change on the page: a form of another build is refused with a notice, and the new form works', async () => {
    const { ann, preview } = await annAtDisconnect()
    const before = await flow.tenant.writes()
    const action = Object.keys(fieldsOf(formOf(preview, 'Disconnect'))).find((name) =>
      name.startsWith(ACTION),
    )
    const old = `40${'0'.repeat(40)}`
    const fields = { [action ?? '']: undefined, [ACTION + old]: '' }
    const refused = await ann.browser.send(preview, 'Disconnect', fields)
    expect([refused.url.pathname, errorCode(refused)]).toEqual([PAGE, 'outdated'])
    expect(noticeOf(refused)).toContain('We’ve updated this page since you opened it.')

    // The page's script detects this by a header, and shows its own message.
    const called = await ann.browser.send(preview, 'Disconnect', {}, { headers: { 'next-action': old } })
    expect([called.status, called.headers.get('x-nextjs-action-not-found')]).toEqual([409, '1'])
    expect(await flow.tenant.writes()).toEqual(before)
    expect(noticeOf(await ann.disconnect(refused))).toMatch(/^Disconnected\./)
  })

  const ACTION = '$ACTION_ID_'
})

describe('H03 a proxy that caches', () => {
  beforeAll(() => demo.changeProxy({ isCaching: true }))
  afterAll(() => demo.changeProxy())

  const cacheSaid = ({ headers }: { headers: Headers }) => headers.get('x-cache')
  const isOurs = ({ url }: Hop) => url.origin === demo.app
  const RSC = { rsc: '1' }
  const NAMED_ANN = /Ann|ann@|a••@|auth0\|ann|ann-g/

  it('caches static files', async () => {
    const start = await new FlowBrowser().visit(demo.app)
    const [file = ''] = /\/_next\/static\/[^"]+\.css/.exec(start.html.toString()) ?? []
    const said: (string | null)[] = []
    for (let count = 0; count < 2; count += 1) {
      const answer = await fetch(demo.app + file)
      await answer.text()
      said.push(cacheSaid(answer))
    }
    expect(said).toEqual(['MISS', 'HIT'])
  })

  it('never gives one person’s page to another', async () => {
    const ann = await visitedEverything()
    const pages = ann.browser.hops.filter((hop) => isOurs(hop) && hop.method === 'GET')
    expect(pages.filter(({ body }) => NAMED_ANN.test(body)).length).toBeGreaterThan(5)

    const mallory = new Settings(flow, new FlowBrowser())
    await mallory.open('dee@example.com')
    const addresses = new Set(pages.map(({ url }) => url.href))
    for (const address of addresses) {
      await mallory.browser.visit(address, { stopAt: demo.tenant })
      await mallory.browser.visit(address, { headers: RSC, stopAt: demo.tenant })
    }

    const hops = mallory.browser.hops.filter(isOurs)
    expect(hops.length).toBeGreaterThan(addresses.size)
    // Leave the start page out: it mentions Ann to every visitor.
    expect(
      hops.filter(({ url, body }) => url.pathname !== '/' && NAMED_ANN.test(body)).map(({ url }) => url.href),
    ).toEqual([])
    expect(hops.filter((hop) => cacheSaid(hop) === 'HIT')).toEqual([])
    expect(methodsOf(await mallory.view())).toHaveLength(1)
  })

  it('gets `no-store` with every response to these requests, with and without cookies', async () => {
    const { browser } = await visitedEverything()
    const hops = browser.hops.filter(isOurs)
    const kept = hops.filter(({ headers }) => !headers.get('cache-control')?.includes('no-store'))
    expect(kept.map(({ url }) => url.pathname)).toEqual([])
    expect(hops.filter(({ headers }) => headers.has('set-cookie')).length).toBeGreaterThan(5)
  })

  /** Lets Ann open every page, as an HTML document and as the data (RSC) that scripts request. */
  async function visitedEverything(): Promise<Settings> {
    const ann = new Settings(flow, new FlowBrowser())
    await ann.browser.press(await flow.annAtConfirm(ann.browser), BUTTONS.link)
    await flow.tenant.reset()
    const page = await ann.connect(await ann.open('ann@example.com'), 'Google', 'ann@example.com')
    await ann.follow(page, 'Disconnect')
    const seen = ann.browser.hops.filter((hop) => isOurs(hop) && hop.method === 'GET' && hop.status === 200)
    for (const address of new Set([demo.app, `${demo.app}${PAGE}`, ...seen.map(({ url }) => url.href)]))
      await ann.browser.visit(address, { headers: RSC, stopAt: demo.tenant })
    return ann
  }
})
