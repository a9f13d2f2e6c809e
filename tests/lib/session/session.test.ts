import { generateSessionCookie } from '@auth0/nextjs-auth0/testing'
import { NextRequest } from 'next/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { APP_ENVIRONMENT } from '../../support/app-environment'

const HOUR = 3600
const NOW = 1_800_000_000
const SECURE = {
  APP_BASE_URL: 'https://app.example.com',
  AUTH0_DOMAIN: 'login.example.com',
  AUTH0_MANAGEMENT_DOMAIN: 'tenant.eu.auth0.com',
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 })
  // The configuration is read once per process.
  vi.resetModules()
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

/** The cookies that a request for the settings is answered with, by someone who signed in `age` seconds ago. */
async function cookiesAfter(age: number, environment: Record<string, string>, name: string) {
  const variables = { ...APP_ENVIRONMENT, ...environment }
  for (const [variable, value] of Object.entries(variables)) vi.stubEnv(variable, value)
  const { extendSession } = await import('@/lib/session/session')
  const cookie = await generateSessionCookie(
    {
      user: { sub: 'auth0|ann' },
      tokenSet: { accessToken: 'token', expiresAt: NOW + HOUR },
      internal: { sid: 'sid', createdAt: NOW - age },
    },
    { secret: variables.AUTH0_SECRET ?? '' },
  )
  const url = `${variables.APP_BASE_URL}/settings/connected-accounts`
  return extendSession(new NextRequest(url, { headers: { cookie: `${name}=${cookie}` } }))
}

describe('extendSession', () => {
  it.each([
    ['by 30 minutes of idleness', 60, 30 * 60],
    ['never beyond 8 hours after the sign-in', 8 * HOUR - 300, 300],
  ])('extends a session %s', async (_what, age, maxAge) => {
    const [cookie] = await cookiesAfter(age, {}, 'session')
    expect(cookie).toMatchObject({ name: 'session', httpOnly: true, sameSite: 'lax', path: '/', maxAge })
    expect(cookie?.domain).toBeUndefined()
  })

  it('uses a cookie that only this host can set, over TLS', async () => {
    const [cookie] = await cookiesAfter(60, SECURE, '__Host-session')
    expect(cookie).toMatchObject({ name: '__Host-session', secure: true, path: '/' })
    expect(cookie?.domain).toBeUndefined()
  })

  it('makes no cookie where there is no session', async () => {
    expect(await cookiesAfter(60, {}, 'another')).toEqual([])
  })
})
