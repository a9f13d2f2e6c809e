import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  appUrl,
  chooseContinueDomain,
  continueUrl,
  continueUrlWithToken,
  parseContinueDomain,
  repostTo,
  seeOther,
} from '@/lib/http/redirects'
import { APP_ENVIRONMENT } from '../../support/app-environment'

beforeAll(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
})
afterAll(() => {
  vi.unstubAllEnvs()
})

describe('chooseContinueDomain', () => {
  it.each([
    [undefined, 'login'],
    ['http://localhost:4400/continue', 'login'],
    ['https://localhost:4401/continue', 'canonical'],
    ['https://localhost:4401.evil.test/continue', 'login'],
    ['https://evil.test/continue', 'login'],
    ['//evil.test', 'login'],
    ['javascript:alert(1)', 'login'],
    ['not an address', 'login'],
  ])('chooses for %s: %s', (value, expected) => {
    expect(chooseContinueDomain(value)).toBe(expected)
  })
})

describe('parseContinueDomain', () => {
  it.each([
    ['canonical', 'canonical'],
    ['login', 'login'],
    ['https://evil.test', 'login'],
    [undefined, 'login'],
  ])('reads %s as %s', (value, expected) => {
    expect(parseContinueDomain(value)).toBe(expected)
  })
})

describe('continueUrl', () => {
  it.each(['abc', 'a+b/c=~:,', 'x&session_token=y', '#', '?', 'a b', '%41', 'ü😀', 's'.repeat(2048)])(
    'gives state %j back byte for byte',
    (state) => {
      const url = new URL(continueUrl('login', state))
      expect(url.origin + url.pathname).toBe('http://localhost:4400/continue')
      expect([...url.searchParams]).toEqual([['state', state]])
      expect(url.hash).toBe('')
    },
  )

  it('adds an answer where no page of ours stands behind', () => {
    const url = new URL(continueUrlWithToken('canonical', 'a&b', 'x.y.z'))
    expect(url.origin).toBe('https://localhost:4401')
    expect([...url.searchParams]).toEqual([
      ['state', 'a&b'],
      ['session_token', 'x.y.z'],
    ])
  })
})

describe('appUrl', () => {
  it('is built from the configured origin', () => {
    expect(appUrl('/link/prompt', { flow: 'a b', slow: undefined })).toBe(
      'http://localhost:3000/link/prompt?flow=a+b',
    )
  })
})

describe('seeOther', () => {
  it('is a 303 that tells no address and keeps every cookie apart', () => {
    const response = seeOther('http://localhost:4400/x', ['a=1', 'b=2'])
    expect(response.status).toBe(303)
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  })
})

describe('repostTo', () => {
  it('is a 307, so that the form goes on', () => {
    expect(repostTo('http://localhost:4400/continue').status).toBe(307)
  })
})
