import * as bullmq from 'bullmq'
import { afterAll, describe, expect, it } from 'vitest'
import { createSealer } from '@/lib/config/seal'
import type { PairToLink } from '@/lib/jobs/account-work'
import { openPairQueue } from '@/lib/jobs/pair-queue'
import type { Visit } from '../support/browser/browser'
import { FlowBrowser } from '../support/browser/flow-browser'
import { findInConsole, linkTo, signInToConsole } from '../support/flow/console'
import { BUTTONS, errorCode, textOf } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'
import { startRedis, untilConnected } from '../support/flow/redis'

const redis = await startRedis()
afterAll(redis.stop)
const own = ownDemo({ env: { REDIS_URL: redis.url, OPERATOR_LINKS: 'on', CONSOLE_SUBJECTS: 'auth0|fay' } })
const REASON = { Reason: 'Ticket 4711' }

/** Signs an operator in to the console, and opens the page of an account. */
async function at(email: string, userId: string) {
  await untilConnected(own.flow.demo.app, own.output)
  const operator = new FlowBrowser()
  await signInToConsole(own.flow, operator)
  const list = await findInConsole(operator, own.flow, email)
  return { operator, page: await operator.visit(`${own.flow.demo.app}${linkTo(list, userId)}`) }
}

/** The texts of a page's buttons. */
const buttonsOf = ({ html }: { html: { querySelectorAll(what: string): { text: string }[] } }) =>
  html.querySelectorAll('button').map(({ text }) => text)

describe('"Link"', () => {
  it('links two accounts with the same verified address, and says that no one proved it', async () => {
    const { operator, page } = await at('bea@example.com', 'auth0|bea')
    const preview = await operator.press(page, 'Link')
    expect(textOf(preview)).toContain('proof: operator')
    const done = await operator.press(preview, 'Link', REASON)
    expect(errorCode(done), textOf(done)).toBeUndefined()
    const bea = await own.flow.tenant.user('auth0|bea')
    expect(bea?.identities).toHaveLength(2)
    expect(JSON.stringify(bea?.app_metadata)).toContain('"way":"operator"')
  })

  it.each([
    ['fay@example.com', 'auth0|fay', 'a factor, and an operator by name'],
    ['ivo@example.com', 'auth0|ivo', 'roles'],
    ['jo@example.com', 'auth0|jo', 'a membership'],
    ['cy@example.com', 'auth0|cy', 'no verified address'],
  ])('never links %s: %s has %s', async (email, userId) => {
    const { operator, page } = await at(email, userId)
    const preview = await operator.press(page, 'Link')
    expect(errorCode(preview)).toMatch(/restricted|unverified|not_available/)
    expect(buttonsOf(preview)).toEqual([])
    expect((await own.flow.tenant.user(userId))?.identities).toHaveLength(1)
  })

  it('does nothing if an account changes while the form is open', async () => {
    const { operator, page } = await at('bea@example.com', 'auth0|bea')
    const preview = await operator.press(page, 'Link')
    await own.flow.tenant.administer('PATCH', 'auth0|bea', { app_metadata: { vip: true } })
    expect(errorCode(await operator.press(preview, 'Link', REASON))).toBe('changed')
    expect((await own.flow.tenant.user('auth0|bea'))?.identities).toHaveLength(1)
  })
})

describe('a subject of CONSOLE_SUBJECTS', () => {
  it('needs no permission', async () => {
    await untilConnected(own.flow.demo.app, own.output)
    expect((await signInToConsole(own.flow, new FlowBrowser(), 'fay@example.com')).status).toBe(200)
  })
})

describe('"Pause offers" and "Resume offers"', () => {
  it('switch offers off and on for all', async () => {
    await untilConnected(own.flow.demo.app, own.output)
    const operator = new FlowBrowser()
    const home = await signInToConsole(own.flow, operator)
    const paused = await operator.press(await operator.press(home, 'Pause offers'), 'Pause offers', REASON)
    expect(textOf(paused)).toContain('Offers are paused: logins continue without linking.')
    // The page reads the switch again after the act. It shows no cached state.
    expect(textOf(paused)).toContain('Offers are paused. Resume offers')
    const isOffering = async () => (await (await fetch(`${own.flow.demo.app}/healthz`)).json()).offer
    await expect.poll(isOffering, { timeout: 5_000 }).toBe(false)
    await operator.press(await operator.press(paused, 'Resume offers'), 'Resume offers', REASON)
    await expect.poll(isOffering, { timeout: 5_000 }).toBe(true)
  })
})

