import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { appUrl } from '@/lib/config/app-url'
import { redirectToPage, repostTo, seeOther } from '@/lib/http/redirects'
import { chooseContinueDomain, continueUrl, continueUrlWithToken } from '@/lib/link-flow/continue-url'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { services } from '../../support/process/services'

beforeAll(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.stubEnv('AUTH0_DOMAIN', 'http://localhost:4400, http://127.0.0.1:4400')
})
afterAll(() => {
  vi.unstubAllEnvs()
})

describe('chooseContinueDomain', () => {
  it.each([
    ['http://localhost:4400/continue', 'localhost:4400'],
    ['https://127.0.0.1:4400/continue', '127.0.0.1:4400'],
    ['https://localhost:4401/continue', 'localhost:4401'],
    ['https://localhost:4401.evil.test/continue', 'localhost:4400'],
    ['https://127.0.0.1:4400@evil.test/continue', 'localhost:4400'],
    ['https://evil.test/continue', 'localhost:4400'],
    ['//evil.test', 'localhost:4400'],
    ['javascript:alert(1)', 'localhost:4400'],
    ['not an address', 'localhost:4400'],
  ])('returns for %s: %s', (continueUrl, expected) => {
    expect(chooseContinueDomain(services(), { continueUrl, issuer: 'localhost:4401' })).toBe(expected)
  })

  it.each([
    ['a login domain', undefined, '127.0.0.1:4400', '127.0.0.1:4400'],
    [
      'a login domain, if the URL is not of a login domain',
      'https://evil.test',
      '127.0.0.1:4400',
      '127.0.0.1:4400',
    ],
    ['the canonical domain, which signs for all', undefined, 'localhost:4401', 'localhost:4400'],
    [
      'a login domain, if the URL is of another one',
      'https://localhost:4400',
      '127.0.0.1:4400',
      'localhost:4400',
    ],
  ])('uses the issuer if that is %s', (_what, continueUrl, issuer, expected) => {
    expect(chooseContinueDomain(services(), { continueUrl, issuer })).toBe(expected)
  })
})

describe('continueUrl', () => {
  it.each(['abc', 'a+b/c=~:,', 'x&session_token=y', '#', '?', 'a b', '%41', 'ü😀', 's'.repeat(2048)])(
    'contains state %j unchanged',
    (state) => {
      const url = new URL(continueUrl(services(), 'localhost:4400', state))
      expect(url.origin + url.pathname).toBe('http://localhost:4400/continue')
      expect([...url.searchParams]).toEqual([['state', state]])
      expect(url.hash).toBe('')
    },
  )

  it.each([
    ['localhost:4400', 'http://localhost:4400'],
    ['127.0.0.1:4400', 'http://127.0.0.1:4400'],
    ['localhost:4401', 'https://localhost:4401'],
    ['evil.test', 'http://localhost:4400'],
    ['127.0.0.1:4400@evil.test', 'http://localhost:4400'],
    ['', 'http://localhost:4400'],
    [undefined, 'http://localhost:4400'],
  ])('for the host %s has the origin %s', (domain, origin) => {
    expect(new URL(continueUrl(services(), domain, 's')).origin).toBe(origin)
  })

  it('contains a response token if no page of ours can post it', () => {
    const url = new URL(continueUrlWithToken(services(), 'localhost:4401', 'a&b', 'x.y.z'))
    expect(url.origin).toBe('https://localhost:4401')
    expect([...url.searchParams]).toEqual([
      ['state', 'a&b'],
      ['session_token', 'x.y.z'],
    ])
  })
})

describe('appUrl', () => {
  it('is built from the configured origin', () => {
    expect(appUrl(services().appBaseUrl, '/link/prompt', { flow: 'a b', slow: undefined })).toBe(
      'http://localhost:3000/link/prompt?flow=a+b',
    )
  })
})

describe('seeOther', () => {
  it('is a 303 that sends no referrer and sets each cookie separately', () => {
    const response = seeOther(services(), 'http://localhost:4400/x', ['a=1', 'b=2'])
    expect(response.status).toBe(303)
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  })
})

describe('repostTo', () => {
  it('is a 307, so that the browser repeats the POST', () => {
    expect(repostTo(services(), 'http://localhost:4400/continue').status).toBe(307)
  })
})

describe('redirectToPage', () => {
  it('leads to one of our pages, with the query parameters and cookies', () => {
    const response = redirectToPage(services(), '/link/prompt', { flow: 'a&b', choose: undefined }, [
      'link_1=x',
    ])
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('http://localhost:3000/link/prompt?flow=a%26b')
    expect(response.headers.getSetCookie()).toEqual(['link_1=x'])
    expect(response.headers.get('cache-control')).toBe('no-store')
  })
})
