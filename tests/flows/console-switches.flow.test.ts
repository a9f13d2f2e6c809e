import { afterAll, describe, expect, it } from 'vitest'
import { FlowBrowser } from '../support/browser/flow-browser'
import { findInConsole, linkTo, signInToConsole } from '../support/flow/console'
import { errorCode, textOf } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'
import { startRedis, untilConnected } from '../support/flow/redis'

const redis = await startRedis()
afterAll(redis.stop)
const own = ownDemo({ env: { REDIS_URL: redis.url, OPERATOR_LINKS: 'on', CONSOLE_SUBJECTS: 'auth0|fay' } })
const REASON = { Reason: 'Ticket 4711' }

/** An operator at the page of an account. */
async function at(email: string, userId: string) {
  await untilConnected(own.flow.demo.app, own.output)
  const operator = new FlowBrowser()
  await signInToConsole(own.flow, operator)
  const list = await findInConsole(operator, own.flow, email)
  return { operator, page: await operator.visit(`${own.flow.demo.app}${linkTo(list, userId)}`) }
}

/** Presses the button of an act that names another account. */
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
    expect(textOf(paused)).toContain('Offers are paused')
    const isOffering = async () => (await (await fetch(`${own.flow.demo.app}/healthz`)).json()).offer
    await expect.poll(isOffering, { timeout: 5_000 }).toBe(false)
    const again = await operator.visit(`${own.flow.demo.app}/console`)
    await operator.press(await operator.press(again, 'Resume offers'), 'Resume offers', REASON)
    await expect.poll(isOffering, { timeout: 5_000 }).toBe(true)
  })
})
