import { createClient } from '@redis/client'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Visit } from '../support/browser/browser'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, claimsOf, errorCode } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'
import { startRedis, untilConnected } from '../support/flow/redis'
import { SecondInstance } from '../support/flow/second-instance'
import { methodsOf, noticeOf, PAGE, Settings } from '../support/flow/settings'

/** Limits for one minute, as docs/reference/http.md states them. */
const LIMITS = { openings: 600, steps: 60, views: 100, starts: 20, changes: 30 }
/** Limits of Management API calls for one minute, as the same page states them. */
const CALLS = { views: 50, session: 60 }
type Kind = keyof typeof LIMITS

const googleAnn = 'google-oauth2|ann-g'
const redis = await startRedis()
const client = createClient({ url: redis.url })
client.on('error', () => undefined)
beforeAll(async () => void (await client.connect()))
afterAll(async () => {
  client.destroy()
  await redis.stop()
})
const own = ownDemo({ env: { REDIS_URL: redis.url } })
const second = new SecondInstance(own)
beforeAll(async () => {
  await untilConnected(own.flow.demo.app, own.output)
  await untilConnected(second.at('/'), () => second.output())
})
beforeEach(() => client.flushAll())

const linesOf = (output: string, event: string) =>
  output.split('\n').filter((line) => line.includes(`"event":"${event}"`))

const keysOf = (kind: Kind | 'calls') => client.keys(`account-linking:${kind}:*`)

/** Sets the only counter of a kind so that `left` requests are left in its minute. */
async function useUp(kind: Kind, left = 0): Promise<void> {
  const [key = '', ...others] = await keysOf(kind)
  expect(others).toEqual([])
  await client.set(key, String(LIMITS[kind] - left), { expiration: 'KEEPTTL' })
}

/** Deletes the counters of a kind, as if their minute were over. */
async function passMinute(kind: Kind | 'calls'): Promise<void> {
  for (const key of await keysOf(kind)) await client.del(key)
}

function expectTooOften(page: Visit): void {
  expect([page.status, errorCode(page)]).toEqual([429, 'rate_limited'])
  const seconds = Number(page.headers.get('retry-after'))
  expect(seconds).toBeGreaterThan(0)
  expect(seconds).toBeLessThanOrEqual(60)
}

const linksOf = async () => (await own.flow.tenant.writes()).filter((write) => write.startsWith('link'))

/** The statuses of repeated visits, one after the other. */
async function statusesOf(count: number, visit: () => Promise<Visit>): Promise<number[]> {
  const statuses: number[] = []
  for (let index = 0; index < count; index += 1) statuses.push((await visit()).status)
  return statuses
}

/** The status of a path below the page "Sign-in methods", without following redirects. */
async function statusOf({ browser }: Settings, path: string): Promise<number> {
  const { app } = own.flow.demo
  const cookie = await browser.jar.getCookieString(app)
  return (await fetch(`${app}${PAGE}${path}`, { redirect: 'manual', headers: { cookie } })).status
}

describe('B24 steps of one flow', () => {
  it('are refused beyond the limit, and the sign-in goes on', async () => {
    const browser = new FlowBrowser()
    const { url } = await own.flow.annAtPrompt(browser)
    const statuses = await statusesOf(LIMITS.steps - 1, () => browser.visit(url))
    expect(new Set(statuses)).toEqual(new Set([200]))
    const page = await browser.visit(url)
    expectTooOften(page)
    expect(claimsOf(await browser.press(page, BUTTONS.goOn)).sub).toBe(googleAnn)
    expect(await own.flow.tenant.writes()).toEqual([])
  })

  it('are accepted again when the minute is over', async () => {
    const browser = new FlowBrowser()
    const prompt = await own.flow.annAtPrompt(browser)
    await useUp('steps')
    expectTooOften(await browser.press(prompt, BUTTONS.link))
    await passMinute('steps')
    const confirm = await own.flow.prove(browser, prompt, 'ann@example.com')
    expect(claimsOf(await browser.press(confirm, BUTTONS.link)).sub).toBe('auth0|ann')
  })

  it('have a minute that refused steps do not prolong', async () => {
    const browser = new FlowBrowser()
    const { url } = await own.flow.annAtPrompt(browser)
    await useUp('steps')
    const [key = ''] = await keysOf('steps')
    await client.pExpire(key, 20_000)
    expect(Number((await browser.visit(url)).headers.get('retry-after'))).toBeLessThanOrEqual(20)
  })

  it('do not count for other flows, neither of the same person nor of another one', async () => {
    const browser = new FlowBrowser()
    const { url } = await own.flow.annAtPrompt(browser)
    await useUp('steps')
    expectTooOften(await browser.visit(url))
    expect((await own.flow.annAtPrompt(new FlowBrowser())).status).toBe(200)
    const bea = await own.flow.signIn(new FlowBrowser(), 'bea@example.com', { with: 'google-oauth2' })
    expect([bea.status, bea.url.pathname]).toEqual([200, '/link/prompt'])
  })

  it('beyond the limit delay a link without using up the flow, and never delay “Not now”', async () => {
    const browser = new FlowBrowser()
    const confirm = await own.flow.annAtConfirm(browser)
    await useUp('steps')
    expectTooOften(await browser.press(confirm, BUTTONS.link))
    expectTooOften(await browser.send(confirm, BUTTONS.link, { session_token: 'x.y.z' }))
    expect(await linksOf()).toEqual([])
    const other = await browser.copy()
    expect(claimsOf(await other.press(confirm, BUTTONS.notNow)).sub).toBe(googleAnn)
  })

  it('beyond the limit leave the callback of a second sign-in usable for later', async () => {
    const browser = new FlowBrowser()
    const login = await browser.press(await own.flow.annAtPrompt(browser), BUTTONS.link)
    await useUp('steps')
    const page = await browser.press(login, 'Continue', {
      'Email address': 'ann@example.com',
      Password: 'correct horse',
    })
    expect(page.url.pathname).toBe('/link/callback')
    expectTooOften(page)
    await passMinute('steps')
    expect((await browser.visit(page.url)).url.pathname).toBe('/link/confirm')
  })

  it('count together at two instances that share a store', async () => {
    const browser = new FlowBrowser()
    const { url } = await own.flow.annAtPrompt(browser)
    await useUp('steps', 2)
    expect((await browser.visit(second.at(url))).status).toBe(200)
    expect((await browser.visit(url)).status).toBe(200)
    expectTooOften(await browser.visit(second.at(url)))
    expectTooOften(await browser.visit(url))
  })
})

