import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { transform } from 'esbuild'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseMarks, toAdoptionMessage } from '@/core'
import type { AccountEventType } from '@/lib/events/account-event'
import type { EventPayload } from '@/lib/events/event-schema'
import { freePort } from '@/scripts/lib/options.mjs'
import { spawnOwned } from '@/scripts/lib/spawn-owned.mjs'
import { blocksOf, documents } from '../support/operator/documented-commands'

/** All types, and below all fields. The compiler reports one that is missing here, and one that no longer exists. */
const TYPES: Record<AccountEventType, true> = {
  'account.linked': true,
  'account.unlinked': true,
  'account.restored': true,
  'account.removed': true,
  'account.link_refused': true,
  'account.link_declined': true,
  'account.link_disputed': true,
  'account.change_disputed': true,
  'operator.acted': true,
  'operator.looked': true,
}
const FIELDS: Record<keyof EventPayload['data'], true> = {
  user_id: true,
  other_user_id: true,
  connection: true,
  provider: true,
  way: true,
  client_id: true,
  client_name: true,
  reason: true,
  operator: true,
  act: true,
  never: true,
  held_back: true,
  notice: true,
  email: true,
  other_email: true,
}

const read = (path: string) => readFileSync(path, 'utf8')
const pages = documents()

describe.each(pages)('$path', ({ text }) => {
  it('has JSON that parses', () => {
    for (const block of blocksOf(text, 'json')) expect(() => JSON.parse(block), block).not.toThrow()
  })

  it('has scripts that parse', async () => {
    for (const block of blocksOf(text, 'js')) await transform(block)
  })
})

describe('docs/reference/action.md', () => {
  it('shows marks in the form in which parseMarks reads them', () => {
    const [marks = ''] = blocksOf(read('docs/reference/action.md'), 'json')
    expect(parseMarks({ app_metadata: { account_linking: JSON.parse(marks) } })).toEqual(JSON.parse(marks))
  })
})

describe('docs/events.md', () => {
  const page = read('docs/events.md')

  it('shows each type of event, with fields that exist', () => {
    const events = blocksOf(page, 'json')
      .map((block) => JSON.parse(block))
      .filter(({ data, specversion }) => data && !specversion)
    expect(events.map(({ type }) => type).toSorted()).toEqual(Object.keys(TYPES).toSorted())
    const shown = events.flatMap(({ data }) => Object.keys(data))
    expect(shown.filter((name) => !(name in FIELDS))).toEqual([])
  })

  it('has a receiver that accepts a signed event, and nothing else', async () => {
    const [receiver = ''] = blocksOf(page, 'js')
    const port = await freePort(0, false, '127.0.0.1')
    const key = `whsec_${Buffer.from('a-key-of-32-bytes-0123456789abcd').toString('base64')}`
    const script = receiver.replace(
      'listen(8080)',
      `listen(${port}, '127.0.0.1', () => console.log('ready'))`,
    )
    const server = spawnOwned(process.execPath, ['--input-type=module', '-e', script], {
      env: { NODE_ENV: 'test', EVENTS_WEBHOOK_SECRET: key },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void server.kill())
    const lines = createInterface({ input: server.stdout ?? process.stdin })[Symbol.asyncIterator]()
    expect((await lines.next()).value).toBe('ready')
    const [body = ''] = blocksOf(page, 'json')
    const signedWith = async (secret: string) => {
      const now = new Date()
      const signature = new Webhook(secret).sign('msg_1', now, body)
      const headers = {
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': signature,
      }
      return (await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body, headers })).status
    }
    expect(await signedWith(key)).toBe(204)
    expect((await lines.next()).value).toMatch(/^msg_1 account\.linked auth0\|ann Example Inc: /)
    expect(await signedWith(`whsec_${Buffer.alloc(32).toString('base64')}`)).toBe(401)
  })
})

describe('docs/reference/adoption.md', () => {
  const page = read('docs/reference/adoption.md')

  it('shows a step in the form in which it is sent', () => {
    const [step = ''] = blocksOf(page, 'json')
    const { timestamp, data } = JSON.parse(step)
    const { expires_at: _until, ...sent } = data
    expect(JSON.parse(toAdoptionMessage('prepare', sent, new Date(timestamp)).body)).toEqual(JSON.parse(step))
  })

  it('shows the code of examples/adoption/adopt.js, which a flow test runs', () => {
    expect(blocksOf(page, 'js')).toEqual([read('examples/adoption/adopt.js')])
  })
})

describe('docs/migrate/sample-action.md', () => {
  it('has an Action that fills in names, and only those that are missing', async () => {
    const [action = ''] = blocksOf(read('docs/migrate/sample-action.md'), 'js')
    const exports: Record<string, (event: object, api: object) => Promise<void>> = {}
    new Function('exports', action)(exports)
    const claims: Record<string, string> = {}
    const identities = [{}, { profileData: { name: 'Ann of Google', given_name: 'Ann' } }]
    const event = { user: { name: 'Ann', identities } }
    const setCustomClaim = (name: string, value: string) => {
      claims[name] = value
    }
    await exports.onExecutePostLogin?.(event, { idToken: { setCustomClaim } })
    expect(claims).toEqual({ given_name: 'Ann' })
  })
})
