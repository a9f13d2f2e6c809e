import { describe, expect, it } from 'vitest'
import { isLoopback, parseTenantDomain } from '@/lib/config/tenant-domain'

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
  ])('says of %s: %s', (origin, expected) => {
    expect(isLoopback(origin)).toBe(expected)
  })
})
