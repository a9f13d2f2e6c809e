import { describe, expect, it } from 'vitest'
import { domainOf, proofDomain } from '@/lib/config/domain-of'
import { testConfig } from '../../support/process/services'

const TWO_DOMAINS = testConfig({ AUTH0_DOMAIN: 'http://localhost:4400,http://127.0.0.1:4400' })

describe('domainOf', () => {
  it.each([
    ['localhost:4400', 'http://localhost:4400'],
    ['127.0.0.1:4400', 'http://127.0.0.1:4400'],
    ['localhost:4401', 'https://localhost:4401'],
    ['localhost', undefined],
    ['LOCALHOST:4400', undefined],
    ['', undefined],
    [undefined, undefined],
    [['localhost:4400'], undefined],
  ])('returns for %j: %s', (host, origin) => {
    expect(domainOf(TWO_DOMAINS, host)?.origin).toBe(origin)
  })
})

describe('proofDomain', () => {
  it.each([
    ['localhost:4400', 'http://localhost:4400'],
    ['127.0.0.1:4400', 'http://127.0.0.1:4400'],
    ['localhost:4401', 'http://localhost:4400'],
    ['evil.test', 'http://localhost:4400'],
  ])('returns for a login at %s the domain %s', (host, origin) => {
    expect(proofDomain(TWO_DOMAINS, host).origin).toBe(origin)
  })
})
