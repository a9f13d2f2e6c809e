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

describe('what was open before a link', () => {
  const marks = () => platform.user(PASSWORD).app_metadata?.account_linking
  const patches = () => platform.calls.filter(({ name }) => name.startsWith('PATCH')).length
  const old = { id: 'old', authenticated_at: new Date((NOW - 900) * 1_000).toISOString() }

  it.each<[string, Record<string, unknown>, { before: number; kept: string[] }]>([
    [
      'and was not left open by the proof',
      { proof_auth_time: NOW, proof_sid: 'proof' },
      { before: NOW, kept: ['this-session', 'proof'] },
    ],
    [
      'and is older than the offer, if the answer does not name the proof',
      {},
      { before: NOW - 1, kept: ['this-session'] },
    ],
  ])('has ended, %s', async (_what, claims, { before, kept }) => {
    await answer(claims)
    const hashes = await Promise.all(kept.map(hash12))
    expect(marks()).toEqual({ ended: { before, kept: hashes } })
    expect(patches()).toBe(2)
  })

  it.each([
    ['counts up to the second of the link', { proof_auth_time: NOW }, NOW + 3],
    ['counts up to the offer, if the answer does not name the proof', {}, NOW - 1],
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

  it('is noted as long as the tenant has not ended it', async () => {
    platform.sessions = { [PASSWORD]: [old] }
    await answer({ proof_auth_time: NOW })
    expect(marks()).toEqual({
      ending: { before: NOW + 1, accounts: [PASSWORD], kept: [await hash12('this-session')], second: NOW },
    })
  })

  it('stays noted as before the link if the note cannot be written', async () => {
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

  it('stays open without the scopes to end it', async () => {
    platform.cache.set('account_linking_token', { value: tokenWith('read:users'), ttl: undefined })
    await answer()
    expect([marks(), patches()]).toEqual([{}, 1])
  })

  it.each([
    ['the account that ended', GOOGLE, [['setPrimaryUser', PASSWORD]]],
    ['the account that stays', PASSWORD, []],
  ])('is not noted if the link is there already, at a login of %s', async (_which, current, effects) => {
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

describe('a factor that a link took', () => {
  const ENROLL = ['enrollWithAny', [{ type: 'otp' }, { type: 'phone' }]]
  const arrange = (current: string) => {
    platform.cache.set('account_linking_token', { value: RIGHTS_TOKEN, ttl: undefined })
    platform.event.secrets.ACCOUNT_LINKING_FACTORS = 'enroll'
    const totp = [{ type: 'passkey', confirmed: true }]
    // Both have one that the other lacks, so that age decides which account stays.
    platform.rights = {
      [GOOGLE]: { 'authentication-methods': [{ type: 'phone' }] },
      [PASSWORD]: { 'authentication-methods': totp },
    }
    platform.logsIn(current)
  }

  it('is asked for again at once if the login goes on as the same account', async () => {
    arrange(PASSWORD)
    await answer()
    expect(done()).toEqual([ENROLL])
    expect(platform.logs).toMatchObject([{ account_linking: 'linked' }])
  })

  it('is asked for at the next login if this one was switched', async () => {
    arrange(GOOGLE)
    await answer()
    expect(done()).toEqual([['setPrimaryUser', PASSWORD]])
    expect(platform.user(PASSWORD).app_metadata).toMatchObject({
      account_linking: { enroll: { at: NOW, factors: ['otp', 'phone'] } },
    })
  })

  it('is not asked for on a platform that cannot', async () => {
    arrange(PASSWORD)
    delete platform.api.authentication.enrollWithAny
    await answer()
    expect(done()).toEqual([])
    expect(platform.logs).toMatchObject([{ account_linking: 'linked' }])
  })

  it('is not asked for if the operator lets it go', async () => {
    arrange(PASSWORD)
    platform.event.secrets.ACCOUNT_LINKING_FACTORS = 'drop'
    await answer()
    expect(done()).toEqual([])
    expect(platform.user(PASSWORD).identities).toHaveLength(2)
  })
})
