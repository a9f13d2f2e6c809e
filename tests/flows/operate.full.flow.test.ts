import { spawnSync } from 'node:child_process'
import { createClient } from '@redis/client'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { FlowBrowser, type Hop } from '../support/browser/flow-browser'
import { startCollector } from '../support/flow/collector'
import { BUTTONS, claimsOf, errorCode, textOf } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'
import { startRedis } from '../support/flow/redis'
import { Settings } from '../support/flow/settings'
import { commandsIn } from '../support/operator/documented-commands'

const collector = await startCollector()
afterAll(collector.close)
const redis = await startRedis()
afterAll(redis.stop)
const own = ownDemo({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, REDIS_URL: redis.url } })

/** The lines that the application has logged for an event so far, parsed. */
const lines = (event: string): Record<string, unknown>[] =>
  own
    .output()
    .split('\n')
    .filter((line) => line.includes(`"event":"${event}"`))
    .map((line) => JSON.parse(line))
const requestOf = (hop: Hop | undefined) => hop?.headers.get('x-request-id')

describe('the steps of the funnel', () => {
  it('are counted at the collector, without personal data', async () => {
    const { flow } = own
    const linked = new FlowBrowser()
    await linked.press(await flow.annAtConfirm(linked), BUTTONS.link)
    await flow.tenant.reset()
    const declined = new FlowBrowser()
    await declined.press(await flow.annAtPrompt(declined), BUTTONS.notNow)
    await flow.tenant.reset()
    const lost = new FlowBrowser()
    await flow.prove(lost, await flow.annAtPrompt(lost), 'dee@example.com')
    const expected = {
      'offered login': 3,
      'proven login': 1,
      'answered login': 1,
      'linked login': 1,
      'declined login': 1,
      'wrong_account failed login': 1,
    }
    await vi.waitFor(() => expect(collector.counts()).toEqual(expected), 8_000)
    const received = collector.received()
    expect(received).toContain('"account-linking"')
    expect(received).not.toMatch(/@|\||eyJ|127\.0\.0\.1|localhost|ann|google|demo-/i)
  })
})

describe('a request', () => {
  it('has the same reference number in the log, in the response headers and on an error page', async () => {
    const browser = new FlowBrowser()
    const page = await browser.visit(`${own.flow.demo.app}/link/prompt`)
    const reference = /Reference number: (\w+)$/.exec(textOf(page))?.[1]
    expect(reference).toMatch(/^[2-9A-Z]{8}$/)
    expect(requestOf(browser.hops.at(-1))).toBe(reference)
    expect(lines('refused').at(-1)).toMatchObject({ request: reference, code: errorCode(page) })
  })

  it('of a server action has a reference number, too', async () => {
    const dee = new Settings(own.flow, new FlowBrowser())
    const confirm = await dee.prove(await dee.open('dee@example.com'), 'Google', 'bea@example.com')
    await dee.browser.press(confirm, 'Connect')
    const asked = dee.browser.hops.filter(
      ({ method, url }) => method === 'POST' && /confirm$/.test(url.pathname),
    )
    const request = requestOf(asked.at(-1))
    expect(request).toMatch(/^[2-9A-Z]{8}$/)
    expect(lines('account_event').at(-1)).toMatchObject({ type: 'account.linked', request })
  })
})

describe('npm run offer', () => {
  const turn = (position: string, env: Record<string, string> = { REDIS_URL: redis.url }) =>
    spawnSync(process.execPath, ['scripts/offer.mjs', position], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, NODE_ENV: 'test', ...env },
    })
  const untilOffering = (isOffering: boolean) =>
    vi.waitFor(async () => {
      const response = await fetch(`${own.flow.demo.app}/healthz`)
      expect(await response.json()).toEqual({ status: 'ok', offer: isOffering })
    }, 10_000)

  it('turns offers off and on again while the service runs', async () => {
    const { flow } = own
    await flow.annAtPrompt(new FlowBrowser())
    expect(turn('off').stdout).toMatch(/^Offers are off/)
    await untilOffering(false)
    // The Action caches the service's health for half a minute, so logins still arrive. The service sends them back at once.
    const done = await flow.annAtPrompt(new FlowBrowser())
    expect(claimsOf(done).sub).toBe('google-oauth2|ann-g')
    expect(turn('on').stdout).toMatch(/^Offers are on/)
    await untilOffering(true)
    await flow.tenant.reset()
    expect((await flow.annAtPrompt(new FlowBrowser())).url.pathname).toBe('/link/prompt')
  })

  it('does the same as the redis-cli commands in docs/operate.md', async () => {
    const client = await createClient({ url: redis.url, RESP: 2 }).connect()
    const [off = [], on = []] = commandsIn('docs/operate.md', 'redis-cli').map((command) =>
      command.replace(/^redis-cli (-u "\$REDIS_URL"|…) /, '').split(' '),
    )
    await client.sendCommand(off)
    await untilOffering(false)
    await client.sendCommand(on)
    await untilOffering(true)
    client.destroy()
  })

  it.each([
    ['', undefined, /^Usage: /],
    ['toString', undefined, /^Usage: /],
    ['off', {}, /^There is no REDIS_URL/],
    ['off', { REDIS_URL: 'redis://:canary@127.0.0.1:1' }, /ECONNREFUSED/],
  ])('%s with %o says why it does nothing', (position, env, why) => {
    const { status, stderr } = turn(position, env)
    expect(status).toBe(1)
    expect(stderr).toMatch(why)
    expect(stderr).not.toContain('canary')
  })
})
