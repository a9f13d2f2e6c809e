/**
 * Background work finishes changes that were interrupted, in any process of the application and without a view of the page.
 * A link that gives rights plans a job that checks later whether the link was made, and takes the rights back if not.
 */
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { aQueue } from '../lib/jobs/a-queue'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, claimsOf } from '../support/flow/flow'
import { aRestartableApp } from '../support/flow/killed-app'
import { ownDemo } from '../support/flow/own-demo'
import { Settings } from '../support/flow/settings'

const { redis, look } = await aQueue()
beforeEach(async () => {
  // Wait for running jobs: a job that is running now would come back into the empty queue.
  await vi.waitFor(async () => expect(await look.counts()).toMatchObject({ waiting: 0, active: 0 }), 10_000)
  await look.queue.obliterate({ force: true })
})

const { start, kill, startAgain } = aRestartableApp()
const OLDER = 'auth0|kim'
const YOUNGER = 'google-oauth2|kim-g'
const person = (user_id: string, connection: string, created_at: string, roles: string[]) => {
  const [provider, id] = user_id.split('|')
  return {
    ...{ user_id, email: 'kim@example.com', email_verified: true, name: 'Kim', created_at, roles },
    identities: [{ provider, user_id: id, connection }],
  }
}
const own = ownDemo({
  env: { REDIS_URL: redis.url, ROLES: 'carry' },
  secrets: { ACCOUNT_LINKING_ROLES: 'carry' },
  start,
})
const WORLD = {
  roles: [{ name: 'editor' }, { name: 'billing' }],
  users: [
    person(OLDER, 'Username-Password-Authentication', '2023-01-01T00:00:00.000Z', ['editor']),
    person(YOUNGER, 'google-oauth2', '2025-01-01T00:00:00.000Z', ['billing']),
  ],
}
beforeEach(() => own.flow.tenant.reset(WORLD))

const rolesOf = async (id: string) =>
  ((await own.flow.tenant.user(id)) as { roles?: string[] } | undefined)?.roles
const running: Awaited<ReturnType<typeof startAgain>>[] = []
afterAll(() => Promise.all(running.map((each) => each.close())))
/** Kills the application and starts it again. Deletes the locks of the killed process, which would expire 20 s later. */
async function restart() {
  await kill()
  const locks = await look.connection.keys('*lock:account:*')
  if (locks.length > 0) await look.connection.del(locks)
  running.push(await startAgain())
}
/** The planned jobs that check a link. The queue may also contain events for the webhook for a moment; leaves those out. */
const looks = async () => (await look.queue.getDelayed()).filter(({ name }) => name === 'link')
/** Lets all delayed jobs run now. */
const runDelayedJobs = async () => {
  const jobs = await look.queue.getDelayed()
  await Promise.all(jobs.map((job) => job.promote().catch(() => undefined)))
}
/** Makes the snapshots in the older account older by some seconds. */
async function ageSnapshots(seconds: number) {
  const { app_metadata = {} } = (await own.flow.tenant.user(OLDER)) ?? {}
  for (const [key, value] of Object.entries(app_metadata))
    if (/^account_linking_[0-9a-f]{12}$/.test(key)) {
      const snapshot = value as { at: number }
      await own.flow.tenant.administer('PATCH', OLDER, {
        app_metadata: { [key]: { ...snapshot, at: snapshot.at - seconds } },
      })
    }
}
const linkFails = { match: { method: 'POST', path: '/identities' }, effect: { status: 400, body: {} } }
const cannotTakeBack = { match: { method: 'DELETE', path: '/roles' }, effect: { status: 500, body: {} } }

