import { describe, expect, it } from 'vitest'
import { isLinkPreview, isPrefetch } from '@/lib/http/robots'

const request = (headers: Record<string, string>) => new Request('http://localhost:3000/link', { headers })

describe('isPrefetch', () => {
  it.each([
    [{ 'sec-purpose': 'prefetch' }, true],
    [{ 'sec-purpose': 'prefetch;prerender' }, true],
    [{ purpose: 'prefetch' }, true],
    [{ 'next-router-prefetch': '1' }, true],
    [{}, false],
  ])('returns for %j: %s', (headers, expected) => {
    expect(isPrefetch(request(headers))).toBe(expected)
  })
})

describe('isLinkPreview', () => {
  it.each([
    ['Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)', true],
    ['facebookexternalhit/1.1', true],
    ['WhatsApp/2.23', true],
    ['Mozilla/5.0 (compatible; bingbot/2.0)', true],
    ['Mozilla/5.0 (Linux; Android 13; CUBOT P80) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36', false],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156 Safari/537.36', false],
  ])('returns for %s: %s', (agent, expected) => {
    expect(isLinkPreview(request({ 'user-agent': agent }))).toBe(expected)
  })
})
