import { beforeAll, describe, expect, it, vi } from 'vitest'
import { aQueue } from '../lib/jobs/a-queue'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, claimsOf } from '../support/flow/flow'
import { aRestartableApp } from '../support/flow/killed-app'
import { ownDemo } from '../support/flow/own-demo'
import { untilConnected } from '../support/flow/redis'

const { redis, look } = await aQueue()

const { start, kill, startAgain } = aRestartableApp()
const own = ownDemo({ hasMails: true, env: { REDIS_URL: redis.url }, start })
beforeAll(() => untilConnected(own.flow.demo.app, own.output))

const link = async () => {
  const browser = new FlowBrowser()
  expect(claimsOf(await browser.press(await own.flow.annAtConfirm(browser), BUTTONS.link)).sub).toBe(
    'auth0|ann',
  )
}
const mails = () => own.flow.tenant.mails()
const queued = async () => {
  const { delayed = 0, waiting = 0, active = 0 } = await look.counts()
  return delayed + waiting + active
}

describe('an application that is killed while it sends a mail', () => {
  it('loses no mail, and after the restart repeats it at most once with the same id', async () => {
    await own.flow.tenant.options({ smtp: { delay_ms: 4_000 } })
    await link()
    // Both accounts have the same address, so the application drops one of the two mails. The other waits for the server.
    await vi.waitFor(() => expect(own.output()).toContain('"event":"mail_dropped"'), 10_000)
    await vi.waitFor(async () => expect(await queued()).toBe(1), 10_000)
    await kill()
    await own.flow.tenant.options({ smtp: { delay_ms: 0 } })
    const again = await startAgain()
    try {
      await vi.waitFor(async () => expect(await queued()).toBe(0), 40_000)
      const sent = await mails()
      expect(sent.length).toBeGreaterThanOrEqual(1)
      expect(sent.length).toBeLessThanOrEqual(2)
      expect(new Set(sent.map(({ headers }) => headers['message-id'])).size).toBe(1)
      expect(new Set(sent.map(({ to }) => to))).toEqual(new Set(['ann@example.com']))
    } finally {
      await again.close()
    }
  }, 90_000)

  it('sends a mail exactly once if the server had not accepted it before', async () => {
    await own.flow.tenant.reset()
    const first = await startAgain()
    await own.flow.tenant.options({ smtp: { down: true } })
    await link()
    await vi.waitFor(async () => expect(await queued()).toBe(1), 10_000)
    await first.close()
    await own.flow.tenant.options({ smtp: { down: false } })
    const again = await startAgain()
    try {
      await vi.waitFor(async () => expect(await mails()).toHaveLength(1), 40_000)
      await vi.waitFor(async () => expect(await queued()).toBe(0), 20_000)
      expect(await mails()).toHaveLength(1)
    } finally {
      await again.close()
    }
  }, 90_000)
})
