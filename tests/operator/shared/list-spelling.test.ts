import { describe, expect, it } from 'vitest'
import { respelled, respelledDesired, respelledVariables } from '@/operator/shared/list-spelling'
import { DESIRED } from './a-tenant'

const CONNECTIONS = [
  { name: 'acme', strategy: 'samlp' },
  { name: 'github', strategy: 'oidc' },
  { name: 'legacy-db', strategy: 'auth0' },
  { name: 'oldest', strategy: 'oidc' },
  { name: 'new', strategy: 'a-strategy-of-next-year' },
]

describe('respelled', () => {
  it.each([
    ['auth0,acme', 'auth0,samlp:acme'],
    ['acme legacy-db', 'samlp:acme,auth0:legacy-db'],
    // The name of a provider stays as it is, even if a connection has the same name.
    ['auth0, github', 'auth0, github'],
    ['auth0, samlp:acme', 'auth0, samlp:acme'],
    ['gone,auth0', 'gone,auth0'],
    ['gone,acme', 'gone,samlp:acme'],
    ['oldest', 'oldest'],
    ['new', 'new'],
    ['', ''],
  ])('writes %j as %j', (list, expected) => {
    expect(respelled(list, CONNECTIONS)).toBe(expected)
  })
})

describe('respelledVariables', () => {
  it('leaves lists that forbid connections, and other variables, as they are', () => {
    const lists = { TRUSTED_CONNECTIONS: 'acme', PRIMARY: 'acme', CONNECT_CONNECTIONS: 'acme' }
    const secrets = { ACCOUNT_LINKING_TRUSTED_CONNECTIONS: 'acme', ACCOUNT_LINKING_PRIMARY: 'acme' }
    const others = { BLOCKED_CONNECTIONS: 'acme', PROVISIONED_CONNECTIONS: 'acme', BRAND_NAME: 'acme' }
    const spelled = Object.fromEntries(
      Object.keys({ ...lists, ...secrets }).map((name) => [name, 'samlp:acme']),
    )
    expect(respelledVariables({ ...lists, ...secrets, ...others }, CONNECTIONS)).toEqual({
      ...spelled,
      ...others,
    })
  })
})

describe('respelledDesired', () => {
  it("writes the Action's secrets", () => {
    const name = 'ACCOUNT_LINKING_TRUSTED_CONNECTIONS'
    const secrets = [...DESIRED.action.secrets, { name, value: 'auth0 acme' }]
    const desired = { ...DESIRED, action: { ...DESIRED.action, secrets } }
    expect(respelledDesired(desired, CONNECTIONS).action.secrets).toEqual([
      ...DESIRED.action.secrets,
      { name, value: 'auth0,samlp:acme' },
    ])
  })
})