describe('a role that a login gives before its link', () => {
  it('is taken back a minute later if the link fails', async () => {
    const { tenant } = own.flow
    const browser = new FlowBrowser()
    const prompt = await own.flow.signIn(browser, 'kim@example.com', { with: 'google-oauth2' })
    const confirm = await own.flow.prove(browser, prompt, 'kim@example.com')
    await tenant.faults(linkFails, cannotTakeBack)
    expect(claimsOf(await browser.press(confirm, BUTTONS.link)).sub).toBe(YOUNGER)
    await tenant.mend()
    expect(await rolesOf(OLDER)).toEqual(['editor', 'billing'])
    // This check is too early to take the role back, because the login might still be running.
    await runDelayedJobs()
    await vi.waitFor(
      async () => expect(await look.counts()).toMatchObject({ delayed: 1, waiting: 0, active: 0 }),
      10_000,
    )
    expect(await rolesOf(OLDER)).toEqual(['editor', 'billing'])
    await ageSnapshots(41)
    await runDelayedJobs()
    await vi.waitFor(async () => expect(await rolesOf(OLDER)).toEqual(['editor']), 10_000)
    expect(await rolesOf(YOUNGER)).toEqual(['billing'])
  })

  it('is checked after 45 s, and stays if the link was made', async () => {
    const browser = new FlowBrowser()
    const prompt = await own.flow.signIn(browser, 'kim@example.com', { with: 'google-oauth2' })
    await browser.press(await own.flow.prove(browser, prompt, 'kim@example.com'), BUTTONS.link)
    expect(await rolesOf(OLDER)).toEqual(['editor', 'billing'])
    const [job] = await looks()
    expect(job?.delay).toBe(45_000)
    expect(JSON.stringify(job?.data)).not.toContain('kim')
    // The link was made, so the first check is the last one.
    await runDelayedJobs()
    await vi.waitFor(
      async () => expect(await look.counts()).toMatchObject({ delayed: 0, waiting: 0, active: 0 }),
      10_000,
    )
    expect(await rolesOf(OLDER)).toEqual(['editor', 'billing'])
  })
})

describe('a login that gives no rights', () => {
  it('is not checked', async () => {
    await own.flow.tenant.reset({ ...WORLD, users: WORLD.users.map((user) => ({ ...user, roles: [] })) })
    const browser = new FlowBrowser()
    const prompt = await own.flow.signIn(browser, 'kim@example.com', { with: 'google-oauth2' })
    await browser.press(await own.flow.prove(browser, prompt, 'kim@example.com'), BUTTONS.link)
    expect((await own.flow.tenant.user(OLDER))?.identities).toHaveLength(2)
    expect(await looks()).toEqual([])
  })
})

describe('an application that is killed', () => {
  it('after it gave a role on the page and before its link: the next process takes the role back', async () => {
    const { tenant } = own.flow
    const kim = new Settings(own.flow, new FlowBrowser())
    const confirm = await kim.prove(await kim.open('kim@example.com'), 'Google', 'kim@example.com')
    await tenant.faults({
      match: { method: 'POST', path: '/identities' },
      effect: { drop: 'before', delay_ms: 2_000 },
    })
    const pressed = kim.browser.press(confirm, 'Connect').catch(() => undefined)
    await vi.waitFor(async () => expect(await rolesOf(OLDER)).toEqual(['editor', 'billing']), 10_000)
    const starting = restart()
    await pressed
    await starting
    await tenant.mend()
    await ageSnapshots(41)
    expect(await looks()).toHaveLength(1)
    await runDelayedJobs()
    await vi.waitFor(async () => expect(await rolesOf(OLDER)).toEqual(['editor']), 20_000)
    expect((await tenant.user(OLDER))?.identities).toHaveLength(1)
  }, 60_000)

  it('while sessions end after a disconnect: the next process ends the rest', async () => {
    const { tenant } = own.flow
    const kim = new Settings(own.flow, new FlowBrowser())
    const linked = await kim.connect(await kim.open('kim@example.com'), 'Google', 'kim@example.com')
    await tenant.ended(OLDER)
    await tenant.openSessions(OLDER, 5, 0)
    const left = async () => (await tenant.sessions()).filter(({ user_id }) => user_id === OLDER).length
    const before = await left()
    await tenant.faults({
      match: { method: 'DELETE', path: '/sessions' },
      effect: { status: 500, body: {} },
    })
    await kim.disconnect(linked)
    await vi.waitFor(async () => expect(await look.counts()).toMatchObject({ delayed: 1 }), 10_000)
    await restart()
    await tenant.mend()
    expect(await left()).toBeGreaterThan(before - 2)
    await runDelayedJobs()
    await tenant.ended(OLDER, 20_000)
    await vi.waitFor(async () => expect(await left()).toBeLessThan(2), 10_000)
    await vi.waitFor(async () => expect(await look.queue.getDelayedCount()).toBe(0), 10_000)
  }, 90_000)
})
