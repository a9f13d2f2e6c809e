import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { FlowBrowser, type Hop } from '../support/browser/flow-browser'
import { branchesOf, type DrawnStep } from '../support/docs/diagram'
import { BUTTONS, Flow } from '../support/flow/flow'
import { Settings } from '../support/flow/settings'

const flow = new Flow(inject('flowDemo'))
const { app, tenant } = flow.demo
let browser: FlowBrowser
beforeEach(async () => {
  await flow.tenant.reset()
  browser = new FlowBrowser()
})

/** The requests of the browser since its first one to a path, in the format of the diagrams. */
function doneSince(path: string): DrawnStep[] {
  const start = browser.hops.findIndex(({ url }) => url.origin === app && url.pathname === path)
  return browser.hops.slice(start).flatMap((hop) => drawn(hop) ?? [])
}

function drawn({ method, url, status, headers }: Hop): DrawnStep | undefined {
  const request = `${method} ${url.pathname}`
  // The diagram leaves out the tenant's other requests.
  if (url.origin === tenant && /^\/(authorize|continue)$/.test(url.pathname))
    return { request, isDeleted: false }
  if (url.origin !== app) return undefined
  const [, cookie, rest = ''] =
    /^__Host-((?:link|connect)_)[0-9a-f]{16}=(.*)$/.exec(
      headers.getSetCookie().find((line) => /^__Host-(link|connect)_/.test(line)) ?? '',
    ) ?? []
  return { request: `${request} ${status}`, isDeleted: /Max-Age=0\b/i.test(rest), ...(cookie && { cookie }) }
}

describe('the diagram of docs/reference/linking-service.md', () => {
  const ways = branchesOf('docs/reference/linking-service.md')

  it.each<[string, () => Promise<unknown>]>([
    ['', async () => browser.press(await flow.annAtConfirm(browser), BUTTONS.link)],
    [
      "not now, or don't ask again",
      async () => browser.press(await flow.annAtPrompt(browser), BUTTONS.notNow),
    ],
    [
      'another account than the one that was chosen',
      async () => flow.prove(browser, await flow.annAtPrompt(browser), 'dee@example.com'),
    ],
    [
      'nothing to ask, such as OFFER=off',
      async () => browser.visit(flow.linkUrl(await flow.sessionToken({ candidate_identities: [] }), 'st')),
    ],
  ])('has what a browser does: %s', async (way, go) => {
    await go()
    expect(doneSince('/link')).toEqual(ways.get(way))
  })

  it('shows no sequence that is not tested here', () => {
    expect(ways.size).toBe(4)
  })

  it('extends the diagram of the README', () => {
    const [text = ''] = /^```mermaid[\s\S]+?^```$/m.exec(readFileSync('README.md', 'utf8')) ?? []
    const short = [...text.matchAll(/\b(?:GET|POST) \/[\w/]+/g)].map(([request]) => request)
    const long = ways.get('')?.map(({ request }) => request.replace(/ \d+$/, ''))
    expect(short).toEqual(['GET /link', 'POST /link/finish', 'POST /continue'])
    expect(long?.filter((request) => short.includes(request))).toEqual(short)
  })
})

describe('the diagram of docs/reference/sign-in-methods.md', () => {
  const ways = branchesOf('docs/reference/sign-in-methods.md')
  const CONNECT = '/settings/connected-accounts/connect'

  it.each<[string, (dee: Settings) => Promise<unknown>]>([
    ['', async (dee) => dee.connect(await dee.open('dee@example.com'), 'Google', 'bea@example.com')],
    [
      'another account than the one that was meant, or the one in use',
      async (ida) =>
        ida.prove(await ida.openWithSuggestion('ida.draw@example.com'), 'Connect', 'bea@example.com'),
    ],
  ])('has what a browser does: %s', async (way, go) => {
    await go(new Settings(flow, browser))
    expect(doneSince(CONNECT)).toEqual(ways.get(way))
  })

  it('shows no sequence that is not tested here', () => {
    expect(ways.size).toBe(2)
  })
})
