import { describe, expect, it } from 'vitest'
import { toConnectedAccounts } from '@/app/settings/connected-accounts/to-connected-accounts'
import { Account } from '@/lib/auth0/account'
import { snapshotKeyOf } from '@/lib/linking'

const anAccount = (fields: object) =>
  Account.parse({
    user_id: 'auth0|ann',
    email: 'ann@example.com',
    created_at: '2024-03-01T10:00:00.000Z',
    identities: [{ provider: 'auth0', connection: 'db', user_id: 'ann' }],
    ...fields,
  })
const withSecond = (second: object, fields: object = {}) =>
  anAccount({ identities: [{ provider: 'auth0', connection: 'db', user_id: 'ann' }, second], ...fields })

describe('toConnectedAccounts', () => {
  it('shows the primary identity with the address and age of the user', async () => {
    expect(await toConnectedAccounts(anAccount({}))).toEqual([
      {
        key: '0',
        providerName: 'E-mail and password',
        mark: 'password',
        label: 'ann@example.com',
        since: '2024-03-01T10:00:00.000Z',
        isPrimary: true,
      },
    ])
  })

  it('dates a linked identity by the snapshot its link left', async () => {
    const account = withSecond(
      {
        provider: 'google-oauth2',
        connection: 'google-oauth2',
        user_id: 'ann-g',
        profileData: { email: 'a@g.example' },
      },
      { app_metadata: { [await snapshotKeyOf('google-oauth2|ann-g')]: { v: 1, at: 1_750_000_000 } } },
    )
    expect((await toConnectedAccounts(account))[1]).toMatchObject({
      providerName: 'Google',
      mark: 'google',
      label: 'a@g.example',
      since: '2025-06-15T15:06:40.000Z',
      isPrimary: false,
    })
  })

  it.each([
    ['no snapshot', {}],
    ['a snapshot without a time', { at: 'yesterday' }],
    ['a snapshot with an impossible time', { at: 1e300 }],
  ])('leaves the date open with %s', async (_what, snapshot) => {
    const account = withSecond(
      { provider: 'github', connection: 'github', user_id: 7 },
      { app_metadata: { [await snapshotKeyOf('github|7')]: snapshot } },
    )
    expect((await toConnectedAccounts(account))[1]?.since).toBeUndefined()
  })

  it.each([
    ['user name', { username: 'ann7', name: 'Ann' }, 'ann7'],
    ['phone number', { phone_number: '+4470000', name: 'Ann' }, '+4470000'],
    ['nickname', { nickname: 'annie', name: 'Ann' }, 'annie'],
    ['name', { name: 'Ann' }, 'Ann'],
    ['nothing', {}, undefined],
  ])('labels an identity without an address by its %s', async (_what, profileData, label) => {
    const rows = await toConnectedAccounts(
      withSecond({ provider: 'github', connection: 'github', user_id: '7', profileData }),
    )
    expect(rows[1]?.label).toBe(label)
  })

  it("names a company's connection as people there know it", async () => {
    const rows = await toConnectedAccounts(
      withSecond({ provider: 'samlp', connection: 'acme-saml', user_id: 'acme|ann' }),
    )
    expect(rows[1]).toMatchObject({ providerName: 'acme-saml', mark: 'enterprise' })
  })
})
