import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from '@redis/client'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { appCookies } from '../support/browser/app-cookies'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, claimsOf, errorCode, proveAccount } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'
import { startRedis, untilConnected } from '../support/flow/redis'
import { SecondInstance } from '../support/flow/second-instance'
import { methodsOf, noticeOf, Settings } from '../support/flow/settings'

const redis = await startRedis()
afterAll(redis.stop)
const own = ownDemo({ env: { REDIS_URL: redis.url } })
beforeAll(() => untilConnected(own.flow.demo.app, own.output))

/** Signs Ann in to her other account, and returns the callback's URL without opening it: the service has no proof yet. */
async function annAtCallback(browser: FlowBrowser): Promise<URL> {
  const { flow } = own
  const login = await browser.press(await flow.annAtPrompt(browser), BUTTONS.link)
  const stopAt = `${flow.demo.app}/link/callback`
  return (await proveAccount(browser, login, 'ann@example.com', { stopAt })).url
}

let trouble: 'lost' | 'hanging' | undefined

async function lose(): Promise<void> {
  await redis.kill()
  trouble = 'lost'
}
function hang(): void {
  redis.pause()
  trouble = 'hanging'
}
/** Brings Redis back, and waits until the application uses it again after a failure. */
async function comeBack(): Promise<void> {
  if (trouble === undefined) return
  if (trouble === 'lost') await redis.restart()
  redis.resume()
  await sleep(1100)
  trouble = undefined
}

async function setInRedis(key: string): Promise<void> {
  const client = createClient({ url: redis.url })
  await client.connect()
  await client.set(key, '')
  await client.close()
}

const linesOf = (output: string, event: string) =>
  output.split('\n').filter((line) => line.includes(`"event":"${event}"`))

describe('two instances that share a store', () => {
  const second = new SecondInstance(own)
  beforeAll(() => untilConnected(second.at('/'), () => second.output()))

  it('say so when they start', () => {
    for (const printed of [own.output(), second.output()])
      expect(linesOf(printed, 'started').join()).toContain('"replay_check":"shared')
  })

  it('are ready', async () => {
    const response = await fetch(second.at('/readyz'))
    expect([response.status, await response.json()]).toEqual([200, { status: 'ready' }])
  })

  it('A33 accept a token only once in total', async () => {
    const browser = new FlowBrowser()
    const prompt = await own.flow.annAtPrompt(browser)
    const arrival = browser.hops.find(({ url }) => url.pathname === '/link')?.url ?? ''
    expect(errorCode(await new FlowBrowser().visit(second.at(arrival)))).toBe('already_used')
    expect((await browser.visit(second.at(arrival))).url.href).toBe(prompt.url.href)
  })

  it('J13 continue each other’s flow, and refuse it once the other instance has finished it', async () => {
    const browser = new FlowBrowser()
    const callback = await annAtCallback(browser)
    const confirm = await browser.visit(second.at(callback))
    expect(confirm.url.href).toContain(`${own.flow.demo.app}/link/confirm`)
    const kept = await browser.copy()
    expect(claimsOf(await second.press(browser, confirm, BUTTONS.link)).sub).toBe('auth0|ann')
    const writes = await own.flow.tenant.writes()
    expect(errorCode(await kept.press(confirm, BUTTONS.link))).toBe('already_used')
    expect(errorCode(await kept.visit(callback))).toBe('already_used')
    expect(await own.flow.tenant.writes()).toEqual(writes)
  })

  it('A31 accept one form if a button is pressed at both at the same time', async () => {
    const browser = new FlowBrowser()
    const confirm = await own.flow.annAtConfirm(browser)
    const stopAt = own.flow.demo.tenant
    const pages = await Promise.all(
      Array.from({ length: 10 }, (_unused, index) =>
        index % 2 === 0
          ? browser.press(confirm, BUTTONS.link, {}, { stopAt })
          : second.press(browser, confirm, BUTTONS.link, stopAt),
      ),
    )
    expect(pages.filter(({ status }) => status === 307)).toHaveLength(1)
    expect(pages.filter((page) => errorCode(page) === 'already_used')).toHaveLength(9)
  })
})

