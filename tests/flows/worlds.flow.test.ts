import fc from 'fast-check'
import { describe, expect, inject, it } from 'vitest'
import { decodeNames, foreignOf, isSame, isWritable } from '@/core'
import { type ArbitraryWorld, arbitraryWorld, type WorldAccount } from '../campaigns/worlds/arbitrary-world'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, claimsOf, Flow } from '../support/flow/flow'
import { noticeOf, Settings } from '../support/flow/settings'

const flow = new Flow(inject('flowDemo'))
const { tenant } = flow
/**
 * How many worlds are played. `npm run check:full` plays 200, and `tests/campaigns/worlds` ten thousand in one process.
 * `FLOW_WORLDS=2000` plays two thousand.
 */
const WORLDS = Number(process.env.FLOW_WORLDS ?? 12)
const EMAIL = 'ann@example.com'

/** An account of a world, as a user of the tenant who can be asked. */
function person({ id, name, created_at, user_metadata, app_metadata }: WorldAccount, provider: string) {
  const connection = provider === 'auth0' ? 'Username-Password-Authentication' : provider
  return {
    ...{ user_id: `${provider}|${id}`, email: EMAIL, email_verified: true, name, created_at },
    ...{ user_metadata, app_metadata },
    identities: [{ provider, user_id: id, connection }],
  }
}

/** The fields of a user that are compared. */
async function shown(id: string): Promise<Record<string, unknown>> {
  const user = await tenant.user(id)
  if (!user) throw new Error(`${id} is gone`)
  return {
    ...{ email: user.email, email_verified: user.email_verified, blocked: Boolean(user.blocked) },
    identities: user.identities.map(({ provider, user_id, connection }) => [provider, user_id, connection]),
    user_metadata: user.user_metadata ?? {},
    app_metadata: foreignOf(user.app_metadata ?? {}),
  }
}

/** Links at a login if that is offered, and undoes it on the page. */
async function play({ current, other }: ArbitraryWorld): Promise<'not offered' | 'linked'> {
  const users = [person(current, 'google-oauth2'), person(other, 'auth0')]
  await tenant.reset({ users })
  const ids = users.map(({ user_id }) => user_id)
  const before = await Promise.all(ids.map(shown))
  const browser = new FlowBrowser()
  const prompt = await flow.signIn(browser, EMAIL, { with: 'google-oauth2' })
  if (prompt.url.pathname !== '/link/prompt') return 'not offered'
  const confirm = await flow.prove(browser, prompt, EMAIL)
  const { sub } = claimsOf(await browser.press(confirm, BUTTONS.link))
  expect((await tenant.user(String(sub)))?.identities).toHaveLength(2)

  const ann = new Settings(flow, new FlowBrowser())
  const page = await ann.open(EMAIL, sub === ids[0] ? 'Google' : undefined)
  expect(noticeOf(await ann.disconnect(page, 'Undo'))).toMatch(/^Undone\./)
  const after = await Promise.all(ids.map(shown))
  const [stayed, ended] = sub === ids[0] ? [0, 1] : [1, 0]
  expect(isSame(after[stayed], before[stayed]), JSON.stringify([before[stayed], after[stayed]])).toBe(true)
  const held = Object.entries((await tenant.user(String(sub)))?.app_metadata ?? {}).find(
    ([name, value]) => name.startsWith('account_linking_held_') && Object(value).user_id === ids[ended],
  )
  for (const kind of ['user_metadata', 'app_metadata'] as const) {
    const withheld = decodeNames(Object(Object(held?.[1])[kind]))
    const all = { ...withheld, ...Object(after[ended]?.[kind]) }
    const whole = kind === 'app_metadata' ? foreignOf(all) : all
    expect(isSame(whole, before[ended]?.[kind]), JSON.stringify([before[ended]?.[kind], whole])).toBe(true)
    for (const [name, value] of Object.entries(withheld)) expect(isWritable(name, value)).toBe(false)
  }
  const { user_metadata: _user, app_metadata: _app, ...rest } = after[ended] ?? {}
  expect(before[ended]).toMatchObject(rest)
  return 'linked'
}

describe('any two accounts of one person', () => {
  it(`that are linked at a login and undone on the page are as they were, in ${WORLDS} worlds`, async () => {
    const ends: string[] = []
    await fc.assert(
      fc.asyncProperty(arbitraryWorld, async (world) => void ends.push(await play(world))),
      { numRuns: WORLDS },
    )
    expect(ends.filter((end) => end === 'linked').length).toBeGreaterThan(WORLDS / 3)
  }, 7_200_000)
})
