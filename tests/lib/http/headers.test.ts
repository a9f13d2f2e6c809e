import { describe, expect, it } from 'vitest'
import { browserLinkingHeaders, documentHeaders, pageHeaders, plainHeaders } from '@/lib/http/headers'
import { testConfig } from '../../support/process/services'

const PLAIN = testConfig()
const SECURE = testConfig({ APP_BASE_URL: 'https://app.example.com', AUTH0_DOMAIN: 'login.example.com' })
const LOCAL = testConfig({ APP_BASE_URL: 'https://localhost:3000', AUTH0_DOMAIN: 'login.example.com' })
const policyOf = (headers: Record<string, string>) => headers['content-security-policy']?.split('; ') ?? []

describe('documentHeaders', () => {
  it('allows no script, and one style', () => {
    expect(policyOf(documentHeaders(PLAIN, 'N', 'stays'))).toEqual([
      "default-src 'none'",
      "script-src 'none'",
      "style-src 'nonce-N'",
      'img-src data:',
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'self'",
    ])
  })

  it('leaves form-action out if a form leads out', () => {
    expect(documentHeaders(PLAIN, 'N', 'leads-out')['content-security-policy']).not.toContain('form-action')
  })

  it('is not cached and tells the address to our own origin only', () => {
    expect(documentHeaders(PLAIN, 'N', 'stays')).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
    })
  })
})

describe('pageHeaders', () => {
  it('allows scripts by nonce only', () => {
    expect(policyOf(pageHeaders(PLAIN, 'N', 'leads-out'))).toContain("script-src 'nonce-N' 'strict-dynamic'")
  })

  it('keeps forms on our origin, except if one leads out', () => {
    expect(policyOf(pageHeaders(PLAIN, 'N', 'stays'))).toContain("form-action 'self'")
    expect(policyOf(pageHeaders(PLAIN, 'N', 'leads-out'))).not.toContain('form-action')
  })

  it('asks for TLS over TLS, and never elsewhere', () => {
    const plain = pageHeaders(PLAIN, 'N', 'stays')
    expect(plain).not.toHaveProperty('strict-transport-security')
    expect(policyOf(plain)).not.toContain('upgrade-insecure-requests')
    const secure = pageHeaders(SECURE, 'N', 'stays')
    expect(secure).toMatchObject({ 'strict-transport-security': 'max-age=31536000' })
    expect(policyOf(secure)).toContain('upgrade-insecure-requests')
  })

  it('does not ask a browser to stay with TLS on loopback, because other programs there answer without it', () => {
    const local = pageHeaders(LOCAL, 'N', 'stays')
    expect(local).not.toHaveProperty('strict-transport-security')
    expect(policyOf(local)).not.toContain('upgrade-insecure-requests')
  })
})

describe('browserLinkingHeaders', () => {
  it('lets scripts call the canonical domain, and keeps the rest of a page’s policy', () => {
    for (const page of ['opener', 'window'] as const)
      expect(policyOf(browserLinkingHeaders(PLAIN, 'N', page))).toEqual(
        policyOf(pageHeaders(PLAIN, 'N', 'stays')).map((directive) =>
          directive === "connect-src 'self'" ? `${directive} https://localhost:4401` : directive,
        ),
      )
  })

  it('lets the page and its windows see each other', () => {
    expect(browserLinkingHeaders(PLAIN, 'N', 'opener')).toMatchObject({
      'cross-origin-opener-policy': 'same-origin-allow-popups',
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
    })
    expect(browserLinkingHeaders(PLAIN, 'N', 'window')).not.toHaveProperty('cross-origin-opener-policy')
  })
})

describe('plainHeaders', () => {
  it('tells no address to anyone', () => {
    expect(plainHeaders(PLAIN)).toEqual({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    })
  })
})
