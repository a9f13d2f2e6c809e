import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { FlowBrowser } from '../support/browser/flow-browser'
import { startAdopter } from '../support/flow/adopter'
import { textOf } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'
import { identitiesOf, Settings } from '../support/flow/settings'
import type { Delivery } from '../support/flow/tenant'

const adopter = await startAdopter()
afterAll(adopter.close)
const values = { ADOPTION_URL: adopter.url, ADOPTION_SECRET: adopter.secret }
const own = ownDemo({ hasMails: true, hasEventStream: true, env: values, secrets: values })

interface Told {
  body: { type: string; data: { user_id: string; other_user_id?: string; way: string } }
}

/** The person of the current test. Each test has another one, because an address gets at most five mails a day. */
const who = { email: '', social: '', ids: ['', ''] as [string, string] }
let people = 0

/** Resets the tenant to a new person with a password account and a Google account. */
async function begin(): Promise<void> {
  people += 1
  const name = `stream${people}`
  const common = { email_verified: true, created_at: '2024-03-01T09:00:00.000Z', logins_count: 2 }
  Object.assign(who, {
    email: `${name}@example.com`,
    social: `${name}@gmail.example.com`,
    ids: [`auth0|${name}`, `google-oauth2|${name}-g`],
  })
  const [password, social] = who.ids
  await own.flow.tenant.reset({
    users: [
      { ...common, user_id: password, email: who.email, password: 'correct horse' },
      { ...common, user_id: social, email: who.social, user_metadata: { theme: 'dark' } },
    ],
  })
  adopter.reset()
}
beforeEach(begin)

/** Links the two accounts as an administrator does in the dashboard. */
const linkByHand = () =>
  own.flow.tenant.administer(
    'POST',
    who.ids[0],
    { provider: 'google-oauth2', user_id: who.ids[1].slice('google-oauth2|'.length) },
    '/identities',
  )
const unlinkByHand = () =>
  own.flow.tenant.administer(
    'DELETE',
    who.ids[0],
    undefined,
    `/identities/google-oauth2/${who.ids[1].slice('google-oauth2|'.length)}`,
  )

const deliveries = () => own.flow.tenant.deliveries()
/** Waits until the application has responded to at least `count` deliveries for which `isMeant` is true. */
async function delivered(count: number, isMeant: (delivery: Delivery) => boolean = () => true) {
  await vi.waitFor(
    async () => expect((await deliveries()).filter(isMeant).length).toBeGreaterThanOrEqual(count),
    15_000,
  )
}
const told = async (): Promise<Told['body'][]> => {
  const events: Told[] = await (await fetch(`${own.flow.demo.tenant}/_tenant/events`)).json()
  return events.map(({ body }) => body).filter(({ data }) => data.user_id === who.ids[0])
}
const toldTypes = async () => (await told()).map(({ type, data }) => `${type} ${data.way}`)
const mailsNow = async () =>
  (await own.flow.tenant.mails()).filter(({ to }) => to === who.email || to === who.social)
