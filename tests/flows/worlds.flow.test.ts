import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeNames, isSame, isWritable, operatorMetadata } from '@/core'
import type { UserRights } from '@/local-tenant/rights-model'
import { type ArbitraryWorld, arbitraryWorld, type WorldAccount } from '../campaigns/worlds/arbitrary-world'
import { type Holding, ORGANIZATIONS, ROLES, rightsFrom } from '../campaigns/worlds/world-rights'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, claimsOf } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'
import { noticeOf, Settings } from '../support/flow/settings'
import type { WorldUser } from '../support/flow/tenant'

const RULES = { ROLES: 'carry', PERMISSIONS: 'carry', MEMBERSHIPS: 'carry', FACTORS: 'drop' }
const own = ownDemo({
  env: RULES,
  secrets: Object.fromEntries(Object.entries(RULES).map(([name, rule]) => [`ACCOUNT_LINKING_${name}`, rule])),
})
/**
 * The number of worlds (random pairs of accounts) to test. `npm run check:full` tests 200, `tests/campaigns/worlds` ten
 * thousand in one process, and `FLOW_WORLDS=2000` two thousand.
 */
const WORLDS = Number(process.env.FLOW_WORLDS ?? 40)
const EMAIL = 'ann@example.com'

/** An account of a world as a user of the tenant, with the verified email address that makes an offer possible. */
function person(
  { id, name, created_at, user_metadata, app_metadata }: WorldAccount,
  provider: string,
  held: Holding | undefined,
) {
  const connection = provider === 'auth0' ? 'Username-Password-Authentication' : provider
  return {
    ...{ user_id: `${provider}|${id}`, email: EMAIL, email_verified: true, name, created_at },
    ...{ user_metadata, app_metadata },
    ...(held && rightsFrom(held)),
    identities: [{ provider, user_id: id, connection }],
  }
}

/** The fields of a user that the test compares, in a canonical form. */
async function shown(id: string): Promise<Record<string, unknown>> {
  const user = (await own.flow.tenant.user(id)) as (WorldUser & Partial<UserRights>) | undefined
  if (!user) throw new Error(`${id} is gone`)
  return {
    ...{ email: user.email, email_verified: user.email_verified, blocked: Boolean(user.blocked) },
    identities: user.identities.map(({ provider, user_id, connection }) => [provider, user_id, connection]),
    user_metadata: user.user_metadata ?? {},
    app_metadata: operatorMetadata(user.app_metadata ?? {}),
    ...heldBy(user),
  }
}

/** The sorted rights of an account. Without factors, because a link loses them. */
function heldBy({ roles = [], permissions = [], organizations = [] }: Partial<UserRights>): object {
  return {
    roles: roles.toSorted(),
    permissions: permissions.map(({ permission_name }) => permission_name).sort(),
    organizations: organizations
      .flatMap(({ name, roles: inIt = [] }) => [name, ...inIt.map((role) => `${name} ${role}`)])
      .sort(),
  }
}

/** Links the two accounts at a login if that is offered, undoes the link on the page, and compares the accounts. */
async function play({ current, other, rights }: ArbitraryWorld): Promise<'not offered' | 'linked'> {
  const { flow } = own
  const { tenant } = flow
  const users = [person(current, 'google-oauth2', rights?.current), person(other, 'auth0', rights?.other)]
  const named = (names: readonly string[]) => names.map((name) => ({ id: name, name }))
  await tenant.reset({ users, roles: named(ROLES), organizations: named(ORGANIZATIONS) })
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
    const whole = kind === 'app_metadata' ? operatorMetadata(all) : all
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
