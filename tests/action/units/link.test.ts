import { describe, expect, it } from 'vitest'
import { link } from '@/action/link'
import { createManagement } from '@/action/management'
import { readSettings } from '@/action/settings'
import { parseUser, snapshotKeyOf } from '@/core'
import { anActionPlatform, aTenantUser, GOOGLE, NOW, PASSWORD, SECRETS } from '../../support/action/platform'
import { aReturningSnapshot } from '../../support/builders/users'

const platform = anActionPlatform()
const TOKEN = 'POST /oauth/token'
const LOOKUP = 'GET /api/v2/users-by-email?email=ann@example.com'
const PATCH = `PATCH /api/v2/users/${PASSWORD}`
const LINK = `POST /api/v2/users/${PASSWORD}/identities`
const CLIENT = { client_id: 'demo-app', name: 'Demo App' }

/** Links what the person agreed to; by default the Google account, which logs in, into the other one. */
function make(
  given: { current?: string; email?: string | undefined; pair?: string[]; secrets?: object } = {},
) {
  const login = { current: GOOGLE, email: 'ann@example.com', pair: [PASSWORD, GOOGLE], secrets: {}, ...given }
  const { current, email, pair, secrets } = login
  const settings = readSettings({ ...SECRETS, ...secrets })
  if (!settings) throw new Error('no settings')
  const management = createManagement(settings, platform.api.cache, (NOW + 60) * 1_000)
  const offered = { user_id: PASSWORD, provider: 'auth0', connection: 'db' }
  const request = { pair, offeredAt: NOW, offered, proof: undefined, ending: undefined }
  return link(management, settings, { ...parseUser(aTenantUser(current)), email }, request, CLIENT)
}
/** What the page notes before it takes an account out. */
const RETURNING = { app_metadata: { account_linking_0123456789ab: aReturningSnapshot(NOW) } }
const change = (userId: string, fields: object) => Object.assign(platform.user(userId), fields)
const patched = () =>
  platform.calls.find(({ name }) => name === PATCH)?.body as { app_metadata: Record<string, object> }

