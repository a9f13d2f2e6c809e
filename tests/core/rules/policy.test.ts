import { describe, expect, it } from 'vitest'
import { isTrusted } from '@/core'
import { aPolicy } from '../../support/builders/users'

const identity = (provider: string, connection: string) => ({
  user_id: `${provider}|1`,
  provider,
  connection,
})

describe('isTrusted', () => {
  it.each([
    ['auth0', 'db', {}, true],
    ['apple', 'apple', {}, true],
    ['samlp', 'acme', {}, false],
    ['facebook', 'facebook', {}, false],
    ['samlp', 'acme', { trusted: ['acme'] }, true],
    ['samlp', 'other', { trusted: ['acme'] }, false],
    ['auth0', 'db', { trusted: ['acme'] }, false],
    ['auth0', 'legacy', { blocked: ['legacy'] }, false],
    ['auth0', 'db', { blocked: ['legacy'] }, true],
    ['github', 'github', { blocked: ['github'] }, false],
    ['samlp', 'acme', { trusted: ['samlp'], blocked: ['acme'] }, false],
  ])('of %s/%s with %j: %s', (provider, connection, policy, expected) => {
    expect(isTrusted(identity(provider, connection), aPolicy(policy))).toBe(expected)
  })
})
