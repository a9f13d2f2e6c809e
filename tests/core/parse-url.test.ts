import { describe, expect, it } from 'vitest'
import { parseUrl } from '@/core/parse-url'
import { parseUrl as parseUrlOfTenant } from '@/local-tenant/parse-url'

/** So many calls that Node.js has certainly compiled the function. */
const OFTEN = 20_000

describe.each([
  ['the service', parseUrl],
  ['the local tenant', parseUrlOfTenant],
])('parseUrl of %s', (_whose, parse) => {
  it('returns the same for a URL however often it is called', () => {
    for (let count = 0; count < OFTEN; count += 1)
      if (parse('https://münchen.example/ü')?.host !== 'xn--mnchen-3ya.example') expect(count).toBe(OFTEN)
  })

  it.each(['', 'shop', '//shop.example', 'https://', 'https://a b/'])('returns undefined for %j', (text) => {
    expect(parse(text)).toBeUndefined()
  })
})

describe('parseUrl', () => {
  it('resolves a URL relative to another', () => {
    expect(parseUrl('/a', 'https://app.example')?.href).toBe('https://app.example/a')
  })
})
