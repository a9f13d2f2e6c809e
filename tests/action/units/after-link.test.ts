import { describe, expect, it, vi } from 'vitest'
import { onContinuePostLogin } from '@/action/action'
import { hash12 } from '@/core'
import {
  anActionPlatform,
  aTenantUser,
  GOOGLE,
  NOW,
  PASSWORD,
  RIGHTS_TOKEN,
  tokenWith,
} from '../../support/action/platform'
import { aWaitingLogin } from '../../support/action/waiting-login'

const platform = anActionPlatform()
const { answer, ask, done, good } = aWaitingLogin(platform)

describe('sessions from before a link', () => {
  const marks = () => platform.user(PASSWORD).app_metadata?.account_linking
  const patches = () => platform.calls.filter(({ name }) => name.startsWith('PATCH')).length
  const old = { id: 'old', authenticated_at: new Date((NOW - 900) * 1_000).toISOString() }

  it.each<[string, Record<string, unknown>, { before: number; kept: string[] }]>([
    [
      'except that of the proof',
      { proof_auth_time: NOW, proof_sid: 'proof' },
      { before: NOW, kept: ['this-session', 'proof'] },
    ],
    [
      'from before the offer, if the response token has no proof',
      {},
      { before: NOW - 1, kept: ['this-session'] },
    ],
  ])('have ended, %s', async (_what, claims, { before, kept }) => {
    await answer(claims)
    const hashes = await Promise.all(kept.map(hash12))
    expect(marks()).toEqual({ ended: { before, kept: hashes } })
    expect(patches()).toBe(2)
  })

  it.each([
    ['count up to the second of the link', { proof_auth_time: NOW }, NOW + 3],
    ['count up to the offer, if the response token has no proof', {}, NOW - 1],
  ])('%s, by the tenant’s clock', async (_what, claims, before) => {
    platform.fault(
      /PATCH/,
      () => {
        vi.setSystemTime((NOW + 3) * 1_000)
        return undefined
      },
      1,
    )
    await answer(claims)
    expect(marks()).toMatchObject({ ended: { before } })
  })

  it('stay in the `ending` mark until the tenant has ended them', async () => {
    platform.sessions = { [PASSWORD]: [old] }
    await answer({ proof_auth_time: NOW })
    expect(marks()).toEqual({
      ending: { before: NOW + 1, accounts: [PASSWORD], kept: [await hash12('this-session')], second: NOW },
    })
  })

  it('stay in the mark from before the link if the later write fails', async () => {
    let writes = 0
    platform.fault(/PATCH/, () => {
      writes += 1
      return writes > 1 ? new Response(null, { status: 403 }) : undefined
    })
    await answer()
    expect(done()).toEqual([['setPrimaryUser', PASSWORD]])
    expect(marks()).toMatchObject({ ending: { before: NOW, accounts: [PASSWORD, GOOGLE] } })
    expect(platform.logs).toMatchObject([{ account_linking: 'linked' }])
  })

  it('stay open if the operator did not grant the scopes', async () => {
    platform.cache.set('account_linking_token', { value: tokenWith('read:users'), ttl: undefined })
    await answer()
    expect([marks(), patches()]).toEqual([{}, 1])
  })

  it.each([
    ['the secondary account', GOOGLE, [['setPrimaryUser', PASSWORD]]],
    ['the primary account', PASSWORD, []],
  ])('get no mark if the link existed already, at a login of %s', async (_which, current, effects) => {
    platform.logsIn(current)
    const waiting = await ask()
    const { identities } = platform.user(GOOGLE)
    platform.users = [
      aTenantUser(PASSWORD, { identities: [...aTenantUser(PASSWORD).identities, ...identities] }),
    ]
    platform.answer = good(waiting)
    await onContinuePostLogin(platform.event, platform.api)
    expect(done()).toEqual(effects)
    expect(patches()).toBe(0)
    expect(platform.logs).toMatchObject([{ account_linking: 'linked' }])
  })
})

describe('a second factor that was lost by a link', () => {
  const ENROLL = ['enrollWithAny', [{ type: 'otp' }, { type: 'phone' }]]
  const arrange = (current: string) => {
    platform.cache.set('account_linking_token', { value: RIGHTS_TOKEN, ttl: undefined })
    platform.event.secrets.ACCOUNT_LINKING_FACTORS = 'enroll'
    const totp = [{ type: 'passkey', confirmed: true }]
    // Each account has a right that the other lacks, so age decides which one stays.
    platform.rights = {
      [GOOGLE]: { 'authentication-methods': [{ type: 'phone' }] },
      [PASSWORD]: { 'authentication-methods': totp },
    }
    platform.logsIn(current)
  }

  it('has to be set up again at once if the login continues as the same account', async () => {
    arrange(PASSWORD)
    await answer()
    expect(done()).toEqual([ENROLL])
    expect(platform.logs).toMatchObject([{ account_linking: 'linked' }])
  })

  it('has to be set up again at the next login if this one was switched', async () => {
    arrange(GOOGLE)
    await answer()
    expect(done()).toEqual([['setPrimaryUser', PASSWORD]])
    expect(platform.user(PASSWORD).app_metadata).toMatchObject({
      account_linking: { enroll: { at: NOW, factors: ['otp', 'phone'] } },
    })
  })

  it('is not requested if Auth0 has no enrollWithAny', async () => {
    arrange(PASSWORD)
    delete platform.api.authentication.enrollWithAny
    await answer()
    expect(done()).toEqual([])
    expect(platform.logs).toMatchObject([{ account_linking: 'linked' }])
  })

  it('is not requested if the operator allows the loss', async () => {
    arrange(PASSWORD)
    platform.event.secrets.ACCOUNT_LINKING_FACTORS = 'drop'
    await answer()
    expect(done()).toEqual([])
    expect(platform.user(PASSWORD).identities).toHaveLength(2)
  })
})
