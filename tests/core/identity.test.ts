import { describe, expect, it } from 'vitest'
import {
  bytesOf,
  findUser,
  hasIdentity,
  idOf,
  isObject,
  normalizeEmail,
  parseUser,
  providerOf,
  splitUserId,
} from '@/core'
import { aUser } from '../support/builders/users'

describe('splitUserId', () => {
  it.each([
    ['auth0|1', { provider: 'auth0', id: '1' }],
    ['x|1', { provider: 'x', id: '1' }],
    ['samlp|acme|ann@example.com', { provider: 'samlp', id: 'acme|ann@example.com' }],
    ['oidc|a||b|', { provider: 'oidc', id: 'a||b|' }],
  ])('splits %s at its first bar only', (userId, parts) => {
    expect(splitUserId(userId)).toEqual(parts)
    expect(idOf(userId)).toBe(parts.id)
  })

  it.each(['', 'auth0', '|1', 'auth0|', '|'])('returns undefined for %j, which is no user id', (userId) => {
    expect(splitUserId(userId)).toBeUndefined()
  })
})

describe('idOf', () => {
  it('returns an empty string if there is no id', () => {
    expect(idOf()).toBe('')
  })
})

describe('normalizeEmail', () => {
  it.each([
    ['Ann@Example.COM', 'ann@example.com'],
    ['ann.archer+x@example.com', 'ann.archer+x@example.com'],
    // The Kelvin sign and the dotted capital I: Unicode lower-casing would change them to ASCII letters.
    ['\u212Aim@example.com', '\u212Aim@example.com'],
    ['\u0130da@example.com', '\u0130da@example.com'],
    ['ÄNN@example.com', 'Änn@example.com'],
    [undefined, ''],
    [null, ''],
  ])('converts %j to %j', (email, normalized) => {
    expect(normalizeEmail(email)).toBe(normalized)
  })
})

describe('isObject', () => {
  it.each([
    [{}, true],
    [null, false],
    [[], false],
    ['x', false],
    [undefined, false],
  ])('returns for %j: %s', (value, expected) => {
    expect(isObject(value)).toBe(expected)
  })
})

describe('bytesOf', () => {
  it('counts UTF-8 bytes, not characters', () => {
    expect(bytesOf({ a: 'ä€' })).toBe('{"a":""}'.length + 5)
  })
})

describe('parseUser', () => {
  const identities = [{ provider: 'auth0', user_id: '1', connection: 'db' }]

  it('converts ids of identities to user ids, even if they are numbers or contain bars', () => {
    const raw = [
      { provider: 'github', user_id: 4711, connection: 'github', isSocial: true },
      { provider: 'samlp', user_id: 'acme|ann|x', connection: 'acme' },
    ]
    expect(parseUser({ identities: raw }).identities).toEqual([
      { user_id: 'github|4711', provider: 'github', connection: 'github' },
      { user_id: 'samlp|acme|ann|x', provider: 'samlp', connection: 'acme' },
    ])
  })

  it.each([undefined, null, {}, [null]])('throws for identities that are %j', (raw) => {
    expect(() => parseUser({ identities: raw })).toThrow(TypeError)
  })

  it.each([undefined, null])('replaces metadata that is %s with an empty object', (metadata) => {
    const user = parseUser({
      user_id: 'auth0|1',
      identities,
      user_metadata: metadata,
      app_metadata: metadata,
    })
    expect(user).toMatchObject({ user_metadata: {}, app_metadata: {} })
  })

  it('records the size of the user as read', () => {
    const raw = { user_id: 'auth0|1', identities, name: 'Änn' }
    expect(parseUser(raw).bytes).toBe(Buffer.byteLength(JSON.stringify(raw)))
  })

  it.each([undefined, null, 'x', {}])('throws for %j', (raw) => {
    expect(() => parseUser(raw)).toThrow(TypeError)
  })
})

describe('findUser', () => {
  it('finds a user by user id, not by a linked identity', () => {
    const ann = aUser({ user_id: 'auth0|1', linked: ['github|2'] })
    expect(findUser([aUser(), ann], 'auth0|1')).toBe(ann)
    expect(findUser([aUser(), ann], 'github|2')).toBeUndefined()
  })
})

describe('hasIdentity', () => {
  it.each([
    ['auth0|1', true],
    ['github|2', true],
    // The same id with another provider is another identity.
    ['google-oauth2|2', false],
  ])('of %s is %s', (userId, expected) => {
    expect(hasIdentity(aUser({ user_id: 'auth0|1', linked: ['github|2'] }), userId)).toBe(expected)
  })
})

describe('providerOf', () => {
  it.each([
    ['samlp|acme|ann', 'samlp'],
    ['ann', 'ann'],
    ['|ann', '|ann'],
  ])('of %j is %j', (userId, provider) => {
    expect(providerOf(userId)).toBe(provider)
  })
})
