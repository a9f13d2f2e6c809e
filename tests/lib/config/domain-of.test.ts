import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { domainOf, proofDomain } from '@/lib/config/domain-of'
import { APP_ENVIRONMENT } from '../../support/app-environment'

beforeAll(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.stubEnv('AUTH0_DOMAIN', 'http://localhost:4400,http://127.0.0.1:4400')
})
afterAll(() => {
  vi.unstubAllEnvs()
})

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
  ])('knows of %j: %s', (host, origin) => {
    expect(domainOf(host)?.origin).toBe(origin)
  })
})

describe('proofDomain', () => {
  it.each([
    ['localhost:4400', 'http://localhost:4400'],
    ['127.0.0.1:4400', 'http://127.0.0.1:4400'],
    ['localhost:4401', 'http://localhost:4400'],
    ['evil.test', 'http://localhost:4400'],
  ])('has an account proven, where the login runs at %s, at %s', (host, origin) => {
    expect(proofDomain(host).origin).toBe(origin)
  })
})
