import { describe, expect, it, vi } from 'vitest'
import { createManagement } from '@/action/management'
import { readSettings } from '@/action/settings'
import { userPath } from '@/core'
import { anActionPlatform, GOOGLE, NOW, SECRETS, tokenWith } from '../../support/action/platform'

const platform = anActionPlatform()
const TOKEN = 'POST /oauth/token'
const READ = `GET /api/v2/users/${GOOGLE}`
const KEY = 'account_linking_token'

/** A Management API client with `left` milliseconds until its deadline. */
function aManagement(left = 60_000) {
  const settings = readSettings(SECRETS)
  if (!settings) throw new Error('no settings')
  return createManagement(settings, platform.api.cache, NOW * 1_000 + left)
}
const failing = (status: number, headers?: Record<string, string>) => () =>
  new Response(null, { status, headers })

describe('tenantNow', () => {
  it('is the time of the last response, and runs on from there', async () => {
    const management = aManagement()
    expect(management.tenantNow()).toBe(NOW)
    const answer = (date: string) => () => Response.json({}, { headers: { date } })
    platform.fault(/users/, answer(new Date((NOW + 30) * 1_000).toUTCString()), 1)
    await management.read(GOOGLE)
    expect(management.tenantNow()).toBe(NOW + 30)
    vi.setSystemTime((NOW + 5) * 1_000)
    expect(management.tenantNow()).toBe(NOW + 35)
    // A response without a valid date changes nothing.
    for (const date of ['', 'soon']) {
      platform.fault(/users/, answer(date), 1)
      await management.read(GOOGLE)
    }
    await management.read(GOOGLE)
    expect(management.tenantNow()).toBe(NOW + 35)
  })

  it('follows a response with an error status too', async () => {
    const date = new Date((NOW - 30) * 1_000).toUTCString()
    const management = aManagement()
    platform.fault(/users/, failing(403, { date }), 1)
    await management.read(GOOGLE).catch(() => undefined)
    expect(management.tenantNow()).toBe(NOW - 30)
  })
})

describe('timeLeft', () => {
  it('is the time until the deadline, in milliseconds', () => {
    const { timeLeft } = aManagement(900)
    vi.setSystemTime(NOW * 1_000 + 200)
    expect(timeLeft()).toBe(700)
  })
})

describe('isGranted', () => {
  it.each<[string, string[], boolean]>([
    [tokenWith('read:users read:roles'), ['read:roles', 'read:users'], true],
    [tokenWith('read:users'), ['read:roles', 'read:users'], false],
    [tokenWith('read:users_all'), ['read:users'], false],
    [tokenWith(''), [], true],
    [tokenWith(undefined), ['read:roles'], true],
    ['opaque', ['read:roles'], true],
    ['a.b.c', ['read:roles'], true],
  ])('with %s of %j: %s', async (token, scopes, expected) => {
    platform.api.cache.set(KEY, token)
    expect(await aManagement().isGranted(scopes)).toBe(expected)
    expect(platform.calls).toEqual([])
  })

  it('requests one token if there is none, and fails if that fails', async () => {
    const { isGranted, read } = aManagement()
    expect(await isGranted(['read:sessions'])).toBe(true)
    await read(GOOGLE)
    expect(platform.names()).toEqual([TOKEN, READ])
    platform.cache.clear()
    platform.fault(/oauth/, failing(403))
    await expect(aManagement().isGranted([])).rejects.toMatchObject({ status: 403 })
  })
})

describe('a call whose response has no body', () => {
  it('succeeds', async () => {
    await expect(
      aManagement().call('POST', `${userPath(GOOGLE)}/roles`, { roles: [] }),
    ).resolves.toBeUndefined()
  })
})

describe('sessions', () => {
  it('are listed page by page, and ended by their ids', async () => {
    const { listSessions, endSession, endRefreshTokens } = aManagement()
    await listSessions(GOOGLE)
    await listSessions(GOOGLE, 'a/b')
    await endSession('a/b')
    await endRefreshTokens(GOOGLE)
    expect(platform.calls.slice(1).map(({ url }) => url.pathname + url.search)).toEqual([
      '/api/v2/users/google-oauth2%7C1/sessions?take=100',
      '/api/v2/users/google-oauth2%7C1/sessions?take=100&from=a%2Fb',
      '/api/v2/sessions/a%2Fb',
      '/api/v2/users/google-oauth2%7C1/refresh-tokens',
    ])
  })
})
