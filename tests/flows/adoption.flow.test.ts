import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { FlowBrowser } from '../support/browser/flow-browser'
import { type Behavior, startAdopter } from '../support/flow/adopter'
import { BUTTONS, claimsOf, errorCode } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'
import { noticeOf, Settings } from '../support/flow/settings'

const adopter = await startAdopter()
afterAll(adopter.close)
beforeEach(() => adopter.reset())
const values = { ADOPTION_URL: adopter.url, ADOPTION_SECRET: adopter.secret }
const own = ownDemo({ env: values, secrets: values })

const ANN = { primary_user_id: 'auth0|ann', secondary_user_id: 'google-oauth2|ann-g' }
const AT_LOGIN = { adoption_id: expect.any(String), ...ANN, way: 'login', client_id: 'demo-other' }
const ON_PAGE = { adoption_id: expect.any(String), ...ANN, way: 'settings', client_id: 'demo-app' }
const stepsTaken = () => adopter.steps.map(({ step }) => step)
const isLinked = async () => (await own.flow.tenant.user(ANN.primary_user_id))?.identities.length === 2
/** The `adoption` fields of the snapshots in the primary account. */
const noted = async () => {
  const { app_metadata = {} } = (await own.flow.tenant.user(ANN.primary_user_id)) ?? {}
  const snapshots = Object.entries(app_metadata).filter(([key]) => /^account_linking_./.test(key))
  return snapshots.map(([, snapshot]) => (snapshot as { adoption?: object }).adoption)
}

async function linkAtLogin() {
  const browser = new FlowBrowser()
  return browser.press(await own.flow.annAtConfirm(browser), BUTTONS.link)
}

async function linkOnPage() {
  const ann = new Settings(own.flow, new FlowBrowser())
  return { ann, done: await ann.connect(await ann.open('ann@example.com'), 'Google', 'ann@example.com') }
}

const REFUSALS: [string, Behavior][] = [
  ['says 400', 400],
  ['says 500', 500],
  ['takes 3.5 s', { afterMs: 3_500 }],
  ['hangs up', 'hang up'],
]

describe('a link at login', () => {
  it('sends the application a prepare step before it is made, and a commit step afterwards', async () => {
    expect(claimsOf(await linkAtLogin()).sub).toBe('auth0|ann')
    expect(adopter.steps).toMatchObject([
      { step: 'prepare', data: AT_LOGIN },
      { step: 'commit', data: AT_LOGIN },
    ])
    const [prepare, commit] = adopter.steps
    expect(prepare?.data.adoption_id).toBe(commit?.data.adoption_id)
    expect(prepare?.id).toBe(`${prepare?.data.adoption_id}.account.adoption.prepare`)
    expect(await noted()).toEqual([{ id: commit?.data.adoption_id, ended: 'committed' }])
    expect(JSON.stringify(adopter.steps)).not.toContain('@example.com')
  })

  it.each(REFUSALS)(
    'is not made if the application %s; the login goes on, and the next login tries it again',
    async (_what, answer) => {
      adopter.answers = { prepare: answer }
      expect(claimsOf(await linkAtLogin()).sub).toBe('google-oauth2|ann-g')
      expect(await isLinked()).toBe(false)
      expect(stepsTaken()).toEqual(['prepare', 'abandon'])
      expect(await noted()).toEqual([{ id: adopter.steps[0]?.data.adoption_id, ended: 'abandoned' }])
      adopter.answers = {}
      expect(claimsOf(await linkAtLogin()).sub).toBe('auth0|ann')
      expect(stepsTaken()).toEqual(['prepare', 'abandon', 'prepare', 'commit'])
      const [first, , second] = adopter.steps
      expect(second?.data.adoption_id).not.toBe(first?.data.adoption_id)
    },
  )
})

describe('a link on the page "Sign-in methods"', () => {
  it('sends prepare and commit, and so does its undo, which the application cannot refuse', async () => {
    const { ann, done } = await linkOnPage()
    expect(adopter.steps).toMatchObject([
      { step: 'prepare', data: ON_PAGE },
      { step: 'commit', data: ON_PAGE },
    ])
    const { adoption_id } = adopter.steps[1]?.data ?? {}
    adopter.steps.length = 0
    adopter.answers = { prepare: 500 }
    expect(noticeOf(await ann.disconnect(done, 'Undo'))).not.toBe('')
    expect(await isLinked()).toBe(false)
    const undo = { ...ON_PAGE, undo: true, undoes: adoption_id }
    expect(adopter.steps).toMatchObject([
      { step: 'prepare', data: undo },
      { step: 'commit', data: undo },
    ])
  })

  it.each(REFUSALS)('is not made if the application %s', async (_what, answer) => {
    adopter.answers = { prepare: answer }
    const { done } = await linkOnPage()
    expect(await isLinked()).toBe(false)
    expect(errorCode(done) ?? done.url.searchParams.get('refused')).toBe('adoption_refused')
    expect(stepsTaken()).toEqual(['prepare', 'abandon'])
  })
})

describe('an undo that the tenant refuses', () => {
  it('sends an abandon step, and the next try begins with a new prepare step', async () => {
    const { ann, done } = await linkOnPage()
    adopter.steps.length = 0
    const { tenant } = own.flow
    await tenant.faults({
      match: { method: 'DELETE', path: '/identities/' },
      effect: { status: 400, body: {} },
    })
    await ann.disconnect(done, 'Undo')
    await tenant.mend()
    expect(await isLinked()).toBe(true)
    expect(stepsTaken()).toEqual(['prepare', 'abandon'])
    expect(adopter.steps.every(({ data }) => data.undo)).toBe(true)
    await ann.disconnect(await ann.view(), 'Undo')
    expect(stepsTaken()).toEqual(['prepare', 'abandon', 'prepare', 'commit'])
  })
})

describe('a commit step that gets no response', () => {
  it('is sent again by the service under the same id, and the login goes on', async () => {
    // Only the Action's commit fails. The service sends it again.
    adopter.answers = { commit: ['hang up'] }
    expect(claimsOf(await linkAtLogin()).sub).toBe('auth0|ann')
    await vi.waitFor(
      () => expect(stepsTaken().filter((step) => step === 'commit').length).toBeGreaterThan(1),
      15_000,
    )
    const ids = adopter.steps.filter(({ step }) => step === 'commit').map(({ id }) => id)
    expect(new Set(ids).size).toBe(1)
    await vi.waitFor(async () => expect(await noted()).toMatchObject([{ ended: 'committed' }]), 10_000)
  })
})