describe('X28 the loss of Redis', () => {
  afterEach(comeBack)
  const googleAnn = 'google-oauth2|ann-g'

  it('loses no login, and logins get the prompt again when Redis is back', async () => {
    const { flow } = own
    const before = linesOf(own.output(), 'store_lost').length
    const browser = new FlowBrowser()
    const { url } = await flow.hold(browser, 'ann@example.com', { with: 'google-oauth2' })
    await lose()
    expect(claimsOf(await browser.visit(url)).sub).toBe(googleAnn)
    expect(claimsOf(await flow.annAtPrompt(new FlowBrowser())).sub).toBe(googleAnn)
    const skipped = linesOf(own.output(), 'login_continued').filter((line) =>
      line.includes('store_unavailable'),
    )
    expect(skipped).toHaveLength(2)
    expect(linesOf(own.output(), 'store_lost')).toHaveLength(before + 1)

    await comeBack()
    expect((await flow.annAtPrompt(new FlowBrowser())).url.pathname).toBe('/link/prompt')
    expect(linesOf(own.output(), 'store_back')).toHaveLength(before + 1)
  })

  it('is reported by /readyz, and not by /healthz', async () => {
    await lose()
    const [ready, healthy] = await Promise.all(
      ['/readyz', '/healthz'].map((path) => fetch(new URL(path, own.flow.demo.app))),
    )
    expect([ready?.status, await ready?.json()]).toEqual([503, { status: 'not_ready', down: ['redis'] }])
    expect(healthy?.status).toBe(200)
  })

  it('stops a link at its last step, and the login goes on without it', async () => {
    const { flow } = own
    const browser = new FlowBrowser()
    const confirm = await flow.annAtConfirm(browser)
    await lose()
    const page = await browser.press(confirm, BUTTONS.link)
    expect([page.status, errorCode(page)]).toEqual([503, 'store_unavailable'])
    expect(claimsOf(await browser.press(page, BUTTONS.goOn)).sub).toBe(googleAnn)
    expect((await flow.tenant.writes()).filter((write) => write.startsWith('link'))).toEqual([])
  })

  it('lets the login go on even if Redis marked the flow as used and only its response was lost', async () => {
    const { flow } = own
    const browser = new FlowBrowser()
    const confirm = await flow.annAtConfirm(browser)
    hang()
    const page = await browser.press(confirm, BUTTONS.link)
    expect(errorCode(page)).toBe('store_unavailable')
    await comeBack()
    await setInRedis(`account-linking:flow:${confirm.url.searchParams.get('flow')}`)
    expect(errorCode(await browser.press(confirm, BUTTONS.link))).toBe('already_used')
    expect(claimsOf(await browser.press(page, BUTTONS.goOn)).sub).toBe(googleAnn)
  })

  it('does not use up the flow: the refused link is accepted when Redis is back', async () => {
    const browser = new FlowBrowser()
    const confirm = await own.flow.annAtConfirm(browser)
    hang()
    expect(errorCode(await browser.press(confirm, BUTTONS.link))).toBe('store_unavailable')
    await comeBack()
    expect(claimsOf(await browser.press(confirm, BUTTONS.link)).sub).toBe('auth0|ann')
  })

  it('does not prevent “Not now”', async () => {
    const { flow } = own
    const browser = new FlowBrowser()
    const confirm = await flow.annAtConfirm(browser)
    await lose()
    const done = await browser.press(confirm, BUTTONS.notNow)
    expect(claimsOf(done).sub).toBe(googleAnn)
    expect(await appCookies(browser, flow.demo.app, 'link_')).toEqual([])
  })

  it('delays the second sign-in: its callback is refused, and accepted when Redis is back', async () => {
    const browser = new FlowBrowser()
    const callback = await annAtCallback(browser)
    await lose()
    const page = await browser.visit(callback)
    expect([page.status, errorCode(page)]).toEqual([503, 'store_unavailable'])
    const other = await browser.copy()
    expect(claimsOf(await other.press(page, BUTTONS.goOn)).sub).toBe(googleAnn)
    await comeBack()
    expect((await browser.visit(callback)).url.pathname).toBe('/link/confirm')
  })
})

describe('the loss of Redis, on the page “Sign-in methods”', () => {
  afterEach(comeBack)

  it('prevents changes, and the list is still shown', async () => {
    const dee = new Settings(own.flow, new FlowBrowser())
    const confirm = await dee.prove(await dee.open('dee@example.com'), 'Google', 'bea@example.com')
    await lose()
    const refused = await dee.browser.press(confirm, 'Connect')
    expect(errorCode(refused)).toBe('store_unavailable')
    expect(methodsOf(refused)).toHaveLength(1)
    expect(await own.flow.tenant.writes()).toEqual([])
    await comeBack()
    expect(noticeOf(await dee.browser.press(confirm, 'Connect'))).toMatch(/^Connected\./)
  })
})
