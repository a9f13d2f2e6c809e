import { describe, expect, it, vi } from 'vitest'
import { addDeclines, hash12, NEVER } from '@/core'
import type { Account } from '@/lib/auth0/account'
import { findSuggestions } from '@/lib/sign-in-methods/connect/suggestions'
import { configure, configurePolicy, services } from '../../../support/process/page-services'
import { now } from '../a-session'
import { atTenant } from '../at-tenant'

const tenant = await atTenant()
const read = (id = 'auth0|ann') => services().managementApi().getUser(id)
const suggested = async (account?: Account) =>
  (await findSuggestions(services(), services().managementApi(), account ?? (await read()))).map(
    ({ userId }) => userId,
  )
const GOOGLE = { provider: 'google-oauth2', user_id: 'ann-g', connection: 'google-oauth2' }
const PASSWORD = { provider: 'auth0', user_id: 'x', connection: 'Username-Password-Authentication' }
const lookups = () => tenant.calls().filter((call) => call === 'GET users-by-email')

describe('findSuggestions', () => {
  it('finds accounts with the same verified address, and identifies them by a hash', async () => {
    const [found, ...others] = await findSuggestions(services(), services().managementApi(), await read())
    expect(others).toEqual([])
    expect(found).toEqual({
      handle: await hash12('google-oauth2|ann-g'),
      userId: 'google-oauth2|ann-g',
      provider: 'google-oauth2',
      connection: 'google-oauth2',
      hasMfa: false,
      since: 1_738_400_400,
      lastUsed: undefined,
      declinedUntil: 0,
      isOwnDecline: false,
    })
  })

  it.each<[string, () => void, string]>([
    [
      'has more metadata than fits',
      () => tenant.change('google-oauth2|ann-g', { user_metadata: { essay: 'x'.repeat(3_000) } }),
      'metadata_too_large',
    ],
    [
      'has another identity of the same connection, so that no sign-in proves it',
      () => tenant.attach('google-oauth2|ann-g', { ...GOOGLE, user_id: 'second' }),
      'belongs_to_another',
    ],
    [
      'has a password for an unverified address',
      () => tenant.attach('google-oauth2|ann-g', PASSWORD, { email: 'x@example.com', email_verified: false }),
      'unverified',
    ],
  ])('returns the reason why an account cannot be connected that %s', async (_what, prepare, refused) => {
    prepare()
    expect(await findSuggestions(services(), services().managementApi(), await read())).toMatchObject([
      { userId: 'google-oauth2|ann-g', refused },
    ])
  })

  it('finds an account whose sessions still have to end, so that it is in the cached result', async () => {
    const ending = { before: now(), accounts: ['google-oauth2|ann-g'] }
    tenant.change('google-oauth2|ann-g', { app_metadata: { account_linking: { ending } } })
    tenant.change('auth0|ann', { app_metadata: { account_linking: { ending } } })
    expect(await suggested()).toEqual(['google-oauth2|ann-g'])
  })

  it('looks up both spellings of an address', async () => {
    expect(await suggested(await read('google-oauth2|eve-g'))).toEqual(['auth0|eve'])
    expect(lookups()).toHaveLength(2)
  })

  it('lists an account once that is found by both spellings', async () => {
    const api = services().managementApi()
    const eve = await read('auth0|eve')
    vi.spyOn(api, 'findUsers').mockResolvedValue([eve, eve])
    const found = await findSuggestions(services(), api, await read('google-oauth2|eve-g'))
    expect(found.map(({ userId }) => userId)).toEqual(['auth0|eve'])
  })

  it.each<[string, () => void]>([
    ['its address is not verified', () => tenant.change('google-oauth2|ann-g', { email_verified: false })],
    ['it is blocked', () => tenant.change('google-oauth2|ann-g', { blocked: true })],
    ['no other account exists', () => tenant.state.users.delete('google-oauth2|ann-g')],
    [
      "the account's own address is not verified",
      () => tenant.change('auth0|ann', { email_verified: false }),
    ],
    [
      'both have several identities',
      () => {
        tenant.attach('auth0|ann', { provider: 'github', user_id: '1', connection: 'github' })
        tenant.attach('google-oauth2|ann-g', { provider: 'github', user_id: '2', connection: 'github' })
      },
    ],
    [
      'its connection cannot be connected',
      () => {
        tenant.state.connections = tenant.state.connections.filter(({ name }) => name !== 'google-oauth2')
      },
    ],
    [
      'its connection is not trusted',
      () => {
        const [own] = tenant.user('google-oauth2|ann-g').identities
        if (own) Object.assign(own, { connection: 'acme-saml', provider: 'samlp' })
      },
    ],
  ])('suggests no account if %s', async (_why, prepare) => {
    prepare()
    expect(await suggested()).toEqual([])
  })

  it.each<[string, () => void]>([
    ['blocks its provider', () => configurePolicy({ blocked: ['google-oauth2'] })],
    ['trusts only other connections', () => configurePolicy({ trusted: ['auth0'] })],
    ['allows only other connections to be connected', () => configure({ connectConnections: ['github'] })],
  ])('suggests no account if the operator %s', async (_how, prepare) => {
    prepare()
    expect(await suggested()).toEqual([])
  })

  it('makes no lookup without a verified address', async () => {
    for (const fields of [
      { email: undefined },
      { email: '' },
      { email_verified: 'true' },
      { email_verified: false },
    ])
      expect(await suggested({ ...(await read()), ...fields })).toEqual([])
    expect(lookups()).toEqual([])
  })

  it("makes no lookup if links are made with the person's own token", async () => {
    const account = await read()
    configure({ linkingAuthority: 'user', connectConnections: ['google-oauth2'] })
    expect(await suggested(account)).toEqual([])
    expect(lookups()).toEqual([])
  })

  it('returns whether a second factor will be required', async () => {
    tenant.change('google-oauth2|ann-g', { mfa: true })
    expect(await findSuggestions(services(), services().managementApi(), await read())).toMatchObject([
      { hasMfa: true },
    ])
  })
})

