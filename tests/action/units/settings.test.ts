import { describe, expect, it } from 'vitest'
import { readSettings } from '@/action/settings'
import { SECRETS } from '../../support/action/platform'

const read = (secrets: Record<string, string | undefined> = {}) => readSettings({ ...SECRETS, ...secrets })

describe('readSettings', () => {
  it.each(Object.keys(SECRETS))('returns nothing without %s', (name) => {
    expect(read({ [name]: undefined })).toBeUndefined()
    expect(read({ [name]: '' })).toBeUndefined()
  })

  it('has a default for every optional setting', () => {
    expect(read()).toEqual({
      ...SECRETS,
      mode: 'offer',
      policy: {
        trusted: ['auth0', 'email', 'google-oauth2', 'apple', 'github'],
        blocked: [],
        provisioned: [],
        primary: ['oldest'],
        fillUserMetadata: true,
        appMetadataKeys: [],
        refuseKeys: [],
      },
      problems: [],
      declineLife: 30 * 86_400,
      markLife: 90 * 86_400,
      organizations: false,
      claim: '',
    })
  })

  it('reads what the operator configured', () => {
    const settings = read({
      ACCOUNT_LINKING_MODE: 'observe',
      ACCOUNT_LINKING_TRUSTED_CONNECTIONS: 'auth0,samlp',
      ACCOUNT_LINKING_BLOCKED_CONNECTIONS: 'legacy',
      ACCOUNT_LINKING_PROVISIONED_CONNECTIONS: 'scim',
      ACCOUNT_LINKING_PRIMARY: 'most_used',
      ACCOUNT_LINKING_USER_METADATA: 'none',
      ACCOUNT_LINKING_APP_METADATA_KEYS: 'plan',
      ACCOUNT_LINKING_REFUSE_APP_METADATA_KEYS: 'suspended, fraud',
      ACCOUNT_LINKING_DECLINE_DAYS: '7',
      ACCOUNT_LINKING_MARK_DAYS: '0.5',
      ACCOUNT_LINKING_ORGANIZATIONS: 'on',
      ACCOUNT_LINKING_CLAIM: 'https://example.com/linked',
      EVENTS_WEBHOOK_URL: 'https://events.example/',
    })
    expect(settings).toMatchObject({
      mode: 'observe',
      policy: {
        trusted: ['auth0', 'samlp'],
        blocked: ['legacy'],
        provisioned: ['scim'],
        primary: ['most_used'],
        fillUserMetadata: false,
        appMetadataKeys: ['plan'],
        refuseKeys: ['suspended', 'fraud'],
      },
      declineLife: 7 * 86_400,
      markLife: 43_200,
      organizations: true,
      claim: 'https://example.com/linked',
      EVENTS_WEBHOOK_URL: 'https://events.example/',
    })
  })

  it.each([
    ['MODE', 'ofer', { mode: 'off' }],
    ['MODE', 'Observe', { mode: 'off' }],
    ['USER_METADATA', 'fil', { policy: { fillUserMetadata: false } }],
    ['PRIMARY', 'odic:acme auth0', { policy: { primary: ['oldest'] } }],
    ['DECLINE_DAYS', 'a month', { declineLife: 30 * 86_400 }],
    ['DECLINE_DAYS', '-1', { declineLife: 30 * 86_400 }],
    ['MARK_DAYS', '1e999', { markLife: 90 * 86_400 }],
    ['MARK_DAYS', '0x10', { markLife: 90 * 86_400 }],
    ['ORGANIZATIONS', 'true', { organizations: false }],
  ])('uses the safest value for %s=%s, and reports the option', (name, text, expected) => {
    const settings = read({ [`ACCOUNT_LINKING_${name}`]: text })
    expect(settings).toMatchObject(expected)
    const unreadable = name === 'PRIMARY' ? ['odic:acme'] : [text]
    expect(settings?.problems).toMatchObject([{ option: { name }, unreadable }])
  })

  it('ignores white space around values and in lists', () => {
    expect(
      read({
        ACCOUNT_LINKING_MODE: ' off\n',
        ACCOUNT_LINKING_TRUSTED_CONNECTIONS: ' auth0 ,\n samlp,,Corporate-AD ',
        ACCOUNT_LINKING_ORGANIZATIONS: ' on ',
        ACCOUNT_LINKING_CLAIM: '  ',
      }),
    ).toMatchObject({
      mode: 'off',
      policy: { trusted: ['auth0', 'samlp', 'Corporate-AD'] },
      organizations: true,
      claim: '',
    })
  })

  it('reports unreadable list entries', () => {
    expect(
      read({
        ACCOUNT_LINKING_TRUSTED_CONNECTIONS: 'auth0 odic:acme',
        ACCOUNT_LINKING_BLOCKED_CONNECTIONS: ':old',
        ACCOUNT_LINKING_PROVISIONED_CONNECTIONS: 'scim:',
        ACCOUNT_LINKING_PRIMARY: 'oldest',
      })?.problems.flatMap(({ unreadable }) => unreadable),
    ).toEqual(['odic:acme', ':old', 'scim:'])
  })
})