describe('flows opened for one account', () => {
  it('are refused beyond the limit, and the sign-in goes on', async () => {
    const { flow } = own
    await flow.annAtPrompt(new FlowBrowser())
    await useUp('openings', 1)
    expect((await flow.annAtPrompt(new FlowBrowser())).url.pathname).toBe('/link/prompt')
    const browser = new FlowBrowser()
    const page = await flow.annAtPrompt(browser)
    expectTooOften(page)
    expect(claimsOf(await browser.press(page, BUTTONS.goOn)).sub).toBe(googleAnn)

    const bea = await flow.signIn(new FlowBrowser(), 'bea@example.com', { with: 'google-oauth2' })
    expect(bea.url.pathname).toBe('/link/prompt')
    await client.flushAll()
    expect((await flow.annAtPrompt(new FlowBrowser())).url.pathname).toBe('/link/prompt')
  })

  it('are not counted for forged tokens, and only once for a genuine token that is sent repeatedly', async () => {
    const { flow } = own
    const forged = flow.linkUrl(await flow.sessionToken({}, {}, 'x'.repeat(40)), 'st')
    expect(errorCode(await new FlowBrowser().visit(forged))).toBe('bad_token')
    expect(await keysOf('openings')).toEqual([])
    const genuine = flow.linkUrl(await flow.sessionToken(), 'st')
    for (const _ of [1, 2, 3]) await new FlowBrowser().visit(genuine)
    const [key = ''] = await keysOf('openings')
    expect(await client.get(key)).toBe('1')
  })
})

