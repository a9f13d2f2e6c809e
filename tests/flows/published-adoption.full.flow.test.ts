import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startApp } from '../../scripts/lib/app-process.mjs'
import { aQueue } from '../lib/jobs/a-queue'
import { FlowBrowser } from '../support/browser/flow-browser'
import { startAdopter } from '../support/flow/adopter'
import { BUTTONS, claimsOf } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'
import { Settings } from '../support/flow/settings'
import { actionFixture } from '../support/tenant/tenant'

const adopter = await startAdopter()
afterAll(adopter.close)
beforeEach(() => adopter.reset())
const { redis, look } = await aQueue()
beforeEach(async () => {
  // Wait for running jobs: a job that is running now would come back into the empty queue.
  await vi.waitFor(async () => expect(await look.counts()).toMatchObject({ waiting: 0, active: 0 }), 10_000)
  await look.queue.obliterate({ force: true })
})

let app: { kill: () => Promise<void>; again: () => ReturnType<typeof startApp> }
const start: typeof startApp = async (options) => {
  const running = await startApp(options)
  app = { kill: running.kill, again: () => startApp(options) }
  return running
}
const own = ownDemo({
  actions: [actionFixture('documented-2026')],
  env: {
    TRUSTED_CONNECTIONS: 'auth0,google-oauth2',
    ADOPTION_URL: adopter.url,
    ADOPTION_SECRET: adopter.secret,
    ACTION_EVENTS_SECRET: 'relay-'.repeat(7),
    REDIS_URL: redis.url,
  },
  start,
})

const ANN = { primary_user_id: 'auth0|ann', secondary_user_id: 'google-oauth2|ann-g', way: 'login' }
const stepsTaken = () => adopter.steps.map(({ step }) => step)
const isLinked = async () => (await own.flow.tenant.user('auth0|ann'))?.identities.length === 2
const snapshots = async () =>
  Object.entries((await own.flow.tenant.user('auth0|ann'))?.app_metadata ?? {}).filter(([key]) =>
    /^account_linking_[0-9a-f]{12}$/.test(key),
  ) as [string, { at: number; adoption?: object }][]
const noted = async () => (await snapshots()).map(([, { adoption }]) => adoption)

/** These session tokens have no `jti` and differ only in their second, so each login has to start in another second. */
let second = 0
async function atConfirm(browser: FlowBrowser) {
  await own.flow.tenant.clock(++second)
  return own.flow.prove(
    browser,
    await own.flow.signIn(browser, 'ann@example.com', { with: 'google-oauth2' }),
    'ann@example.com',
  )
}
const link = async (browser = new FlowBrowser()) => browser.press(await atConfirm(browser), BUTTONS.link)
/** Lets all delayed jobs run now, and returns their number. */
const runDelayedJobs = async () => {
  const jobs = await look.queue.getDelayed()
  await Promise.all(jobs.map((job) => job.promote().catch(() => undefined)))
  return jobs.length
}
/** Makes the snapshots in the primary account older by some seconds. */
async function ageSnapshots(seconds: number) {
  for (const [key, snapshot] of await snapshots())
    await own.flow.tenant.administer('PATCH', 'auth0|ann', {
      app_metadata: { [key]: { ...snapshot, at: snapshot.at - seconds } },
    })
}

