import { afterAll, describe, expect, it, vi } from 'vitest'
import { startCollector } from '../support/collector'
import { BUTTONS, errorCode } from '../support/flow'
import { FlowBrowser, type Hop } from '../support/flow-browser'
import { ownDemo } from '../support/flow-own-demo'
import { Settings } from '../support/settings'

const collector = await startCollector()
afterAll(collector.close)
const own = ownDemo({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } })

/** The lines that were logged so far, of one kind. */
const lines = (event: string): Record<string, unknown>[] =>
  own
    .output()
    .split('\n')
    .filter((line) => line.includes(`"event":"${event}"`))
    .map((line) => JSON.parse(line))
const requestOf = (hop: Hop | undefined) => hop?.headers.get('x-request-id')

describe('the steps of the funnel', () => {
  it('are counted at the collector, without anything of anybody', async () => {
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
  it('has one name: in the log, in its answer and on a page that says no', async () => {
    const browser = new FlowBrowser()
    const page = await browser.visit(`${own.flow.demo.app}/link/prompt`)
    const reference = page.html.querySelectorAll('bdi').at(-1)?.text
    expect(reference).toMatch(/^[2-9A-Z]{8}$/)
    expect(requestOf(browser.hops.at(-1))).toBe(reference)
    expect(lines('refused').at(-1)).toMatchObject({ request: reference, code: errorCode(page) })
  })

  it('of a server action has one, too', async () => {
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
