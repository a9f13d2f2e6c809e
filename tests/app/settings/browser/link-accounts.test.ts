import type { Auth0Callback } from 'auth0-js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { linkAccounts } from '@/app/settings/connected-accounts/browser/_flow/link-accounts'
import { anAccount } from './an-account'

/** How the tenant answers a call: with a value, an HTTP status, a network error (`none`), or never (`late`). */
type Played = { value: unknown } | number | 'none' | 'late'

const FIRST = anAccount('auth0|ann')
const OTHER = anAccount('samlp|acme|1')
const OWN = { provider: 'auth0', user_id: 'ann' }
const ADDED = { provider: 'samlp', user_id: 'acme|1' }
const WITHOUT = { value: { identities: [OWN] } }
const WITH = { value: { identities: [OWN, ADDED] } }

const play = (played: Played, callback: Auth0Callback<unknown>) => {
  if (typeof played === 'object') callback(null, played.value)
  else if (played !== 'late')
    callback({ error: '', ...(typeof played === 'number' && { statusCode: played }) }, null)
}

function link(linked: Played, read: Played, first = FIRST) {
  const api = {
    linkUser: vi.fn((_id: string, _token: string, callback: Auth0Callback<unknown>) =>
      play(linked, callback),
    ),
    getUser: vi.fn((_id: string, callback: Auth0Callback<unknown>) => play(read, callback)),
  }
  return { api, outcome: linkAccounts(api, first, OTHER) }
}

afterEach(() => {
  vi.useRealTimers()
})

describe('linkAccounts', () => {
  it('trusts a response that lists the other account', async () => {
    const { api, outcome } = link({ value: [OWN, ADDED] }, 'none')
    expect(await outcome).toBeUndefined()
    expect(api.linkUser).toHaveBeenCalledExactlyOnceWith('auth0%7Cann', 'ID-TOKEN', expect.any(Function))
    expect(api.getUser).not.toHaveBeenCalled()
  })

  it('accepts numbers as ids, which some providers use', async () => {
    const outcome = linkAccounts(
      link({ value: [OWN, { provider: 'github', user_id: 5 }] }, 'none').api,
      FIRST,
      anAccount('github|5'),
    )
    expect(await outcome).toBeUndefined()
  })

  it('encodes an id that looks like a path or a query', async () => {
    const { api, outcome } = link(409, WITHOUT, anAccount('oidc|../x?y#z'))
    await outcome
    expect(api.linkUser.mock.calls[0]?.[0]).toBe('oidc%7C..%2Fx%3Fy%23z')
    expect(api.getUser.mock.calls[0]?.[0]).toBe('oidc%7C..%2Fx%3Fy%23z')
  })

  it.each<[Played, Played, string | undefined]>([
    [400, WITHOUT, 'link_refused'],
    [401, 401, 'expired'],
    [403, WITHOUT, 'missing_scope'],
    [404, 404, 'link_refused'],
    [409, WITHOUT, 'belongs_to_another'],
    [429, 429, 'rate_limited'],
    [503, WITHOUT, 'tenant_unreachable'],
    ['none', WITHOUT, 'tenant_unreachable'],
    [{ value: [OWN] }, WITHOUT, 'tenant_unreachable'],
    // If a browser repeats a link request that succeeded, the tenant refuses the repeat.
    [400, WITH, undefined],
    [409, WITH, undefined],
    ['none', WITH, undefined],
    [503, 503, 'outcome_unknown'],
    ['none', 'none', 'outcome_unknown'],
    [{ value: '<html>' }, { value: '<html>' }, 'outcome_unknown'],
  ])('after %j for the link and %j for a read of the account, returns %s', async (linked, read, code) => {
    expect(await link(linked, read).outcome).toBe(code)
  })

  it.each<[Played, string | undefined]>([
    [WITHOUT, 'outcome_unknown'],
    [WITH, undefined],
  ])('waits 15 s for a response, then reads %j and returns %s', async (read, code) => {
    vi.useFakeTimers()
    const { api, outcome } = link('late', read)
    await vi.advanceTimersByTimeAsync(14_900)
    expect(api.getUser).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(200)
    expect(await outcome).toBe(code)
  })
})
