import { describe, expect, it } from 'vitest'
import { parseUrl } from '@/core/parse-url'
import { parseUrl as parseUrlOfTenant } from '@/local-tenant/parse-url'

/** Calls after which Node.js has compiled what it calls so often. */
const OFTEN = 20_000

describe.each([
  ['the service', parseUrl],
  ['the local tenant', parseUrlOfTenant],
])('parseUrl of %s', (_whose, parse) => {
  it('says the same of an address however often it is asked', () => {
    for (let count = 0; count < OFTEN; count += 1)
      if (parse('https://münchen.example/ü')?.host !== 'xn--mnchen-3ya.example') expect(count).toBe(OFTEN)
  })

  it.each(['', 'shop', '//shop.example', 'https://', 'https://a b/'])('does not parse %j', (text) => {
    expect(parse(text)).toBeUndefined()
  })
})

describe('parseUrl', () => {
  it('reads an address as relative to another', () => {
    expect(parseUrl('/a', 'https://app.example')?.href).toBe('https://app.example/a')
  })
})
