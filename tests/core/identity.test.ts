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
  ])('splits %s at the first bar only', (userId, parts) => {
    expect(splitUserId(userId)).toEqual(parts)
    expect(idOf(userId)).toBe(parts.id)
  })

  it.each(['', 'auth0', '|1', 'auth0|', '|'])('knows that %j is no user id', (userId) => {
    expect(splitUserId(userId)).toBeUndefined()
  })
})

describe('idOf', () => {
  it('is empty if there is no id', () => {
    expect(idOf()).toBe('')
  })
})

describe('normalizeEmail', () => {
  it.each([
    ['Ann@Example.COM', 'ann@example.com'],
    ['ann.archer+x@example.com', 'ann.archer+x@example.com'],
    // The Kelvin sign and the capital dotted I: look-alikes that Unicode folding would make equal.
    ['\u212Aim@example.com', '\u212Aim@example.com'],
    ['\u0130da@example.com', '\u0130da@example.com'],
    ['ÄNN@example.com', 'Änn@example.com'],
    [undefined, ''],
    [null, ''],
  ])('makes %j %j', (email, normalized) => {
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
  ])('says of %j: %s', (value, expected) => {
    expect(isObject(value)).toBe(expected)
  })
})

describe('bytesOf', () => {
  it('counts UTF-8, not characters', () => {
    expect(bytesOf({ a: 'ä€' })).toBe('{"a":""}'.length + 5)
  })
})

describe('parseUser', () => {
  const identities = [{ provider: 'auth0', user_id: '1', connection: 'db' }]

  it('gives identities their full ids, also if the id is a number or holds bars', () => {
    const raw = [
      { provider: 'github', user_id: 4711, connection: 'github', isSocial: true },
      { provider: 'samlp', user_id: 'acme|ann|x', connection: 'acme' },
    ]
    expect(parseUser({ identities: raw }).identities).toEqual([
      { user_id: 'github|4711', provider: 'github', connection: 'github' },
      { user_id: 'samlp|acme|ann|x', provider: 'samlp', connection: 'acme' },
    ])
  })

  it.each([undefined, null, {}, [null]])('throws on identities that are %j', (raw) => {
    expect(() => parseUser({ identities: raw })).toThrow(TypeError)
  })

  it.each([undefined, null])('fills in metadata that is %s', (metadata) => {
    const user = parseUser({
      user_id: 'auth0|1',
      identities,
      user_metadata: metadata,
      app_metadata: metadata,
    })
    expect(user).toMatchObject({ user_metadata: {}, app_metadata: {} })
  })

  it('remembers how large the user was when it was read', () => {
    const raw = { user_id: 'auth0|1', identities, name: 'Änn' }
    expect(parseUser(raw).bytes).toBe(Buffer.byteLength(JSON.stringify(raw)))
  })

  it.each([undefined, null, 'x', {}])('throws on %j', (raw) => {
    expect(() => parseUser(raw)).toThrow(TypeError)
  })
})

describe('findUser', () => {
  it('finds by user id, not by linked identity', () => {
    const ann = aUser({ user_id: 'auth0|1', linked: ['github|2'] })
    expect(findUser([aUser(), ann], 'auth0|1')).toBe(ann)
    expect(findUser([aUser(), ann], 'github|2')).toBeUndefined()
  })
})

describe('hasIdentity', () => {
  it.each([
    ['auth0|1', true],
    ['github|2', true],
    // The same raw id under another provider is another account.
    ['google-oauth2|2', false],
  ])('%s: %s', (userId, expected) => {
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
