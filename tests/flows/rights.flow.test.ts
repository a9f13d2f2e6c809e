import { beforeEach, describe, expect, inject, it } from 'vitest'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, errorCode, Flow, textOf } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'
import { effectsOf, noticeOf, Settings } from '../support/flow/settings'
import type { FlowTenant, WorldUser } from '../support/flow/tenant'

const API = 'https://api.example.com'
const OWNER = 'rol_owner00000000000'
const READ = { resource_server_identifier: API, permission_name: 'read:things' }

/** The rights of an account, as in the tenant's export. */
interface Held {
  roles?: string[]
  permissions?: (typeof READ)[]
  organizations?: { name: string; roles?: string[] }[]
  authentication_methods?: { type: string }[]
}

/** Two accounts of Kim: the older one has a password; the younger one, of Google, is the one she signs in with. */
const world = (older: Held, younger: Held, connections = ['google-oauth2']) => ({
  roles: [{ name: 'editor' }, { name: 'billing' }, { name: 'owner', id: OWNER }],
  organizations: [{ name: 'acme', display_name: 'Acme', connections }],
  users: [
    {
      ...person('auth0|kim', 'Username-Password-Authentication', '2023-01-01T00:00:00.000Z'),
      ...older,
    },
    { ...person('google-oauth2|kim-g', 'google-oauth2', '2025-01-01T00:00:00.000Z'), ...younger },
  ],
})
const person = (user_id: string, connection: string, created_at: string) => {
  const [provider, id] = user_id.split('|')
  return {
    ...{ user_id, email: 'kim@example.com', email_verified: true, name: 'Kim', created_at },
    identities: [{ provider, user_id: id, connection }],
  }
}
const heldBy = async (tenant: FlowTenant, id: string) => {
  const user = (await tenant.user(id)) as (WorldUser & Held) | undefined
  return (
    user && {
      roles: user.roles ?? [],
      permissions: user.permissions ?? [],
      organizations: user.organizations ?? [],
      methods: (user.authentication_methods ?? []).map(({ type }) => type),
    }
  )
}
const NONE = { roles: [], permissions: [], organizations: [], methods: [] }
const KINDS = ['ROLES', 'PERMISSIONS', 'MEMBERSHIPS', 'FACTORS']
const optionsOf = (values: Record<string, string>) => ({
  env: values,
  secrets: Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`ACCOUNT_LINKING_${name}`, value]),
  ),
})
const ALL: Held = {
  roles: ['billing'],
  permissions: [READ],
  organizations: [{ name: 'acme', roles: ['owner'] }],
}
/** The rights of both accounts; undefined for an account that does not exist. */
const both = async (tenant: FlowTenant) => ({
  older: await heldBy(tenant, 'auth0|kim'),
  younger: await heldBy(tenant, 'google-oauth2|kim-g'),
})

/** Signs Kim in with Google, and proves the other account, up to the confirmation. */
async function atConfirm(flow: Flow, browser: FlowBrowser) {
  const prompt = await flow.signIn(browser, 'kim@example.com', { with: 'google-oauth2' })
  expect(prompt.url.pathname).toBe('/link/prompt')
  return flow.prove(browser, prompt, 'kim@example.com')
}

