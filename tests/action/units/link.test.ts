import { describe, expect, it } from 'vitest'
import { addToJournal, type CandidateHint, hash12, snapshotKeyOf } from '@/core'
import { type MadeLink, makeLink } from '../../support/action/make-link'
import { anActionPlatform, aTenantUser, GOOGLE, NOW, PASSWORD } from '../../support/action/platform'
import { aReturningSnapshot } from '../../support/builders/users'

const platform = anActionPlatform()
const TOKEN = 'POST /oauth/token'
const LOOKUP = 'GET /api/v2/users-by-email?email=ann@example.com'
const PATCH = `PATCH /api/v2/users/${PASSWORD}`
const LINK = `POST /api/v2/users/${PASSWORD}/identities`
const make = (given?: MadeLink) => makeLink(platform, given)
/** What the page "Sign-in methods" writes before it unlinks an account. */
const RETURNING = { app_metadata: { account_linking_0123456789ab: aReturningSnapshot(NOW) } }
const change = (userId: string, fields: object) => Object.assign(platform.user(userId), fields)
const patched = () =>
  platform.calls.find(({ name }) => name === PATCH)?.body as { app_metadata: Record<string, object> }

describe('link', () => {
  it.each([
    ['the account that logs in', { current: GOOGLE }],
    ['the other account', { current: PASSWORD }],
  ])('makes %s part of the older one, in three calls', async (_what, login) => {
    expect(await make(login)).toMatchObject({ primaryId: PASSWORD })
    expect(platform.names()).toEqual([TOKEN, LOOKUP, PATCH, LINK])
    expect(platform.user(PASSWORD).identities.map(({ provider }) => provider)).toEqual([
      'auth0',
      'google-oauth2',
    ])
  })

  it('finds no user for an account without an address, and looks up no other address', async () => {
    expect(await make({ email: undefined })).toEqual({ reason: 'not_available' })
    expect(platform.names()).toEqual([TOKEN, 'GET /api/v2/users-by-email?email='])
  })

  it('stores the metadata of the secondary account, and how and at which login it was proven', async () => {
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

  it('makes the next login look again, and keeps declines', async () => {
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
  ])('changes nothing if the link exists already, in %s', async (_what, primary, secondary) => {
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
  ])('writes nothing if refused with %s', async (reason, arrange, options) => {
    arrange()
    expect(await make(options)).toEqual({ reason })
    expect(platform.names()).toEqual([TOKEN, LOOKUP])
  })

  it('reads once more if another login may be making the same link', async () => {
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
    ['the spelling of the current account, then lower case', GOOGLE, 'Ann@example.com,ann@example.com'],
    ['lower case, then the spelling of the current account', PASSWORD, 'ann@example.com,Ann@example.com'],
  ])('reads the account that stays first: %s', async (_order, primary, spellings) => {
    change(GOOGLE, { email: 'Ann@example.com', created_at: primary === GOOGLE ? '2010-01-01' : '2030-01-01' })
    const pair = primary === GOOGLE ? [GOOGLE, PASSWORD] : [PASSWORD, GOOGLE]
    expect(await make({ pair, email: 'Ann@example.com' })).toMatchObject({ primaryId: primary })
    const lookups = platform.calls.flatMap(({ url }) => url.searchParams.get('email') ?? [])
    expect(lookups.join()).toBe(spellings)
  })

  it('links nothing if the primary account is blocked when the snapshot is written', async () => {
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
  ])('says why nothing was linked if the lookup fails with %i', async (status, reason) => {
    platform.fault(/users-by-email/, () => new Response(null, { status }))
    expect(await make()).toEqual({ reason })
  })

  it('returns that the outcome is unknown if every later read fails', async () => {
    platform.fault(/identities/, () => Promise.reject(new TypeError('fetch failed')))
    platform.fault(/^GET .*\/users\//, () => new Response(null, { status: 502 }))
    expect(await make()).toEqual({ reason: 'outcome_unknown' })
  })
})

describe('a link that may differ from what the person agreed to', () => {
  const twoWays = () =>
    change(PASSWORD, {
      identities: [
        ...aTenantUser(PASSWORD).identities,
        { provider: 'github', user_id: '7', connection: 'github' },
      ],
    })

  it.each<[string, Partial<CandidateHint>, boolean]>([
    ['is made if the offer named it', { also: ['github'] }, true],
    ['is made if the offer named no sign-in methods', {}, true],
    ['is refused if the offer did not name it', { also: [] }, false],
    ['is refused if the offer named another one too', { also: ['github', 'apple'] }, false],
    ['is refused if the offer counted one more', { also: ['github'], more: 1 }, false],
  ])('to an account with a further sign-in method %s', async (_what, hint, isMade) => {
    twoWays()
    expect(await make({ hint })).toMatchObject(
      isMade ? { primaryId: PASSWORD } : { reason: 'decision_changed' },
    )
    expect(platform.names().includes(PATCH)).toBe(isMade)
  })

  it('compares the sign-in methods of the candidate, not those of the current account', async () => {
    twoWays()
    expect(await make({ current: PASSWORD, hint: { also: [] } })).toMatchObject({ primaryId: PASSWORD })
  })

  it.each<[string, string, Partial<CandidateHint>, string[], boolean]>([
    ['of the candidate, which the offer did not know', PASSWORD, {}, ['mfa'], false],
    ['of the candidate, with which it was proven', PASSWORD, { mfa: true }, ['mfa'], true],
    ['of the candidate, if the login used none', PASSWORD, { mfa: true }, ['pwd'], false],
    ['of the account that logs in, if the login used it', GOOGLE, {}, ['mfa'], true],
    ['of the account that logs in, if the login used none', GOOGLE, {}, ['pwd'], false],
  ])('with a factor %s', async (_what, id, hint, methods, isMade) => {
    change(id, { multifactor: ['guardian'] })
    expect(await make({ hint, methods })).toMatchObject(
      isMade ? { primaryId: PASSWORD } : { reason: 'decision_changed' },
    )
  })

  it('is refused if the two were unlinked after the offer', async () => {
    const taken = { event: 'unlinked', at: NOW, identity: await hash12(GOOGLE), provider: 'x' } as const
    const journal = addToJournal({ app_metadata: {} }, [{ ...taken, way: 'settings', client: 'Shop' }])
    change(PASSWORD, { app_metadata: { account_linking_journal: journal } })
    expect(await make()).toEqual({ reason: 'decision_changed' })
    expect(platform.names()).toEqual([TOKEN, LOOKUP])
  })

  it.each([
    [NOW - 10, 'decision_changed'],
    [NOW - 5, undefined],
  ])('is refused if one account is a new user since the proof: proven at %i', async (provenAt, reason) => {
    change(GOOGLE, { created_at: new Date((NOW - 5) * 1_000).toISOString() })
    expect((await make({ provenAt })).reason).toBe(reason)
  })
})
