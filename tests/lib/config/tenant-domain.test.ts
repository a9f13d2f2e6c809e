import { Auth0Client } from '@auth0/nextjs-auth0/server'
import { describe, expect, it } from 'vitest'
import { canSignInAt, isLoopback, parseTenantDomain } from '@/lib/config/tenant-domain'

describe('parseTenantDomain', () => {
  it.each([
    ['tenant.example.com', 'https://tenant.example.com', 'tenant.example.com'],
    ['https://localhost:4401', 'https://localhost:4401', 'localhost:4401'],
    ['http://localhost:4400/', 'http://localhost:4400', 'localhost:4400'],
  ])('reads %s', (value, origin, host) => {
    expect(parseTenantDomain(value)).toEqual({ origin, issuer: `${origin}/`, host })
  })

  it.each([
    '',
    'a b',
    'tenant.example.com/path',
    'https://user@host',
    'https://host?x',
    'ftp://host',
    '//host',
  ])('refuses %j', (value) => {
    expect(parseTenantDomain(value)).toBeUndefined()
  })
})

describe('isLoopback', () => {
  it.each([
    ['http://localhost:3000', true],
    ['http://127.0.0.1', true],
    ['http://[::1]:80', true],
    ['http://localhost.example.com', false],
    ['http://128.0.0.1', false],
  ])('returns for %s: %s', (origin, expected) => {
    expect(isLoopback(origin)).toBe(expected)
  })
})

describe('canSignInAt', () => {
  const SETTINGS = {
    appBaseUrl: 'https://app.example.com',
    clientId: 'app',
    clientSecret: 'x',
    secret: 'x'.repeat(32),
  }
  const libraryTakes = (domain: string, allowInsecureRequests: boolean) => {
    try {
      return new Auth0Client({ ...SETTINGS, domain, allowInsecureRequests }) instanceof Auth0Client
    } catch {
      return false
    }
  }

  it.each([
    ['login.example.com', true],
    ['tenant.eu.auth0.com', true],
    ['localhost', true],
    ['https://localhost:4401', true],
    ['http://localhost:4400', true],
    ['login.example.com:8443', false],
    ['127.0.0.1', false],
    ['https://127.0.0.1:4401', false],
    ['http://127.0.0.1:4400', false],
    ['https://[::1]:4401', false],
    ['https://[2001:db8::1]', false],
    ['192.0.2.1', false],
    ['login.localhost', false],
    ['localhost.example.com', false],
    ['login.local', false],
  ])('returns for %s: %s, as the session library does', (value, expected) => {
    const domain = parseTenantDomain(value)
    expect(domain && canSignInAt(domain)).toBe(expected)
    const isLocal = isLoopback(domain?.origin ?? '')
    expect(libraryTakes((isLocal ? domain?.origin : domain?.host) ?? '', isLocal)).toBe(expected)
  })
})