describe('with the option `carry`', () => {
  const own = ownDemo(
    optionsOf({ ROLES: 'carry', PERMISSIONS: 'carry', MEMBERSHIPS: 'carry', FACTORS: 'drop' }),
  )

  it('a link at a login gives the primary the rights of the secondary, and an undo gives all of them back', async () => {
    const { flow } = own
    const { tenant } = flow
    await tenant.reset(
      world({ roles: ['editor'] }, { ...ALL, authentication_methods: [{ type: 'passkey' }] }),
    )
    const before = await both(tenant)
    const browser = new FlowBrowser()
    const confirm = await atConfirm(flow, browser)
    expect(effectsOf(confirm)).toContain(
      'The account that stays also gets: the role billing, membership in Acme, and 1 permission.',
    )
    expect(effectsOf(confirm)).toContain('Not kept from the other account: extra sign-in steps and passkeys.')
    await browser.press(confirm, BUTTONS.link)
    expect(await both(tenant)).toEqual({
      older: { ...NONE, ...ALL, roles: ['editor', 'billing'] },
      younger: undefined,
    })

    const kim = new Settings(flow, browser)
    const preview = await kim.follow(await kim.open('kim@example.com'), 'Undo')
    expect(effectsOf(preview)).toContain(
      'The separate account also gets back: the role billing, membership in Acme, and 1 permission.',
    )
    expect(effectsOf(preview)).toContain(
      'No longer part of this account: the role billing, membership in Acme, and 1 permission.',
    )
    expect(effectsOf(preview)).toContain('have to be set up again')
    expect(noticeOf(await browser.press(preview, 'Undo'))).not.toBe('')
    expect(await both(tenant)).toEqual({
      older: before.older,
      younger: { ...before.younger, methods: [] },
    })
  })

  it('so does a link on the page “Sign-in methods”', async () => {
    const { flow } = own
    const { tenant } = flow
    await tenant.reset(world({ roles: ['editor'] }, ALL))
    const before = await both(tenant)
    const kim = new Settings(flow, new FlowBrowser())
    const page = await kim.open('kim@example.com')
    const confirm = await kim.prove(page, 'Google', 'kim@example.com')
    expect(effectsOf(confirm)).toContain(
      'The account that stays also gets: the role billing, membership in Acme, and 1 permission.',
    )
    const done = await kim.browser.press(confirm, 'Connect')
    expect((await both(tenant)).older).toEqual({ ...NONE, ...ALL, roles: ['editor', 'billing'] })
    await kim.disconnect(done)
    expect(await both(tenant)).toEqual(before)
  })

  it('no link is made if no connection leads into an organization of the secondary', async () => {
    const { flow } = own
    await flow.tenant.reset(world({ roles: ['editor'] }, ALL, []))
    const browser = new FlowBrowser()
    const confirm = await atConfirm(flow, browser)
    await browser.press(confirm, BUTTONS.link)
    expect((await both(flow.tenant)).younger).toEqual({ ...NONE, ...ALL })
  })

  it('no link is made if the secondary gets another role after the confirmation was shown', async () => {
    const { flow } = own
    const { tenant } = flow
    await tenant.reset(world({ roles: ['editor'] }, { roles: ['billing'] }))
    const browser = new FlowBrowser()
    const confirm = await atConfirm(flow, browser)
    await tenant.administer('POST', 'google-oauth2|kim-g', { roles: [OWNER] }, '/roles')
    await browser.press(confirm, BUTTONS.link)
    expect(await both(tenant)).toEqual({
      older: { ...NONE, roles: ['editor'] },
      younger: { ...NONE, roles: ['billing', 'owner'] },
    })
  })
})

describe('with the option `drop`', () => {
  const own = ownDemo(optionsOf(Object.fromEntries(KINDS.map((kind) => [kind, 'drop']))))

  it('the rights of the secondary are lost, which the confirmation says, and an undo gives them back', async () => {
    const { flow } = own
    const { tenant } = flow
    await tenant.reset(world({ roles: ['editor'] }, ALL))
    const before = await both(tenant)
    const browser = new FlowBrowser()
    const confirm = await atConfirm(flow, browser)
    expect(effectsOf(confirm)).toContain('Roles, organizations and extra sign-in steps of the other account')
    await browser.press(confirm, BUTTONS.link)
    expect(await both(tenant)).toEqual({ older: before.older, younger: undefined })
    const kim = new Settings(flow, browser)
    const preview = await kim.follow(await kim.open('kim@example.com'), 'Undo')
    expect(effectsOf(preview)).toContain(
      'The separate account also gets back: the role billing, membership in Acme, and 1 permission.',
    )
    await browser.press(preview, 'Undo')
    expect(await both(tenant)).toEqual(before)
  })
})