describe('the cached result of findSuggestions', () => {
  it('lasts ten minutes', async () => {
    const account = await read()
    await suggested(account)
    await suggested(account)
    expect(lookups()).toHaveLength(1)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 601_000 })
    await suggested(account)
    expect(lookups()).toHaveLength(2)
  })

  it.each<[string, (account: Account) => Account]>([
    [
      'another identity',
      (account) => ({ ...account, identities: [...account.identities, ...account.identities] }),
    ],
    ['another address', (account) => ({ ...account, email: 'ann@other.example' })],
  ])('is not used for an account with %s', async (_what, changed) => {
    const account = await read()
    await suggested(account)
    await suggested(changed(account))
    expect(lookups()).toHaveLength(2)
  })
})

describe('a declined suggestion', () => {
  const decline = async (id: string, other: string, until: number) => {
    const user = tenant.user(id)
    user.app_metadata.account_linking = await addDeclines(
      { user_id: id, app_metadata: user.app_metadata },
      [other],
      { until, at: 1 },
    )
  }
  const OTHER = 'google-oauth2|ann-g'
  const find = async () => (await findSuggestions(services(), services().managementApi(), await read()))[0]

  it('can be taken back if the own account stores it', async () => {
    await decline('auth0|ann', OTHER, NEVER)
    expect(await find()).toMatchObject({ declinedUntil: NEVER, isOwnDecline: true })
  })

  it('cannot be taken back if the other account stores it', async () => {
    await decline(OTHER, 'auth0|ann', NEVER)
    expect(await find()).toMatchObject({ declinedUntil: NEVER, isOwnDecline: false })
  })

  it('cannot be taken back after it has expired', async () => {
    await decline('auth0|ann', OTHER, now() - 1)
    expect(await find()).toMatchObject({ declinedUntil: now() - 1, isOwnDecline: false })
  })

  it('is noticed at once, even if the result is cached', async () => {
    expect(await find()).toMatchObject({ declinedUntil: 0 })
    await decline('auth0|ann', OTHER, NEVER)
    expect(await find()).toMatchObject({ declinedUntil: NEVER, isOwnDecline: true })
    expect(lookups()).toHaveLength(1)
  })

  it('is gone at once after it was taken back, even if the result is cached', async () => {
    await decline('auth0|ann', OTHER, NEVER)
    await find()
    delete tenant.user('auth0|ann').app_metadata.account_linking
    expect(await find()).toMatchObject({ declinedUntil: 0, isOwnDecline: false })
    expect(lookups()).toHaveLength(1)
  })
})
