import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { hash12, NEVER } from '@/core'
import { en } from '@/lib/messages/en'
import { isolatedName } from '@/lib/messages/mask-email'
import type { Suggestion } from '@/lib/sign-in-methods/connect/suggestions'
import { connectedAccounts } from '@/lib/sign-in-methods/views/connected-accounts'
import { recentActivity } from '@/lib/sign-in-methods/views/recent-activity'
import { suggestionViews } from '@/lib/sign-in-methods/views/suggestions'
import { anAccount } from '../../../support/builders/accounts'
import { APP_ENVIRONMENT } from '../../../support/process/app-environment'
import { configure, services } from '../../../support/process/page-services'
import { annWith, aSnapshot, GOOGLE, LINKED_AT } from '../a-snapshot'

const { settings } = en
const LINKED_DAY = 'June 15, 2025'

beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.useFakeTimers({ toFake: ['Date'], now: (LINKED_AT + 60) * 1000 })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

describe('connectedAccounts', () => {
  const rows = async (fields: Record<string, unknown> = {}) =>
    connectedAccounts(
      services(),
      en,
      anAccount({ identities: annWith(GOOGLE), app_metadata: await aSnapshot(), ...fields }),
    )

  it('list the primary identity first, without actions', async () => {
    const [primary] = await rows()
    expect(primary).toMatchObject({
      account: { provider: 'Email and password', label: 'ann@example.com' },
      since: 'Since June 1, 2023',
      badge: settings.primary,
      links: [],
    })
  })

  it('show no date if the tenant has no creation date', async () => {
    for (const created_at of [undefined, 'yesterday'])
      expect((await rows({ created_at }))[0]?.since).toBeUndefined()
  })

  it('show when and how an identity was linked, and identify it by a hash', async () => {
    const [, linked] = await rows()
    const key = await hash12('google-oauth2|ann-g')
    expect(linked).toMatchObject({
      key,
      account: { provider: 'Google', label: 'ann@example.com' },
      since: settings.ways.here({ date: LINKED_DAY }),
      remarks: [],
      links: [
        { label: settings.disconnect, href: `/settings/connected-accounts/disconnect?identity=${key}` },
        { label: settings.undo, href: `/settings/connected-accounts/disconnect?identity=${key}&undo=1` },
      ],
    })
  })

  it.each([
    [
      { way: 'login', client_id: 'shop', client_name: 'The\u202E Shop' },
      settings.ways.login({ date: LINKED_DAY, application: isolatedName('The Shop') }),
    ],
    [
      { way: 'login', client_id: 'shop' },
      settings.ways.login({ date: LINKED_DAY, application: isolatedName('shop') }),
    ],
    [{ way: 'settings_user', client_id: 'shop', client_name: 'X' }, settings.ways.here({ date: LINKED_DAY })],
  ])('show how an identity was linked: %j', async (proof, expected) => {
    expect((await rows({ app_metadata: await aSnapshot({ proof }) }))[1]?.since).toBe(expected)
  })

  it("use the operator's names, and mark identities whose connection is disabled", async () => {
    const known = [
      { name: 'Username-Password-Authentication', strategy: 'auth0', displayName: 'Members' },
      { name: 'google-oauth2', strategy: 'google-oauth2', displayName: 'Mallory' },
    ]
    const off = ['google-oauth2', 'Username-Password-Authentication']
    const account = anAccount({ identities: annWith(GOOGLE), app_metadata: await aSnapshot() })
    const [primary, linked] = await connectedAccounts(services(), en, account, { known, off })
    expect([primary?.account.provider, linked?.account.provider]).toEqual(['Members', 'Google'])
    expect(primary?.remarks).toEqual([settings.primaryMeans, settings.offThere])
    expect(linked?.remarks).toEqual([settings.offThere])
    const all = await connectedAccounts(services(), en, account, { known, off: [] })
    expect(all.map(({ remarks }) => remarks)).toEqual([[settings.primaryMeans], []])
  })

  it('give each link a unique accessible name', async () => {
    const twin = { ...GOOGLE, user_id: 'ann-g-2' }
    const linked = await rows({ identities: annWith(GOOGLE, twin, { ...twin, user_id: 'ann-g-3' }) })
    const names = linked.flatMap(({ links }) => links.map(({ name }) => name))
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThan(3)
  })

  it('distinguish several linked identities', async () => {
    const at = LINKED_AT - 5 * 86_400
    const other = await aSnapshot({ at, user_id: 'github|7', proof: { way: 'login', client_id: 'shop' } })
    const all = await rows({
      identities: annWith(GOOGLE, { provider: 'github', user_id: '7' }, { provider: 'email', user_id: '8' }),
      app_metadata: { ...(await aSnapshot()), ...other },
    })
    expect(all.map(({ since }) => since)).toEqual([
      'Since June 1, 2023',
      settings.ways.here({ date: LINKED_DAY }),
      settings.ways.login({ date: 'June 10, 2025', application: isolatedName('shop') }),
      settings.ways.unknown,
    ])
  })

  it('show neither date nor undo for an identity that another program linked', async () => {
    const [, linked] = await rows({ app_metadata: {} })
    expect(linked).toMatchObject({
      since: settings.ways.unknown,
      links: [{ label: settings.disconnect }],
    })
    expect(linked?.links).toHaveLength(1)
  })

  it.each<[string, () => Promise<Record<string, unknown>>]>([
    ['the undo period is over', () => aSnapshot({ at: LINKED_AT - 31 * 86_400 })],
    ['the snapshot keeps nothing any more', () => aSnapshot({ kept: undefined })],
  ])('offer no undo if %s', async (_why, metadata) => {
    expect((await rows({ app_metadata: await metadata() }))[1]?.links).toHaveLength(1)
  })

  it("offer no undo if links are made with the person's own token", async () => {
    configure({ linkingAuthority: 'user' })
    expect((await rows())[1]?.links).toHaveLength(1)
  })

  it('mark a blocked identity', async () => {
    const blocked = { ...GOOGLE, profileData: { ...GOOGLE.profileData, blocked: true } }
    expect((await rows({ identities: annWith(blocked) }))[1]?.remarks).toEqual([settings.blockedThere])
  })

  it('mask what does not belong to the account itself', async () => {
    const [, linked] = await rows({ email: 'new@example.com' })
    expect(linked?.account.label).toBe('a••@example.com')
    expect(JSON.stringify(linked)).not.toContain('ann@')
  })
})

