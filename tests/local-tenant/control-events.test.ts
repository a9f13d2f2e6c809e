import { parse } from 'node-html-parser'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aManagementApi } from '../support/tenant/management-calls'

let tenant: Awaited<ReturnType<typeof aManagementApi>>
beforeAll(async () => {
  tenant = await aManagementApi()
})
beforeEach(() => tenant.state.reset())

const HEADERS = {
  'webhook-id': 'msg_1',
  'webhook-timestamp': '1767225600',
  'webhook-signature': 'v1,c2lnbmF0dXJl',
}
const NOTICE = {
  type: 'account.linked',
  data: {
    notice: { subject: 'A sign-in method was added', text: 'Hello Ann,\n\nnow <b>Google</b> works too.' },
  },
}

const post = (body: unknown, headers: Record<string, string> = {}) =>
  tenant.call('POST', '/_tenant/events', { body, headers })
const list = async () => (await tenant.call('GET', '/_tenant/events')).body

describe('/_tenant/events', () => {
  it('stores the body, the time of arrival and the webhook headers, and no other headers', async () => {
    tenant.state.clockOffset = 86_400
    const answer = await post(NOTICE, { ...HEADERS, authorization: 'Bearer canary' })
    expect([answer.status, answer.body]).toEqual([200, { ok: true }])
    await post({ type: 'account.unlinked' })
    const events = await list()
    expect(events).toEqual([
      { at: expect.any(String), headers: HEADERS, body: NOTICE },
      { at: expect.any(String), headers: {}, body: { type: 'account.unlinked' } },
    ])
    expect(Date.parse(events[0].at)).toBeGreaterThan(Date.now() + 86_000_000)
  })

  it.each([[[1, 'two']], ['a text'], [7], [null]])('accepts any JSON: %j', async (body) => {
    expect((await post(JSON.stringify(body))).status).toBe(200)
    expect(await list()).toMatchObject([{ body }])
  })

  it.each(['', '{'])('refuses text that is not JSON: "%s"', async (body) => {
    const answer = await post(body)
    expect([answer.status, answer.body.error]).toEqual([400, 'bad_request'])
    expect(await list()).toEqual([])
  })

  it('keeps the latest 50', async () => {
    for (let count = 1; count <= 52; count += 1) await post({ count })
    const events = await list()
    expect(events).toHaveLength(50)
    expect([events[0].body.count, events.at(-1).body.count]).toEqual([3, 52])
  })

  it('is cleared by a reset, and does not appear in the ledger', async () => {
    await post(NOTICE)
    expect(tenant.state.ledger).toEqual([])
    await tenant.call('POST', '/_tenant/reset')
    expect(await list()).toEqual([])
  })

  it('refuses callers from outside loopback', async () => {
    const elsewhere = { incoming: { socket: { remoteAddress: '192.0.2.7' } } }
    const request = { method: 'POST', body: '{}' }
    const answer = await tenant.app.request(
      'http://localhost:4400/_tenant/events',
      request,
      elsewhere as never,
    )
    expect(answer.status).toBe(403)
    expect(await list()).toEqual([])
  })
})

describe('the notices on the inspector', () => {
  const section = async () => {
    const { body } = await tenant.call('GET', '/_tenant/')
    return parse(body).querySelector('[aria-labelledby=notices]')
  }

  it('are empty at first', async () => {
    expect((await section())?.querySelector('h2')?.text).toBe('Notices')
    expect((await section())?.querySelector('p')?.text).toBe('None.')
  })

  it('are shown as mails, latest first, with type and time', async () => {
    await post(NOTICE)
    await post({ type: 'account.unlinked', data: { notice: { subject: 'Without a text' } } })
    await post('"a text"')
    const [{ at }] = await list()
    const cards = (await section())?.querySelectorAll('article') ?? []
    expect(cards.map((card) => card.querySelector('p')?.text.split(', ')[0])).toEqual([
      'without a type',
      'account.unlinked',
      'account.linked',
    ])
    expect(cards.map((card) => card.querySelector('h3')?.text)).toEqual([
      undefined,
      undefined,
      'A sign-in method was added',
    ])
    expect(cards[2]?.querySelector('p')?.text).toContain(at)
    const mail = cards[2]?.querySelector('pre')
    expect(mail?.querySelector('b')).toBeNull()
    expect(mail?.innerHTML).toContain('Hello Ann,\n\nnow &lt;b&gt;Google&lt;/b&gt; works too.')
  })
})