describe('with the option `enroll`', () => {
  const own = ownDemo(optionsOf({ FACTORS: 'enroll', ROLES: 'carry' }))
  const PASSKEY: Held = { authentication_methods: [{ type: 'passkey' }] }

  it('the confirmation announces that the next login asks for a new factor, and it does', async () => {
    const { flow } = own
    await flow.tenant.reset(world({ roles: ['editor'] }, PASSKEY))
    const browser = new FlowBrowser()
    const confirm = await atConfirm(flow, browser)
    expect(effectsOf(confirm)).toContain('You’ll be asked to set up an extra sign-in step again.')
    await browser.press(confirm, BUTTONS.link)
    expect((await both(flow.tenant)).older?.methods).toEqual([])

    const kim = new FlowBrowser()
    const asked = await flow.signIn(kim, 'kim@example.com', { with: 'google-oauth2' })
    expect(asked.url.pathname).toBe('/u/mfa-enroll')
    await kim.press(asked, 'Add otp')
    expect((await both(flow.tenant)).older?.methods).toEqual(['totp'])
  })

  it('the page “Sign-in methods” also leads to the set-up of a factor', async () => {
    const { flow } = own
    await flow.tenant.reset(world({ roles: ['editor'] }, PASSKEY))
    const kim = new Settings(flow, new FlowBrowser())
    const page = await kim.connect(await kim.open('kim@example.com'), 'Google', 'kim@example.com')
    expect(textOf(page)).toContain('Set up an extra sign-in step')
    const ticket = await kim.browser.press(page, 'Set it up')
    expect(ticket.url.pathname).toBe('/u/enroll')
    await kim.browser.press(ticket, 'Continue')
    expect((await both(flow.tenant)).older?.methods).toEqual(['totp'])
    expect(textOf(await kim.view())).not.toContain('Set up an extra sign-in step')
  })
})

describe('without an option', () => {
  const flow = new Flow(inject('flowDemo'))
  const { tenant } = flow
  beforeEach(() => tenant.reset())
  const signIn = (browser = new FlowBrowser()) =>
    flow.signIn(browser, 'kim@example.com', { with: 'google-oauth2' })

  it.each<[string, Held, Held]>([
    ['roles', { roles: ['editor'] }, { roles: ['billing'] }],
    ['permissions', { roles: ['editor'] }, { permissions: [READ] }],
    ['memberships', { roles: ['editor'] }, { organizations: [{ name: 'acme' }] }],
    ['factors', { roles: ['editor'] }, { authentication_methods: [{ type: 'passkey' }] }],
  ])('a link that would lose %s is not offered, and is refused on the page', async (kind, older, younger) => {
    await tenant.reset(world(older, younger))
    expect((await signIn()).url.origin).toBe(flow.demo.other)
    const kim = new Settings(flow, new FlowBrowser())
    const page = await kim.prove(await kim.open('kim@example.com'), 'Google', 'kim@example.com')
    expect(errorCode(page)).toBe(`${kind}_lost`)
    expect(await both(tenant)).toMatchObject({ older: {}, younger: {} })
  })

  it.each<[string, Held]>([
    ['roles', { roles: ['billing'] }],
    ['permissions', { permissions: [READ] }],
    ['memberships', { organizations: [{ name: 'acme', roles: ['owner'] }] }],
    ['factors', { authentication_methods: [{ type: 'passkey' }] }],
  ])('the account with %s becomes the primary, although it is the younger one', async (_kind, younger) => {
    await tenant.reset(world({}, younger))
    const before = await both(tenant)
    const browser = new FlowBrowser()
    const confirm = await atConfirm(flow, browser)
    expect(effectsOf(confirm)).not.toContain('aren’t kept')
    await browser.press(confirm, BUTTONS.link)
    expect(await both(tenant)).toEqual({ older: undefined, younger: before.younger })
  })
})