describe('a link that an Action published by Auth0 makes', () => {
  it('sends the application a prepare step before it is made, and a commit step later as background work', async () => {
    expect(claimsOf(await link()).sub).toBe('auth0|ann')
    expect(await isLinked()).toBe(true)
    expect(adopter.steps).toMatchObject([{ step: 'prepare', data: ANN }])
    const id = adopter.steps[0]?.data.adoption_id
    expect(await noted()).toEqual([{ id }])
    expect(await runDelayedJobs()).toBe(1)
    await vi.waitFor(() => expect(stepsTaken()).toEqual(['prepare', 'commit']), 10_000)
    expect(adopter.steps[1]?.data).toMatchObject({ ...ANN, adoption_id: id })
    await vi.waitFor(async () => expect(await noted()).toEqual([{ id, ended: 'committed' }]), 10_000)
    // The next check finds nothing to do, and plans no other one.
    await vi.waitFor(async () => {
      await runDelayedJobs()
      expect(await look.counts()).toMatchObject({ delayed: 0, waiting: 0, active: 0 })
    }, 10_000)
    expect(stepsTaken()).toEqual(['prepare', 'commit'])
    expect(JSON.stringify(adopter.steps)).not.toContain('@example.com')
  })

  it('also sends the commit step at a view of the page, and its unlink there sends prepare and commit', async () => {
    const browser = new FlowBrowser()
    await link(browser)
    await look.queue.obliterate({ force: true })
    const ann = new Settings(own.flow, browser)
    const page = await ann.open('ann@example.com')
    await vi.waitFor(() => expect(stepsTaken()).toEqual(['prepare', 'commit']), 10_000)
    const { adoption_id } = adopter.steps[1]?.data ?? {}
    await ann.disconnect(page)
    expect(await isLinked()).toBe(false)
    const undo = { primary_user_id: 'auth0|ann', undo: true, undoes: adoption_id }
    expect(adopter.steps.slice(2)).toMatchObject([
      { step: 'prepare', data: undo },
      { step: 'commit', data: undo },
    ])
  })

  it.each([400, 500, { afterMs: 3_500 }, 'hang up'] as const)(
    'is not made if the application responds %j; the login goes on, and the next login tries it again',
    async (answer) => {
      adopter.answers = { prepare: answer }
      expect(claimsOf(await link()).sub).toBe('google-oauth2|ann-g')
      expect(await isLinked()).toBe(false)
      expect(stepsTaken()).toEqual(['prepare', 'abandon'])
      expect(own.output()).toContain('"reason":"adoption_refused"')
      expect(await look.queue.getDelayedCount()).toBe(0)
      adopter.answers = {}
      expect(claimsOf(await link()).sub).toBe('auth0|ann')
      const [first, , next] = adopter.steps
      expect(next?.data.adoption_id).not.toBe(first?.data.adoption_id)
    },
  )

  it('is not made if the adoption cannot be written to the primary account', async () => {
    await own.flow.tenant.faults({
      match: { method: 'PATCH', path: '^/api/v2/users/' },
      effect: { status: 403, body: {} },
    })
    const done = await link()
    await own.flow.tenant.mend()
    expect(claimsOf(done).sub).toBe('google-oauth2|ann-g')
    expect([await isLinked(), stepsTaken()]).toEqual([false, []])
  })

  it('sends an abandon step after 15 minutes if it is never made', async () => {
    await own.flow.tenant.faults({
      match: { method: 'POST', path: '/identities' },
      effect: { status: 400, body: {} },
    })
    await link().catch(() => undefined)
    await own.flow.tenant.mend()
    expect(await isLinked()).toBe(false)
    await runDelayedJobs()
    await vi.waitFor(
      async () => expect(await look.counts()).toMatchObject({ delayed: 1, waiting: 0, active: 0 }),
      10_000,
    )
    expect(stepsTaken()).toEqual(['prepare'])
    await ageSnapshots(15 * 60)
    await runDelayedJobs()
    await vi.waitFor(() => expect(stepsTaken()).toEqual(['prepare', 'abandon']), 10_000)
    await vi.waitFor(async () => expect(await snapshots()).toEqual([]), 10_000)
  })
})

// This has to be the last test, because it kills the demo's application.
describe('a service that is killed between the prepare step and its response', () => {
  it('sends the abandon step after its restart', async () => {
    const browser = new FlowBrowser()
    const confirm = await atConfirm(browser)
    adopter.answers = { prepare: { afterMs: 2_500 } }
    const pressed = browser.press(confirm, BUTTONS.link).catch(() => undefined)
    await vi.waitFor(() => expect(stepsTaken()).toEqual(['prepare']), 10_000)
    await app.kill()
    await pressed
    expect(await isLinked()).toBe(false)
    expect(await look.queue.getDelayedCount()).toBe(1)
    await ageSnapshots(15 * 60)
    const again = await app.again()
    try {
      await runDelayedJobs()
      await vi.waitFor(() => expect(stepsTaken()).toEqual(['prepare', 'abandon']), 20_000)
    } finally {
      await again.close()
    }
  }, 60_000)
})