describe('recentActivity', () => {
  const entry = {
    event: 'linked',
    at: LINKED_AT,
    provider: 'github',
    way: 'settings',
    client: 'Shop',
  } as const

  it.each([
    [{ ...entry }, 'Connected GitHub', undefined],
    [{ ...entry, way: 'login' }, 'Connected GitHub', 'Shop'],
    [{ ...entry, way: 'login', client: 'S\u202Ehop' }, 'Connected GitHub', 'Shop'],
    [{ ...entry, event: 'unlinked' as const }, 'Disconnected GitHub', undefined],
    [{ ...entry, event: 'restored' as const }, 'Undid connecting GitHub', undefined],
    [{ ...entry, provider: 'constructor' }, 'Connected constructor', undefined],
    [{ ...entry, way: '' }, 'Connected GitHub', undefined],
    [{ event: 'declined' as const, at: LINKED_AT, client: 'Shop' }, 'Declined to connect an account', 'Shop'],
    [{ event: 'declined' as const, at: LINKED_AT, count: 2 }, 'Declined to connect 2 accounts', undefined],
  ])('shows %j as %s', (given, what, application) => {
    expect(recentActivity(en, [given])).toEqual([
      {
        key: '0',
        what,
        application,
        date: {
          iso: '2025-06-15T15:06:40.000Z',
          text: 'Jun 15, 2025, 3:06 PM UTC',
          hasTime: true,
          ago: '1 minute ago',
        },
      },
    ])
  })
})

const CONNECT = '/settings/connected-accounts/connect'
/** A URL and server actions that the views only pass on. */
const ACTIONS = { connect: CONNECT, decline: async () => {}, takeBack: async () => {} }

describe('suggestionViews', () => {
  const suggestion: Suggestion = {
    ...{ handle: 'h', userId: 'google-oauth2|ann-g', provider: 'google-oauth2', connection: 'google-oauth2' },
    ...{ hasMfa: false, declinedUntil: 0, isOwnDecline: false },
  }
  const views = (fields: Partial<Suggestion>) =>
    suggestionViews(en, anAccount(), [{ ...suggestion, ...fields }], ACTIONS)
  const actions = ({ forms }: { forms: { action: unknown; field: unknown }[] }) =>
    forms.map(({ action }) => action)

  it('have actions to connect and decline, and identify the account by a hash', () => {
    const { open, declined } = views({})
    expect(declined).toEqual([])
    expect(open.map(actions)).toEqual([[ACTIONS.decline, CONNECT]])
    expect(open[0]?.forms.map(({ field }) => field)).toEqual(
      Array(2).fill({ name: 'suggestion', value: 'h' }),
    )
    expect(open[0]?.account).toMatchObject({ provider: 'Google', label: 'ann@example.com' })
    expect(JSON.stringify(open)).not.toContain('ann-g')
  })

  it('distinguish accounts of the same provider, and add nothing to others', () => {
    const dates = { since: LINKED_AT - 86_400 * 365, lastUsed: LINKED_AT }
    const account = anAccount()
    const one = { ...suggestion, ...dates }
    const other = { ...one, handle: 'i', userId: 'google-oauth2|ann-2', since: LINKED_AT }
    expect(suggestionViews(en, account, [one], ACTIONS).open[0]?.account.further).toBeUndefined()
    const { open } = suggestionViews(en, account, [one, other], ACTIONS)
    expect(open[0]?.account.further).toMatch(/^created .+ 20\d\d · last used .+ 20\d\d$/)
    const names = open.flatMap(({ forms }) => forms.map(({ name }) => name))
    expect(new Set(names).size).toBe(4)
    const [database] = suggestionViews(
      en,
      account,
      [{ ...one, provider: 'auth0', connection: 'db' }],
      ACTIONS,
    ).open
    expect(database?.account.further).toContain('created')
  })

  it.each([
    [true, [ACTIONS.takeBack, CONNECT]],
    [false, [CONNECT]],
  ])('offer actions for a decline, by the own account: %s', (isOwnDecline, expected) => {
    const { open, declined } = views({ declinedUntil: NEVER, isOwnDecline })
    expect(open).toEqual([])
    expect(declined.map(actions)).toEqual([expected])
  })

  it.each([
    [LINKED_AT + 60, 'open'],
    [LINKED_AT + 61, 'declined'],
  ] as const)('with a decline until %d are listed as %s', (declinedUntil, list) => {
    expect(views({ declinedUntil, isOwnDecline: true })[list]).toHaveLength(1)
  })
})
