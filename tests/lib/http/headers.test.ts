import { describe, expect, it } from 'vitest'
import { browserLinkingHeaders, documentHeaders, pageHeaders, plainHeaders } from '@/lib/http/headers'
import { testConfig } from '../../support/process/services'

const PLAIN = testConfig()
const SECURE = testConfig({ APP_BASE_URL: 'https://app.example.com', AUTH0_DOMAIN: 'login.example.com' })
const LOCAL = testConfig({ APP_BASE_URL: 'https://localhost:3000', AUTH0_DOMAIN: 'login.example.com' })
const policyOf = (headers: Record<string, string>) => headers['content-security-policy']?.split('; ') ?? []

describe('documentHeaders', () => {
  it('allow no script, and one style element', () => {
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

  it('omit form-action if a form leads to another origin', () => {
    expect(documentHeaders(PLAIN, 'N', 'leads-out')['content-security-policy']).not.toContain('form-action')
  })

  it('forbid caching, and send the referrer only to our own origin', () => {
    expect(documentHeaders(PLAIN, 'N', 'stays')).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
    })
  })
})

describe('pageHeaders', () => {
  it('allow scripts only with a nonce', () => {
    expect(policyOf(pageHeaders(PLAIN, 'N', 'leads-out'))).toContain("script-src 'nonce-N' 'strict-dynamic'")
  })

  it('keep forms on our origin, unless one leads to another', () => {
    expect(policyOf(pageHeaders(PLAIN, 'N', 'stays'))).toContain("form-action 'self'")
    expect(policyOf(pageHeaders(PLAIN, 'N', 'leads-out'))).not.toContain('form-action')
  })

  it('require TLS over TLS, and never otherwise', () => {
    const plain = pageHeaders(PLAIN, 'N', 'stays')
    expect(plain).not.toHaveProperty('strict-transport-security')
    expect(policyOf(plain)).not.toContain('upgrade-insecure-requests')
    const secure = pageHeaders(SECURE, 'N', 'stays')
    expect(secure).toMatchObject({ 'strict-transport-security': 'max-age=31536000' })
    expect(policyOf(secure)).toContain('upgrade-insecure-requests')
  })

  it('do not require TLS on loopback, because other programs there respond without it', () => {
    const local = pageHeaders(LOCAL, 'N', 'stays')
    expect(local).not.toHaveProperty('strict-transport-security')
    expect(policyOf(local)).not.toContain('upgrade-insecure-requests')
  })
})

describe('browserLinkingHeaders', () => {
  it('let scripts call the canonical domain, and keep the rest of the page’s policy', () => {
    for (const page of ['opener', 'window'] as const)
      expect(policyOf(browserLinkingHeaders(PLAIN, 'N', page))).toEqual(
        policyOf(pageHeaders(PLAIN, 'N', 'stays')).map((directive) =>
          directive === "connect-src 'self'" ? `${directive} https://localhost:4401` : directive,
        ),
      )
  })

  it('let the page and its popup windows access each other', () => {
    expect(browserLinkingHeaders(PLAIN, 'N', 'opener')).toMatchObject({
      'cross-origin-opener-policy': 'same-origin-allow-popups',
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
    })
    expect(browserLinkingHeaders(PLAIN, 'N', 'window')).not.toHaveProperty('cross-origin-opener-policy')
  })
})

describe('plainHeaders', () => {
  it('send no referrer', () => {
    expect(plainHeaders(PLAIN)).toEqual({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    })
  })
})
