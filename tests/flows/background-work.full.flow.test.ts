import { exec } from 'node:child_process'
import { promisify } from 'node:util'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { aQueue } from '../lib/jobs/a-queue'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS } from '../support/flow/flow'
import { aRestartableApp } from '../support/flow/killed-app'
import { ownDemo } from '../support/flow/own-demo'
import { untilConnected } from '../support/flow/redis'
import { commandsIn } from '../support/operator/documented-commands'

const TASKS_SECRET = 'tasks-secret-0123456789abcdef0123456'

const { redis, webhook, look } = await aQueue()

const { start, kill, startAgain } = aRestartableApp()
const own = ownDemo({ env: { REDIS_URL: redis.url, EVENTS_WEBHOOK_URL: webhook.url, TASKS_SECRET }, start })
beforeAll(() => untilConnected(own.flow.demo.app, own.output))
beforeEach(() => {
  webhook.received.length = 0
})

const takes = () => {
  webhook.answer = (response) => void response.writeHead(204).end()
}
const failsOnce = () => {
  webhook.answer = (response, count) => void response.writeHead(count === 1 ? 500 : 204).end()
}
const decline = async () => {
  const browser = new FlowBrowser()
  await browser.press(await own.flow.annAtPrompt(browser), BUTTONS.notNow)
}
const link = async () => {
  const browser = new FlowBrowser()
  await browser.press(await own.flow.annAtConfirm(browser), BUTTONS.link)
}
const ids = () => webhook.received.map(({ headers }) => headers['webhook-id'])
const drain = (method: string, headers: Record<string, string>) =>
  fetch(new URL('/tasks/drain', own.flow.demo.app), { method, headers })

describe('an event that the webhook refuses at first', () => {
  it.each([
    ['of a login', decline, 'account.link_declined'],
    ['that the Action reports', link, 'account.linked'],
  ])(
    'stays in Redis until the process itself sends it again: an event %s',
    async (_what, act, type) => {
      failsOnce()
      await act()
      await vi.waitFor(async () => expect(await look.counts()).toMatchObject({ delayed: 1 }), 10_000)
      await vi.waitFor(() => expect(webhook.received).toHaveLength(2), 15_000)
      expect(JSON.parse(webhook.received[1]?.body ?? '').type).toBe(type)
      expect(new Set(ids()).size).toBe(1)
      await vi.waitFor(
        async () => expect(await look.counts()).toMatchObject({ delayed: 0, active: 0, failed: 0 }),
        10_000,
      )
    },
    40_000,
  )
})

describe('/tasks/drain', () => {
  it.each(['GET', 'POST'])('accepts %s with the token from any origin', async (method) => {
    takes()
    const headers = { authorization: `Bearer ${TASKS_SECRET}`, 'sec-fetch-site': 'cross-site' }
    const response = await drain(method, { ...headers, origin: 'https://cron.example' })
    expect([response.status, await response.json()]).toEqual([
      200,
      { busy: false, done: 0, failed: 0, waiting: 0, delayed: 0 },
    ])
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('accepts the request that docs/operate.md gives for a cron job', async () => {
    takes()
    const { app, ca } = own.flow.demo
    const [command] = commandsIn('docs/operate.md', 'curl -H')
    const { stdout } = await promisify(exec)(
      command.replace('curl', `curl --silent --cacert ${ca}`).replace('https://accounts.example.com', app),
      { env: { ...process.env, TASKS_SECRET } },
    )
    expect(JSON.parse(stdout)).toMatchObject({ busy: false, waiting: 0 })
  })

  it('responds 404 without the token', async () => {
    for (const headers of [{}, { authorization: 'Bearer x' }])
      expect((await drain('POST', headers as Record<string, string>)).status).toBe(404)
  })
})

// This has to be the last test, because it kills the demo's application.
describe('an application that is killed while it waits for the webhook', () => {
  it('sends the event again after the restart, with the same id', async () => {
    webhook.answer = () => undefined
    await decline()
    await vi.waitFor(() => expect(webhook.received).toHaveLength(1), 10_000)
    await kill()
    takes()
    const again = await startAgain()
    try {
      await vi.waitFor(() => expect(webhook.received).toHaveLength(2), 25_000)
      expect(new Set(ids()).size).toBe(1)
    } finally {
      await again.close()
    }
  }, 60_000)
})
