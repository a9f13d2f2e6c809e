import { readFileSync } from 'node:fs'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { EVENT_STREAM } from '@/lib/events/event-stream'
import { aQueue } from '../lib/jobs/a-queue'
import { startTail } from '../operator/events/a-tail'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, claimsOf } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'
import { assertPublished } from '../support/flow/published-event'
import { untilConnected } from '../support/flow/redis'

const { redis, webhook, look } = await aQueue()
const own = ownDemo({ env: { REDIS_URL: redis.url, EVENTS_WEBHOOK_URL: webhook.url } })
beforeAll(() => untilConnected(own.flow.demo.app, own.output))
beforeEach(() => {
  webhook.received.length = 0
})

const link = async () => {
  const browser = new FlowBrowser()
  const done = await browser.press(await own.flow.annAtConfirm(browser), BUTTONS.link)
  expect(claimsOf(done).sub).toBe('auth0|ann')
}
/** The text of all entries in the stream. */
const entries = async () => {
  const all = (await look.connection.xRange(EVENT_STREAM.key, '-', '+')) ?? []
  return all.map(({ message }) => String(message[EVENT_STREAM.field]))
}
const lostLines = () =>
  own
    .output()
    .split('\n')
    .filter((line) => line.includes('"event":"event_lost"'))

describe('a link at a login', () => {
  it('is in the stream as a CloudEvent, with the payload of the webhook, and `tail` prints it', async () => {
    await link()
    await vi.waitFor(async () => expect(await entries()).toHaveLength(1), 10_000)
    await vi.waitFor(() => expect(webhook.received).toHaveLength(1), 10_000)
    const [text = ''] = await entries()
    const event = JSON.parse(text)
    const [{ headers, body } = expect.fail()] = webhook.received
    expect(event).toEqual({
      specversion: '1.0',
      id: headers['webhook-id'],
      source: own.flow.demo.app,
      type: expect.stringMatching(/\.account\.linked$/),
      time: JSON.parse(body).timestamp,
      dataschema: `${own.flow.demo.app}/events/schema/v1`,
      datacontenttype: 'application/json',
      data: JSON.parse(body),
    })
    const { datacontenttype: _type, data, ...attributes } = event
    for (const [name, value] of Object.entries(attributes)) expect(headers[`ce-${name}`]).toBe(value)
    expect(headers['content-type']).toBe('application/json')
    assertPublished(data)
    const tail = startTail(['tail', '--no-follow'], { REDIS_URL: redis.url })
    expect([await tail.ended, tail.output.stderr]).toEqual([0, ''])
    expect(tail.lines()).toEqual([{ ...event, streamid: expect.any(String) }])
  })

  it('puts no email address and no secret into the stream', async () => {
    const text = (await entries()).join('\n')
    expect(text).toContain('account.linked')
    expect(text).not.toMatch(/[a-z]@[a-z]/)
    for (const [name, value] of Object.entries(own.flow.demo.env))
      if (/SECRET|PASSWORD|SMTP_URL/.test(name) && value) expect(text).not.toContain(value)
  })

  it('names a schema that the service serves, as it is in the documents', async () => {
    const [text = ''] = await entries()
    const response = await fetch(JSON.parse(text).dataschema)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json'])
    expect(await response.json()).toEqual(
      JSON.parse(readFileSync('docs/reference/events.schema.json', 'utf8')),
    )
  })
})

// This has to be the last test, because it kills Redis.
describe('a decline while Redis is down', () => {
  it('is not delayed, reaches the webhook, and is missing only in the stream', async () => {
    const browser = new FlowBrowser()
    const prompt = await own.flow.annAtPrompt(browser)
    await redis.kill()
    const begun = performance.now()
    const done = await browser.press(prompt, BUTTONS.notNow)
    expect(performance.now() - begun).toBeLessThan(4_000)
    expect(claimsOf(done).sub).toBe('google-oauth2|ann-g')
    await vi.waitFor(() => expect(webhook.received).toHaveLength(1), 10_000)
    await vi.waitFor(() => expect(lostLines()).toHaveLength(1), 10_000)
    expect(JSON.parse(lostLines()[0] ?? '')).toMatchObject({
      id: webhook.received[0]?.headers['webhook-id'],
      code: 'not_streamed',
    })
  })
})