describe('link', () => {
  it.each([
    ['the account that logs in', { current: GOOGLE }],
    ['the other account', { current: PASSWORD }],
  ])('makes %s part of the one that was there first, in three calls', async (_what, login) => {
    expect(await make(login)).toMatchObject({ primaryId: PASSWORD })
    expect(platform.names()).toEqual([TOKEN, LOOKUP, PATCH, LINK])
    expect(platform.user(PASSWORD).identities.map(({ provider }) => provider)).toEqual([
      'auth0',
      'google-oauth2',
    ])
  })

  it('finds no user for an account that has lost its address, and looks up no other address', async () => {
    expect(await make({ email: undefined })).toEqual({ reason: 'not_available' })
    expect(platform.names()).toEqual([TOKEN, 'GET /api/v2/users-by-email?email='])
  })

  it('keeps what the account that ends had, how it was proven, and at which login', async () => {
    change(GOOGLE, { user_metadata: { theme: 'light' }, app_metadata: { plan: 'free', role: 'x' } })
    await make({ secrets: { ACCOUNT_LINKING_APP_METADATA_KEYS: 'plan' } })
    expect(patched()).toMatchObject({
      user_metadata: { theme: 'light' },
      app_metadata: {
        plan: 'free',
        [await snapshotKeyOf(GOOGLE)]: {
          at: NOW,
          user_id: GOOGLE,
          proof: { way: 'login', client_id: 'demo-app', client_name: 'Demo App' },
          kept: { user_metadata: {}, app_metadata: { role: 'x' } },
        },
      },
    })
  })

  it('has the next login look again, and keeps what was declined', async () => {
    const declined = { pair: { until: NOW + 60, at: NOW - 60 } }
    const last = { result: 'failed', reason: 'blocked', at: NOW - 60 }
    const looked = { until: NOW + 60, key: 'k' }
    change(PASSWORD, { app_metadata: { account_linking: { declined, last, looked } } })
    await make()
    expect(patched().app_metadata.account_linking).toEqual({ declined })
  })

  it.each([
    ['the one that logs in', GOOGLE, PASSWORD],
    ['the other one', PASSWORD, GOOGLE],
  ])('changes nothing if the link is there already, in %s', async (_what, primary, secondary) => {
    const { identities } = platform.user(secondary)
    platform.users = [
      aTenantUser(primary, { identities: [...aTenantUser(primary).identities, ...identities] }),
    ]
    expect(await make()).toEqual({ primaryId: primary })
    expect(platform.names()).toEqual([TOKEN, LOOKUP])
  })

  it.each<[string, () => unknown, object]>([
    ['not_available', () => platform.users.splice(1), {}],
    ['not_available', () => platform.users.splice(0, 1), {}],
    ['blocked', () => change(PASSWORD, { blocked: true }), {}],
    ['unverified', () => change(GOOGLE, { email_verified: false }), {}],
    ['untrusted_connection', () => 0, { secrets: { ACCOUNT_LINKING_TRUSTED_CONNECTIONS: 'auth0' } }],
    ['decision_changed', () => change(GOOGLE, { created_at: '2010-01-01T00:00:00.000Z' }), {}],
    ['decision_changed', () => 0, { pair: [GOOGLE, PASSWORD] }],
    ['busy', () => change(PASSWORD, RETURNING), { current: PASSWORD }],
    ['metadata_too_large', () => change(GOOGLE, { app_metadata: { a: 'x'.repeat(4_000) } }), {}],
  ])('writes nothing with %s', async (reason, arrange, options) => {
    arrange()
    expect(await make(options)).toEqual({ reason })
    expect(platform.names()).toEqual([TOKEN, LOOKUP])
  })

  it('of another login that is under way is looked at once more', async () => {
    const marks = { ending: { before: NOW, accounts: [PASSWORD], kept: [] } }
    change(PASSWORD, { app_metadata: { account_linking: marks } })
    const { identities } = platform.user(GOOGLE)
    platform.fault(
      /users-by-email/,
      () => {
        const answer = Response.json(structuredClone(platform.users))
        platform.users = [
          aTenantUser(PASSWORD, { identities: [...aTenantUser(PASSWORD).identities, ...identities] }),
        ]
        return answer
      },
      1,
    )
    expect(await make({ current: GOOGLE })).toEqual({ primaryId: PASSWORD })
    expect(platform.pauses).toEqual([1_000])
    expect(platform.names()).toEqual([TOKEN, LOOKUP, LOOKUP])
  })

  it.each([
    ['as the current one is spelled, then in lower case', GOOGLE, 'Ann@example.com,ann@example.com'],
    ['in lower case, then as the current one is spelled', PASSWORD, 'ann@example.com,Ann@example.com'],
  ])('reads the account that stays first: %s', async (_order, primary, spellings) => {
    change(GOOGLE, { email: 'Ann@example.com', created_at: primary === GOOGLE ? '2010-01-01' : '2030-01-01' })
    const pair = primary === GOOGLE ? [GOOGLE, PASSWORD] : [PASSWORD, GOOGLE]
    expect(await make({ pair, email: 'Ann@example.com' })).toMatchObject({ primaryId: primary })
    const lookups = platform.calls.flatMap(({ url }) => url.searchParams.get('email') ?? [])
    expect(lookups.join()).toBe(spellings)
  })

  it('links nothing if the account that stays is blocked by the time it is written', async () => {
    platform.fault(/PATCH/, () => {
      change(PASSWORD, { blocked: true, app_metadata: patched().app_metadata })
      return Response.json(platform.user(PASSWORD))
    })
    expect(await make()).toEqual({ reason: 'blocked' })
    expect(platform.names()).toEqual([TOKEN, LOOKUP, PATCH])
  })

  it.each([
    [403, 'missing_scope'],
    [400, 'link_refused'],
    [500, 'management_failed'],
  ])('says what a lookup that fails with %i means', async (status, reason) => {
    platform.fault(/users-by-email/, () => new Response(null, { status }))
    expect(await make()).toEqual({ reason })
  })

  it('says that the outcome is unknown if nothing answers any more', async () => {
    platform.fault(/identities/, () => Promise.reject(new TypeError('fetch failed')))
    platform.fault(/^GET .*\/users\//, () => new Response(null, { status: 502 }))
    expect(await make()).toEqual({ reason: 'outcome_unknown' })
  })
})
