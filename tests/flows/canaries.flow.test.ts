import { describe, expect, it } from 'vitest'
import { FlowBrowser, type Hop } from '../support/browser/flow-browser'
import { BUTTONS, proveAccount } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'

const own = ownDemo({})

/** Does once each thing that people and attackers usually do, and returns the browsers that it used. */
async function usualTraffic(): Promise<FlowBrowser[]> {
  const { flow } = own
  const { tenant, demo } = flow
  const browsers = Array.from({ length: 6 }, () => new FlowBrowser())
  const [linked, declined, wrong, fault, settings, stranger] = browsers as [
    FlowBrowser,
    FlowBrowser,
    FlowBrowser,
    FlowBrowser,
    FlowBrowser,
    FlowBrowser,
  ]
  const bea = await flow.signIn(declined, 'bea@example.com', { with: 'github' })
  await declined.press(bea, BUTTONS.notNow)
  const page = await flow.prove(wrong, await flow.annAtPrompt(wrong), 'dee@example.com')
  await wrong.press(page, BUTTONS.goOn)

  const form = await fault.press(await flow.annAtPrompt(fault), BUTTONS.link)
  await tenant.faults({
    match: { path: '^/oauth/token$' },
    effect: {
      status: 500,
      body: { error: 'server_error', error_description: demo.env.LINKING_CLIENT_SECRET },
    },
  })
  const refused = await proveAccount(fault, form, 'ann@example.com')
  await tenant.mend()
  await fault.press(refused, BUTTONS.goOn)

  const arrival = fault.hops.find(({ url }) => url.pathname === '/link')
  await stranger.visit(arrival?.url.href ?? 'none')
  await stranger.visit(flow.linkUrl(await flow.sessionToken({ exp: null }), 'st'))
  await stranger.visit(`${demo.app}/link/callback?code=canary-code&state=x&error_description=ann@example.com`)
  await stranger.visit(`${demo.app}/auth/callback?code=canary-code&state=x`)

  const prompt = await flow.annAtPrompt(linked)
  await linked.press(await flow.prove(linked, prompt, 'ann@example.com'), BUTTONS.link)
  const login = await settings.visit(`${demo.app}/auth/login?returnTo=/settings/connected-accounts`)
  await proveAccount(settings, login, 'ann@example.com')
  await settings.visit(`${demo.app}/`)
  return browsers
}

describe('a secret, token, code or email address', () => {
  it('is in no body, URL or output of the application where it does not belong', async () => {
    const { flow } = own
    const { env, app, tenant } = flow.demo
    const hops = (await usualTraffic()).flatMap((browser) => browser.hops)
    const ours = hops.filter(({ url }) => url.origin === app)
    expect(ours.filter(({ url }) => url.pathname === '/settings/connected-accounts').at(-1)?.status).toBe(200)

    const secrets = Object.entries(env).flatMap(([name, value]) => (/SECRET/.test(name) ? [value] : []))
    expect(secrets.length).toBeGreaterThanOrEqual(6)
    const people = ['ann@example.com', 'bea@example.com', 'dee@example.com']
    const arrivals = parameters(hops, 'session_token').concat(parameters(hops, 'code'))
    expect(arrivals.length).toBeGreaterThan(8)
    const answers = hops.flatMap(({ body }) =>
      [...body.matchAll(/name="session_token" value="([^"]+)"/g)].map(([, token]) => token ?? ''),
    )
    expect(answers.length).toBeGreaterThan(8)

    const bodies = ours.map(({ body }) => body)
    for (const canary of [...secrets, ...arrivals])
      expect(bodies.filter((body) => body.includes(canary))).toEqual([])
    const naming = (person: string) =>
      ours.flatMap(({ url, body }) =>
        url.pathname.startsWith('/link') && body.includes(person) ? [url.pathname] : [],
      )
    // The pages under `/link` show the person's own email address in full, and that of another account masked.
    const OWN = ['/link/prompt', '/link/confirm', '/link/wrong-account']
    expect(people.map((person) => new Set(naming(person)))).toEqual([
      new Set(OWN),
      new Set(['/link/prompt']),
      new Set(),
    ])

    const addresses = ours.map(({ url }) => url)
    for (const canary of [...secrets, ...people, ...answers])
      expect(
        addresses.filter(
          ({ href }) => decodeURIComponent(href).includes(canary) && !href.includes('canary-code'),
        ),
      ).toEqual([])
    for (const token of arrivals.filter((value) => value.split('.').length === 3)) {
      const carrying = addresses.filter(({ href }) => href.includes(token)).map(({ pathname }) => pathname)
      expect(new Set(carrying)).toEqual(new Set(['/link']))
    }
    const led = ours.flatMap(({ headers }) => headers.get('location') ?? [])
    expect(new Set(led.map((address) => new URL(address, app).origin))).toEqual(new Set([app, tenant]))

    const output = own.output()
    expect(output).toContain('"flow_opened"')
    for (const canary of [
      ...secrets,
      ...people,
      ...arrivals,
      ...answers,
      'google-oauth2|',
      'auth0|',
      'canary-code',
    ])
      expect(output).not.toContain(canary)
    for (const line of output.split('\n').filter((text) => text.startsWith('{')))
      expect(() => JSON.parse(line)).not.toThrow()
  })
})

/** The values of a query parameter in all requested URLs, without those of up to 20 characters. */
function parameters(hops: Hop[], name: string): string[] {
  return hops.flatMap(({ url }) => {
    const value = url.searchParams.get(name)
    return value && value.length > 20 ? [value] : []
  })
}
