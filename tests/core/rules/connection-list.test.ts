import { describe, expect, it } from 'vitest'
import {
  bareEntries,
  isNamed,
  mayBeNamed,
  normalizedList,
  parseListEntry,
  STRATEGIES,
  splitList,
  unreadableEntries,
} from '@/core'
import { PROVIDERS } from '@/local-tenant/endpoints/identities'

describe('STRATEGIES', () => {
  it("equal the providers of the local tenant, which were taken separately from Auth0's description", () => {
    expect(STRATEGIES).toHaveLength(55)
    expect([...STRATEGIES].sort()).toEqual([...PROVIDERS].sort())
  })
})

describe('splitList', () => {
  it.each([
    ['github,oidc:acme', ['github', 'oidc:acme']],
    [' github ,\n\toidc:acme,, ', ['github', 'oidc:acme']],
    ['github oidc:acme', ['github', 'oidc:acme']],
    ['github\u00a0oidc:acme', ['github', 'oidc:acme']],
    [' , ', []],
    ['', []],
  ])('reads %j as %j', (text, entries) => {
    expect(splitList(text)).toEqual(entries)
  })
})

describe('parseListEntry', () => {
  it.each([
    ['github', { kind: 'provider', strategy: 'github' }],
    ['auth0', { kind: 'provider', strategy: 'auth0' }],
    ['GitHub', { kind: 'bare', name: 'GitHub' }],
    ['acme', { kind: 'bare', name: 'acme' }],
    ['oidc:acme', { kind: 'connection', strategy: 'oidc', name: 'acme' }],
    ['oidc:github', { kind: 'connection', strategy: 'oidc', name: 'github' }],
    ['oidc:my:own', { kind: 'connection', strategy: 'oidc', name: 'my:own' }],
    ['odic:acme', { kind: 'unreadable', strategy: 'odic', name: 'acme' }],
    ['OIDC:acme', { kind: 'unreadable', strategy: 'OIDC', name: 'acme' }],
    ['toString:acme', { kind: 'unreadable', strategy: 'toString', name: 'acme' }],
    ['oidc:', { kind: 'unreadable', strategy: 'oidc', name: '' }],
    [':acme', { kind: 'unreadable', strategy: '', name: 'acme' }],
    [':', { kind: 'unreadable', strategy: '', name: '' }],
  ])('parses %s as %j', (entry, expected) => {
    expect(parseListEntry(entry)).toEqual(expected)
  })
})

describe('isNamed', () => {
  it.each([
    ['github', 'github', ['github'], true],
    // A connection of another strategy with the name of a provider.
    ['oidc', 'github', ['github'], false],
    ['samlp', 'auth0', ['auth0'], false],
    ['oauth2', 'email', ['email', 'apple'], false],
    ['auth0', 'db', ['auth0'], true],
    ['oidc', 'acme', ['oidc:acme'], true],
    ['samlp', 'acme', ['oidc:acme'], false],
    ['oidc', 'other', ['oidc:acme'], false],
    ['oidc', 'acme', ['oidc'], true],
    ['samlp', 'acme', ['acme'], true],
    ['acme', 'other', ['acme'], false],
    ['samlp', 'acme', ['smalp:acme'], false],
    ['samlp', 'acme', ['samlp:'], false],
    // Not even if the identity's provider is spelled in the same way.
    ['smalp', 'acme', ['smalp:acme'], false],
    ['samlp', '', ['samlp:'], false],
    ['samlp', 'acme', [], false],
    ['samlp', undefined, ['samlp'], true],
    ['samlp', undefined, ['samlp:acme', 'acme'], false],
  ])('grants %s/%s by %j: %s', (provider, connection, list, expected) => {
    expect(isNamed({ provider, connection }, list)).toBe(expected)
  })
})

describe('mayBeNamed', () => {
  it.each([
    ['github', 'github', ['github'], true],
    ['oidc', 'github', ['github'], true],
    ['github', 'other', ['github'], true],
    ['samlp', 'acme', ['acme'], true],
    // A strategy that Auth0 added after our list was written.
    ['acme', 'other', ['acme'], true],
    ['oidc', 'acme', ['oidc:acme'], true],
    ['samlp', 'acme', ['oidc:acme'], false],
    ['oidc', 'other', ['oidc:acme'], false],
    ['samlp', 'acme', ['smalp:acme'], true],
    ['samlp', 'other', ['smalp:acme'], false],
    ['samlp', 'other', ['samlp:'], true],
    ['oidc', 'other', ['samlp:'], false],
    ['oidc', 'other', ['smalp:'], true],
    ['samlp', 'acme', [], false],
    ['samlp', undefined, ['samlp'], true],
    ['samlp', undefined, ['samlp:acme'], true],
    ['samlp', undefined, ['oidc:acme'], false],
    ['samlp', undefined, ['acme'], true],
    ['samlp', undefined, ['oidc'], false],
  ])('forbids %s/%s by %j: %s', (provider, connection, list, expected) => {
    expect(mayBeNamed({ provider, connection }, list)).toBe(expected)
  })
})

describe('unreadable entries, and normalizedList', () => {
  const list = ['oldest', 'acme', 'github', 'oidc:acme', 'odic:acme', ':']

  it('names the entries that cannot be read, and those without a strategy', () => {
    expect(unreadableEntries(list)).toEqual(['odic:acme', ':'])
    expect(bareEntries(list)).toEqual(['oldest', 'acme'])
    expect(bareEntries(list, ['oldest'])).toEqual(['acme'])
  })

  it('returns the same text for lists with the same meaning', () => {
    expect(normalizedList(['github', 'auth0', 'github'])).toEqual(['auth0', 'github'])
    expect(normalizedList(['auth0', 'github'])).toEqual(['auth0', 'github'])
  })
})