/** The numbers of the funnel on the console's first page, by step. */
const funnelIn = ({ html }: Visit) =>
  Object.fromEntries(
    html
      .querySelectorAll('.bars li')
      .map((each) => [each.querySelector('b')?.text, Number(each.querySelector('.number')?.text)]),
  )
/** The values that a select of the funnel's filter form offers. */
const namesIn = ({ html }: Visit, list: string) =>
  html.querySelectorAll(`select[name=${list}] option`).map((each) => each.getAttribute('value'))

describe('the funnel', () => {
  it('counts the steps of logins by application and connection, and is filtered by both', async () => {
    await untilConnected(own.flow.demo.app, own.output)
    const operator = new FlowBrowser()
    await signInToConsole(own.flow, operator)
    const look = (query = '') => operator.visit(`${own.flow.demo.app}/console${query}`)
    const before = funnelIn(await look())
    const ann = new FlowBrowser()
    await ann.press(await own.flow.annAtConfirm(ann), BUTTONS.link)
    const bea = new FlowBrowser()
    const atBea = await own.flow.signIn(bea, 'bea@example.com', { with: 'google-oauth2' })
    await bea.press(atBea, BUTTONS.never)
    const more = (counts: Record<string, number>) =>
      Object.fromEntries(Object.entries(counts).map(([step, count]) => [step, count - (before[step] ?? 0)]))
    // The Action reports the link after the login is over.
    await expect
      .poll(async () => more(funnelIn(await look())), { timeout: 10_000 })
      .toEqual({ offered: 2, proven: 1, answered: 1, linked: 1, declined: 1, failed: 0 })
    const page = await look()
    const google = funnelIn(await look('?connection=google-oauth2'))
    expect(google).toMatchObject({ offered: 1, proven: 1, answered: 1, declined: 0 })
    // The prompt offers Bea accounts of two connections, and she chooses none, so she counts under `(several)`.
    const several = funnelIn(await look('?connection=(several)'))
    expect(several).toMatchObject({ offered: 1, proven: 0, answered: 0, linked: 0, declined: 1 })
    expect(namesIn(page, 'application')).toContain('demo-other')
    const other = funnelIn(await look('?application=demo-other&connection=google-oauth2'))
    expect(other).toMatchObject({ offered: 1, proven: 1, answered: 1, linked: 1, declined: 0 })
    // The filter ignores a name that has no counts.
    expect(funnelIn(await look('?application=nothing'))).toEqual(funnelIn(page))
  })
})

describe('the plans in the queue', () => {
  it('are shown with the number of pairs in each state', async () => {
    await untilConnected(own.flow.demo.app, own.output)
    const operator = new FlowBrowser()
    const home = await signInToConsole(own.flow, operator)
    expect(textOf(home)).toContain('No “duplicates -- apply --queue” has pairs in the queue.')
    const sealer = createSealer({ current: own.flow.demo.env.FLOW_SECRET ?? '', previous: undefined })
    const pairs = openPairQueue(bullmq, { sealer }, redis.url)
    const pair: PairToLink = {
      ...{ primary: 'auth0|gone', secondary: 'github|gone', wasBegun: false, isLast: true, rules: 'r' },
      ...{ approved: { primary: ['p'], secondary: 's' }, by: { client_id: 'c', client_name: 'n' }, share: 1 },
    }
    try {
      // At this pace, the application processes the first pair at once, and the next one an hour later.
      await pairs.setPace(3_600_000)
      for (const id of ['one', 'two', 'three']) await pairs.put(`0123456789abcdef_${id}`, pair)
      const shown = async () => textOf(await operator.visit(`${own.flow.demo.app}/console`))
      await expect
        .poll(shown, { timeout: 10_000 })
        .toMatch(/Plan 0123456789abcdef\s+Waiting\s+2\s+Active\s+0\s+Done, .*\s+1\s+Failed\s+0/)
      expect(await shown()).not.toContain('gone')
    } finally {
      await pairs.close()
    }
  })
})