describe('F29 the page “Sign-in methods”', () => {
  it('can be viewed up to the limit with one sign-in', async () => {
    const { flow } = own
    const dee = new Settings(flow, new FlowBrowser())
    await dee.open('dee@example.com')
    await useUp('views', 1)
    expect((await dee.view()).status).toBe(200)
    const before = await flow.tenant.calls()
    const page = await dee.view()
    expectTooOften(page)
    expect(page.html.querySelectorAll('a').map((link) => link.getAttribute('href'))).toContain(
      `${flow.demo.app}${PAGE}`,
    )
    expectTooOften(await dee.view('/disconnect?identity=x'))
    expect(await flow.tenant.calls()).toEqual(before)

    const ann = new Settings(flow, new FlowBrowser())
    expect((await ann.open('ann@example.com')).status).toBe(200)
    // Each sign-in has its own limit, so a stolen session cannot lock its owner out of another session.
    const deeElsewhere = new Settings(flow, new FlowBrowser())
    expect((await deeElsewhere.open('dee@example.com')).status).toBe(200)
    await passMinute('views')
    expect((await dee.view()).status).toBe(200)
  })

  it('makes a limited number of API calls for the views of one sign-in, and leaves some for a change', async () => {
    const { flow } = own
    const dee = new Settings(flow, new FlowBrowser())
    await dee.open('dee@example.com')
    await client.flushAll()
    const before = (await flow.tenant.calls()).length
    const statuses = await statusesOf(CALLS.views + 1, () => dee.view())
    expect(new Set(statuses)).toEqual(new Set([200, 429]))
    expect(statuses).toEqual(statuses.toSorted())
    expect((await flow.tenant.calls()).length - before).toBeLessThanOrEqual(CALLS.views)
    expectTooOften(await dee.view())
    expect(await statusOf(dee, '/disconnect?identity=x')).not.toBe(429)

    // This request only redirects to the page, and costs an API call each time.
    for (let count = 0; count < CALLS.session; count += 1)
      await statusOf(dee, '/disconnect?identity=000000000000')
    expect(await statusOf(dee, '/disconnect?identity=000000000000')).toBe(429)
    expect((await flow.tenant.calls()).length - before).toBeLessThanOrEqual(CALLS.session)
    // Another sign-in of the same person has its own limit.
    const deeElsewhere = new Settings(flow, new FlowBrowser())
    expect((await deeElsewhere.open('dee@example.com')).status).toBe(200)
    await passMinute('calls')
    await passMinute('views')
    expect((await dee.view()).status).toBe(200)
  })

  it.each(['POST', 'PUT'])('counts a view by %s as well', async (method) => {
    const { app } = own.flow.demo
    const dee = new Settings(own.flow, new FlowBrowser())
    await dee.open('dee@example.com')
    await useUp('views')
    const response = await fetch(`${app}${PAGE}`, {
      method,
      headers: {
        cookie: await dee.browser.jar.getCookieString(app),
        origin: app,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'a=b',
    })
    expect(response.status).toBe(429)
  })

  it('counts by sign-in: a new session of the same sign-in has the same limit', async () => {
    const { app } = own.flow.demo
    const dee = new Settings(own.flow, new FlowBrowser())
    await dee.open('dee@example.com')
    await useUp('views')
    // The tenant has a session, so this starts a new session without a sign-in.
    expectTooOften(await dee.browser.visit(`${app}/auth/login?${new URLSearchParams({ returnTo: PAGE })}`))
  })

  it('starts sign-ins up to the limit, and makes no API call beyond it', async () => {
    const { flow } = own
    const dee = new Settings(flow, new FlowBrowser())
    const page = await dee.open('dee@example.com')
    const start = () => dee.browser.press(page, 'Google', {}, { stopAt: flow.demo.tenant })
    expect(new Set(await statusesOf(LIMITS.starts, start))).toEqual(new Set([303]))
    const calls = await flow.tenant.calls()
    const refused = await start()
    expectTooOften(refused)
    expect(await flow.tenant.calls()).toEqual(calls)
    const stepUp = await dee.browser.visit(`${flow.demo.app}${PAGE}/step-up`, { method: 'POST', body: {} })
    expectTooOften(stepUp)
    await passMinute('starts')
    expect((await start()).url.origin).toBe(flow.demo.tenant)
  })

  it('accepts changes up to the limit, and shows a notice beyond it', async () => {
    const ann = new Settings(own.flow, new FlowBrowser())
    let page = await ann.open('ann@example.com')
    page = await ann.browser.press(page, 'Ask me again')
    await useUp('changes', 1)
    page = await ann.browser.press(page, 'Not mine')
    expect(errorCode(page)).toBeUndefined()
    const writes = await own.flow.tenant.writes()
    const refused = await ann.browser.press(page, 'Ask me again')
    expect([refused.status, errorCode(refused)]).toEqual([200, 'rate_limited'])
    expect(noticeOf(refused)).toMatch(/^Too many attempts/)
    expect(methodsOf(refused)).toHaveLength(1)
    expect(await own.flow.tenant.writes()).toEqual(writes)
    await passMinute('changes')
    expect(errorCode(await ann.browser.press(page, 'Ask me again'))).toBeUndefined()
  })

  it('counts together at two instances that share a store', async () => {
    const dee = new Settings(own.flow, new FlowBrowser())
    const { url } = await dee.open('dee@example.com')
    await useUp('views', 1)
    expect((await dee.browser.visit(second.at(url))).status).toBe(200)
    expectTooOften(await dee.browser.visit(url))
    expectTooOften(await dee.browser.visit(second.at(url)))
  })
})

// This has to be the last test, because it kills Redis.
describe('a store that is lost', () => {
  it('limits nothing, and is logged once', async () => {
    const dee = new Settings(own.flow, new FlowBrowser())
    await dee.open('dee@example.com')
    const browser = new FlowBrowser()
    const { url } = await own.flow.annAtPrompt(browser)
    await useUp('steps')
    await useUp('views')
    const before = linesOf(own.output(), 'store_lost').length
    await redis.kill()
    expect((await browser.visit(url)).status).toBe(200)
    expect((await dee.view()).status).toBe(200)
    expect(linesOf(own.output(), 'store_lost')).toHaveLength(before + 1)
  })
})
