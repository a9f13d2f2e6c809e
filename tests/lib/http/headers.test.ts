import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { APP_ENVIRONMENT } from '../../support/app-environment'

async function load(changes: Record<string, string> = {}) {
  vi.resetModules()
  for (const [name, value] of Object.entries({ ...APP_ENVIRONMENT, ...changes })) vi.stubEnv(name, value)
  return import('@/lib/http/headers')
}
const TLS = { APP_BASE_URL: 'https://app.example.com', AUTH0_DOMAIN: 'login.example.com' }
const policyOf = (headers: Record<string, string>) => headers['content-security-policy']?.split('; ') ?? []

beforeEach(() => {
  vi.resetModules()
})
afterEach(() => {
  vi.unstubAllEnvs()
})

describe('documentHeaders', () => {
  it('allows no script, and one style', async () => {
    const { documentHeaders } = await load()
    expect(policyOf(documentHeaders('N', 'stays'))).toEqual([
      "default-src 'none'",
      "script-src 'none'",
      "style-src 'nonce-N'",
      'img-src data:',
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'self'",
    ])
  })

  it('leaves form-action out where a form leads out', async () => {
    const { documentHeaders } = await load()
    expect(documentHeaders('N', 'leads-out')['content-security-policy']).not.toContain('form-action')
  })

  it('is not cached and tells the address to our own origin only', async () => {
    const { documentHeaders } = await load()
    expect(documentHeaders('N', 'stays')).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
    })
  })
})

describe('pageHeaders', () => {
  it('allows scripts by nonce only', async () => {
    const { pageHeaders } = await load()
    expect(policyOf(pageHeaders('N', 'leads-out'))).toContain("script-src 'nonce-N' 'strict-dynamic'")
  })

  it('keeps forms on our origin, save where one leads out', async () => {
    const { pageHeaders } = await load()
    expect(policyOf(pageHeaders('N', 'stays'))).toContain("form-action 'self'")
    expect(policyOf(pageHeaders('N', 'leads-out'))).not.toContain('form-action')
  })

  it('asks for TLS over TLS, and never elsewhere', async () => {
    const plain = (await load()).pageHeaders('N', 'stays')
    expect(plain).not.toHaveProperty('strict-transport-security')
    expect(policyOf(plain)).not.toContain('upgrade-insecure-requests')
    const secure = (await load(TLS)).pageHeaders('N', 'stays')
    expect(secure).toMatchObject({ 'strict-transport-security': 'max-age=31536000' })
    expect(policyOf(secure)).toContain('upgrade-insecure-requests')
  })

  it('does not ask a browser to stay with TLS on loopback, where other programs answer without it', async () => {
    const local = (await load({ ...TLS, APP_BASE_URL: 'https://localhost:3000' })).pageHeaders('N', 'stays')
    expect(local).not.toHaveProperty('strict-transport-security')
    expect(policyOf(local)).not.toContain('upgrade-insecure-requests')
  })
})

describe('browserLinkingHeaders', () => {
  it('lets scripts call the canonical domain, and keeps the rest of a page’s policy', async () => {
    const { browserLinkingHeaders, pageHeaders } = await load()
    for (const page of ['opener', 'window'] as const)
      expect(policyOf(browserLinkingHeaders('N', page))).toEqual(
        policyOf(pageHeaders('N', 'stays')).map((directive) =>
          directive === "connect-src 'self'" ? `${directive} https://localhost:4401` : directive,
        ),
      )
  })

  it('lets the page and its windows see each other', async () => {
    const { browserLinkingHeaders } = await load()
    expect(browserLinkingHeaders('N', 'opener')).toMatchObject({
      'cross-origin-opener-policy': 'same-origin-allow-popups',
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
    })
    expect(browserLinkingHeaders('N', 'window')).not.toHaveProperty('cross-origin-opener-policy')
  })
})

describe('plainHeaders', () => {
  it('tells no address to anyone', async () => {
    expect((await load()).plainHeaders()).toEqual({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    })
  })
})