const commits = () => adopter.steps.filter(({ step }) => step === 'commit')
/** The snapshots in the primary account. */
const snapshots = async () => {
  const { app_metadata = {} } = (await own.flow.tenant.user(who.ids[0])) ?? {}
  return Object.entries(app_metadata).flatMap(([key, value]) =>
    /^account_linking_[0-9a-f]{12}$/.test(key)
      ? [value as { proof: { way: string }; adoption?: object }]
      : [],
  )
}
/** Waits until the application has recorded a foreign link (one that others made), its event and its commit step. */
async function followed(): Promise<void> {
  await vi.waitFor(async () => expect(await toldTypes()).toEqual(['account.linked foreign']), 15_000)
  await vi.waitFor(() => expect(commits()).toHaveLength(1), 10_000)
  await vi.waitFor(
    async () => expect(await snapshots()).toMatchObject([{ adoption: { ended: 'committed' } }]),
    10_000,
  )
}
/** Waits long enough for everything that the deliveries so far cause. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 1_500))

/** Posts a body to the application as the event stream does. `headers` replace its headers. */
async function post(body: string, headers: Record<string, string> = {}) {
  const { AUTH0_EVENTS_SECRET: secret } = own.flow.demo.env
  const response = await fetch(`${own.flow.demo.app}/auth0-events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', ...headers },
    body,
  })
  return { status: response.status, text: await response.text() }
}

const STREAMS: [string, object][] = [
  ['as it happened', {}],
  ['in reverse', { order: 'reversed', delay_ms: 200 }],
  ['three times each', { repeat: 3 }],
  ['three times each, in reverse', { repeat: 3, order: 'reversed', delay_ms: 200 }],
  ['shuffled and late', { repeat: 2, order: 'shuffled', delay_ms: 600 }],
]

describe('a link in the dashboard', () => {
  it('is in the recent activity, and causes an event, a mail to both addresses and a commit step', async () => {
    await linkByHand()
    await followed()
    const [primary_user_id, secondary_user_id] = who.ids
    const data = { primary_user_id, secondary_user_id, way: 'foreign', client_id: '', foreign: true }
    expect(adopter.steps).toMatchObject([{ step: 'commit', data }])
    await vi.waitFor(async () => expect(await mailsNow()).toHaveLength(2), 15_000)
    const mails = await mailsNow()
    expect(mails.map(({ to }) => to).sort()).toEqual([who.email, who.social].sort())
    for (const mail of mails) expect(mail.text).toContain('/not-me?token=')
    const page = await new Settings(own.flow, new FlowBrowser()).open(who.email)
    expect(textOf(page)).toMatch(/Recent activity .*Connected Google/)
    await settled()
    expect(await toldTypes()).toEqual(['account.linked foreign'])
  })

  it.each(STREAMS)('is reported once if the stream delivers it %s', async (_how, event_stream) => {
    await own.flow.tenant.options({ event_stream })
    await linkByHand()
    await followed()
    await delivered(3)
    await settled()
    expect(await toldTypes()).toEqual(['account.linked foreign'])
    expect(new Set(commits().map(({ id }) => id)).size).toBe(1)
    expect(await snapshots()).toHaveLength(1)
  })

  it('can be undone from the mail, like every link', async () => {
    await linkByHand()
    await followed()
    await vi.waitFor(async () => expect(await mailsNow()).toHaveLength(2), 15_000)
    const [mail] = await mailsNow()
    const reader = new FlowBrowser()
    const page = await reader.visit(new URL(/https:\S+\/not-me\?token=\S+/.exec(mail?.text ?? '')?.[0] ?? ''))
    const done = await reader.press(page, 'This wasn’t me')
    expect(textOf(done)).toContain('The two accounts are separate again.')
    expect(await identitiesOf(own.flow, who.ids[0])).toEqual([who.ids[0]])
    await settled()
    expect(await toldTypes()).toEqual([
      'account.linked foreign',
      'account.link_disputed mail',
      'account.unlinked settings',
    ])
  })
})

describe('an unlink in the dashboard', () => {
  it('of a link that others made is recorded and reported, and its adoption is undone', async () => {
    await linkByHand()
    await followed()
    await unlinkByHand()
    const both = ['account.linked foreign', 'account.unlinked foreign']
    await vi.waitFor(async () => expect(await toldTypes()).toEqual(both), 15_000)
    expect(await snapshots()).toEqual([])
    expect(commits().map(({ data }) => [data.undo, data.foreign])).toEqual([
      [undefined, true],
      [true, true],
    ])
    // The tenant counts in seconds: a sign-in in the same second as the unlink could count as older than it.
    await settled()
    const page = await new Settings(own.flow, new FlowBrowser()).open(who.email)
    expect(textOf(page)).toMatch(/Recent activity .*Disconnected Google .*Connected Google/)
  })

  it.each(STREAMS)(
    'of a link that we made gives the account its metadata back if the stream delivers it %s',
    async (_how, event_stream) => {
      const person = new Settings(own.flow, new FlowBrowser())
      await person.connect(await person.open(who.email), 'Google', who.social)
      const [password, social] = who.ids
      expect(await identitiesOf(own.flow, password)).toEqual(who.ids)
      await settled()
      await own.flow.tenant.options({ event_stream })
      await unlinkByHand()
      const both = ['account.linked settings', 'account.unlinked foreign']
      await vi.waitFor(async () => expect(await toldTypes()).toEqual(both), 15_000)
      expect(await snapshots()).toEqual([])
      expect((await own.flow.tenant.user(social))?.user_metadata).toEqual({ theme: 'dark' })
      await settled()
      expect(await toldTypes()).toEqual(both)
    },
  )
})

describe('a change that this application makes', () => {
  it.each(STREAMS)('is reported once, although the stream delivers it %s', async (_how, event_stream) => {
    await own.flow.tenant.options({ event_stream })
    const person = new Settings(own.flow, new FlowBrowser())
    const page = await person.connect(await person.open(who.email), 'Google', who.social)
    await settled()
    expect(await toldTypes()).toEqual(['account.linked settings'])
    expect(await snapshots()).toMatchObject([{ proof: { way: 'settings' } }])
    await person.disconnect(page, 'Undo')
    await settled()
    expect(await toldTypes()).toEqual(['account.linked settings', 'account.restored settings'])
    expect(commits().some(({ data }) => data.foreign)).toBe(false)
  })

  it('costs no call when a later event of the account shows it again', async () => {
    const person = new Settings(own.flow, new FlowBrowser())
    await person.connect(await person.open(who.email), 'Google', who.social)
    await settled()
    const before = (await own.flow.tenant.calls()).length
    const count = (await deliveries()).length
    await own.flow.tenant.administer('PATCH', who.ids[0], { user_metadata: { theme: 'light' } })
    await delivered(count + 1)
    await settled()
    expect((await own.flow.tenant.calls()).slice(before)).toEqual([`PATCH /api/v2/users/${who.ids[0]} 200`])
  })
})

describe('an event without a change of identities', () => {
  it('costs no call', async () => {
    await linkByHand()
    await followed()
    await settled()
    const before = (await own.flow.tenant.calls()).length
    const count = (await deliveries()).length
    for (const theme of ['light', 'dark', 'blue'])
      await own.flow.tenant.administer('PATCH', who.ids[0], { user_metadata: { theme } })
    await delivered(count + 3)
    await settled()
    expect((await own.flow.tenant.calls()).slice(before)).toHaveLength(3)
  })

  it('reports no link that was made years ago', async () => {
    const [password, social] = who.ids
    const [provider = '', user_id] = social.split('|')
    await own.flow.tenant.reset({
      users: [
        {
          ...{ user_id: password, email: who.email, email_verified: true, password: 'correct horse' },
          identities: [
            { provider: 'auth0', user_id: password.slice(6), connection: 'Username-Password-Authentication' },
            { provider, user_id, connection: provider, profileData: { email: who.social } },
          ],
        },
      ],
    })
    await own.flow.tenant.administer('PATCH', password, { user_metadata: { theme: 'light' } })
    await delivered(1)
    await settled()
    expect([await toldTypes(), await snapshots(), await mailsNow()]).toEqual([[], [], []])
    expect(await own.flow.tenant.calls()).toHaveLength(1)
  })
})

describe('POST /auth0-events', () => {
  const event = (fields: object = {}) =>
    JSON.stringify({ specversion: '1.0', id: 'evt_1', type: 'user.updated', data: { object: {} }, ...fields })

  it.each([
    ['a token of someone else', event(), { authorization: `Bearer ${'x'.repeat(43)}` }, 401],
    ['no token', event(), { authorization: '' }, 401],
    ['a token of another scheme', event(), { authorization: 'Basic eDp5' }, 401],
    ['a body that is not JSON', '{"type":', {}, 400],
    ['an empty body', '', {}, 400],
    ['JSON that is no event', '[]', {}, 400],
    ['a body above 4 MiB', event({ data: 'x'.repeat(4_194_304) }), {}, 400],
    ['another type of event', event({ type: 'organization.created' }), {}, 204],
    ['a created user', event({ type: 'user.created' }), {}, 204],
    ['a test event', event({ a0purpose: 'test' }), {}, 204],
    ['a user that cannot be read', event(), {}, 204],
    ['another content type', event(), { 'content-type': 'text/plain' }, 204],
  ])('responds to %s as documented, without API calls', async (_what, body, headers, status) => {
    expect((await post(body, headers)).status).toBe(status)
    expect(await own.flow.tenant.calls()).toEqual([])
  })

  it('accepts a user with 3.9 MB of metadata', async () => {
    const user_metadata = { text: 'x'.repeat(3_900_000) }
    const object = { user_id: who.ids[0], identities: [{ provider: 'auth0', user_id: '1' }], user_metadata }
    expect((await post(event({ data: { object } }))).status).toBe(204)
  })
})
