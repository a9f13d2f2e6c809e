import { describe, expect, it, vi } from 'vitest'
import { onExecutePostLogin } from '@/action/action'
import { addDeclines, bytesOf, type Identity, lookupMarkHash, parseUser } from '@/core'
import { anActionPlatform, aTenantUser, GOOGLE, NOW, PASSWORD } from '../../support/action/platform'
import { aPolicy } from '../../support/builders/users'

const platform = anActionPlatform()
const LOOKUP = 'GET /api/v2/users-by-email?email=ann@example.com'
const HEALTH = 'GET https://app.example/healthz'
const OWN = { user_id: GOOGLE, provider: 'google-oauth2', connection: 'google-oauth2' }
const CANDIDATE = {
  user_id: PASSWORD,
  provider: 'auth0',
  connection: 'db',
  stays: 'candidate',
  carried: 0,
  mfa: false,
  also: [],
}
const DAY = 86_400
const MARK_LIFE = 90 * DAY
/** Makes an account the newest, so that it ends. Its id may then be too long to switch a login to it. */
const NEWEST = { created_at: '2026-01-01T00:00:00.000Z' }

const logIn = () => onExecutePostLogin(platform.event, platform.api)
const configure = (secrets: Record<string, string>) => Object.assign(platform.event.secrets, secrets)
const change = (fields: object) => Object.assign(platform.event.user, fields)
const keyNow = () => lookupMarkHash(parseUser(platform.event.user), aPolicy())
const offered = () => (platform.asked().candidate_identities as Identity[]).map(({ user_id }) => user_id)

describe('a login of a person with another account', () => {
  it('dates the offer before the lookup, so that an unlink in the meantime counts as later', async () => {
    const slowly = () => {
      vi.setSystemTime((NOW + 2) * 1_000)
      return Response.json(platform.users)
    }
    platform.fault(/users-by-email/, slowly, 1)
    await logIn()
    const [, offer] = platform.effect('setMetadata') ?? []
    expect(JSON.parse(String(offer))).toMatchObject({ at: NOW })
  })

  it('redirects to the linking service, and stores the offer', async () => {
    await logIn()
    const { txn } = platform.asked()
    expect(txn).toMatch(/^[\da-f]{8}-[\da-f-]{27}$/)
    expect(platform.effects).toEqual([
      [
        'setMetadata',
        'account_linking_offer',
        JSON.stringify({ txn, at: NOW, current: OWN, candidates: [CANDIDATE] }),
      ],
      [
        'encodeToken',
        {
          secret: 'shared-secret',
          expiresInSeconds: 120,
          payload: {
            purpose: 'account-link.request',
            jti: txn,
            txn,
            client_id: 'demo-app',
            client_name: 'Demo App',
            email: 'ann@example.com',
            continue_url: 'https://login.example/continue',
            organization: undefined,
            ui_locales: '',
            previous: undefined,
            current_identity: OWN,
            candidate_identities: [CANDIDATE],
          },
        },
      ],
      ['sendUserTo', 'https://app.example/link', { query: { session_token: 'session-token' } }],
    ])
    expect(platform.logs).toEqual([])
  })

  const FACTOR = { multifactor: ['guardian'] }
  const methods = (...names: string[]) =>
    Object.assign(platform.event, { authentication: { methods: names.map((name) => ({ name })) } })

  it.each([[undefined], [[]], [['pwd']], [['federated', 'MFA']]])(
    'offers nothing and makes no call if the account has a second factor that was not used: %j',
    async (names) => {
      change(FACTOR)
      if (names) methods(...names)
      await logIn()
      expect(platform.calls).toEqual([])
      expect(platform.effects).toEqual([])
    },
  )

  it('offers nothing if the lookup shows a second factor that the event misses', async () => {
    Object.assign(platform.event, { user: { ...platform.user(GOOGLE) } })
    Object.assign(platform.user(GOOGLE), FACTOR)
    await logIn()
    expect(platform.names()).toEqual(['POST /oauth/token', LOOKUP])
    expect(platform.effect('sendUserTo')).toBeUndefined()
    expect(platform.logs).toEqual([])
  })

  it('offers nothing to an account with a second factor if the event has no authentication methods', async () => {
    change(FACTOR)
    platform.event.authentication = {}
    await logIn()
    expect([platform.calls, platform.logs]).toEqual([[], []])
  })

  it.each([
    [FACTOR, [], DAY],
    [FACTOR, ['pwd'], DAY],
    [{ multifactor: [] }, ['pwd'], undefined],
    [FACTOR, ['pwd', 'mfa'], undefined],
  ])(
    'another account with %j, after a sign-in with %j: looks again in %j s',
    async (fields, names, again) => {
      Object.assign(platform.user(PASSWORD), fields)
      methods(...names)
      await logIn()
      if (again === undefined) expect(offered()).toEqual([PASSWORD])
      else {
        const looked = { until: NOW + again, key: await keyNow() }
        expect(platform.effects).toEqual([['setAppMetadata', 'account_linking', { looked }]])
      }
    },
  )

  it('tells the linking service that another account has a second factor', async () => {
    change(FACTOR)
    Object.assign(platform.user(PASSWORD), FACTOR)
    methods('mfa')
    await logIn()
    expect(platform.asked().candidate_identities).toEqual([{ ...CANDIDATE, mfa: true }])
  })

  it('offers the remaining accounts of several', async () => {
    platform.users.push(aTenantUser('github|3', FACTOR))
    await logIn()
    expect(offered()).toEqual([PASSWORD])
  })

  it('makes one lookup and one health check, within 2.5 s', async () => {
    await logIn()
    expect(platform.names()).toEqual(['POST /oauth/token', LOOKUP, HEALTH])
    expect(platform.limits).toEqual([2_500, 2_500, 1_000])
  })

  it.each([
    [['de', 'en'], 'de en'],
    ['de en', 'de en'],
  ])('sends the languages %j as %s', async (ui_locales, expected) => {
    Object.assign(platform.event.transaction ?? {}, { ui_locales })
    await logIn()
    expect(platform.asked().ui_locales).toBe(expected)
  })

  it('tells the linking service to which organization the person signs in', async () => {
    platform.event.secrets.ACCOUNT_LINKING_ORGANIZATIONS = 'on'
    platform.event.organization = { id: 'org_1' }
    await logIn()
    expect(platform.asked().organization).toBe('org_1')
  })

  it('prefers the user from the lookup to the event', async () => {
    const last = { result: 'failed', reason: 'blocked', at: NOW - 60 }
    platform.event.user = { ...platform.user(GOOGLE) }
    Object.assign(platform.user(GOOGLE), { app_metadata: { account_linking: { last } }, logins_count: 9 })
    configure({ ACCOUNT_LINKING_PRIMARY: 'most_used' })
    await logIn()
    expect(platform.asked()).toMatchObject({ previous: last, candidate_identities: [{ stays: 'current' }] })
  })

  it('uses the event if the lookup does not find the user', async () => {
    platform.fault(/users-by-email/, () => Response.json([platform.user(PASSWORD)]))
    await logIn()
    expect(offered()).toEqual([PASSWORD])
  })

  it('offers only as many accounts as fit into the URL', async () => {
    const ids = Array.from({ length: 8 }, (_, n) => `auth0|${n}${'x'.repeat(149)}`)
    platform.users.push(...ids.map((id) => aTenantUser(id, NEWEST)))
    await logIn()
    const { candidate_identities } = platform.asked()
    expect(bytesOf(candidate_identities)).toBeLessThanOrEqual(1_880)
    expect(offered()).toEqual([PASSWORD, ...ids].slice(0, offered().length))
    expect(offered().length).toBeGreaterThan(4)
  })

  it.each([
    [1_880, 2],
    [1_881, 1],
  ])('of two candidates with %i bytes in total, offers %i', async (bytes, count) => {
    const other = (length: number) => aTenantUser(`auth0|${'x'.repeat(length)}`, NEWEST)
    // Both have the same provider, so each hint has the time of creation.
    const since = Date.parse(NEWEST.created_at) / 1000
    const empty = bytesOf([
      { ...CANDIDATE, since },
      { ...CANDIDATE, user_id: 'auth0|', stays: 'current', since },
    ])
    platform.users.push(other(bytes - empty))
    await logIn()
    expect(offered()).toHaveLength(count)
  })

  it.each([
    ['the mode has spaces around it', () => configure({ ACCOUNT_LINKING_MODE: ' offer ' })],
    [
      'organizations are turned on',
      () => {
        configure({ ACCOUNT_LINKING_ORGANIZATIONS: 'on' })
        platform.event.organization = { id: 'org_1' }
      },
    ],
    [
      'the application has an unknown value in its metadata',
      () => {
        platform.event.client.metadata = { account_linking: 'on' }
      },
    ],
    [
      'a mark has expired',
      async () => {
        change({ app_metadata: { account_linking: { looked: { until: NOW, key: await keyNow() } } } })
      },
    ],
    [
      'a mark is for other identities',
      () => change({ app_metadata: { account_linking: { looked: { until: NOW + 60, key: 'other' } } } }),
    ],
    [
      'the mark of the published Action expired',
      () => change({ app_metadata: { account_linking_timestamp: (NOW - MARK_LIFE) * 1_000 } }),
    ],
  ])('redirects to the linking service if %s', async (_what, arrange) => {
    await arrange()
    await logIn()
    expect(offered()).toEqual([PASSWORD])
  })
})

describe('a login that the Action skips', () => {
  it.each<[string, () => unknown]>([
    ['mode is off', () => configure({ ACCOUNT_LINKING_MODE: 'off' })],
    [
      "client is the linking service's",
      () => {
        platform.event.client.metadata = { account_linking: 'true' }
      },
    ],
    [
      'client wants no offers',
      () => {
        platform.event.client.metadata = { account_linking: 'off' }
      },
    ],
    [
      'login is to an organization',
      () => {
        platform.event.organization = { id: 'org_1' }
      },
    ],
    [
      'login has no browser',
      () => {
        platform.api.redirect.canRedirect = () => false
      },
    ],
    [
      'event has no transaction',
      () => {
        delete platform.event.transaction
      },
    ],
    [
      'tenant has no transaction metadata',
      () => {
        delete platform.api.transaction
      },
    ],
    ['address is missing', () => change({ email: undefined })],
    ['address is not verified', () => change({ email_verified: false })],
    ['email_verified is text', () => change({ email_verified: 'true' })],
    ['user has no identity', () => change({ identities: [] })],
    ['connection is not trusted', () => configure({ ACCOUNT_LINKING_TRUSTED_CONNECTIONS: 'auth0' })],
    [
      'mark says not to look again yet',
      async () =>
        change({ app_metadata: { account_linking: { looked: { until: NOW + 1, key: await keyNow() } } } }),
    ],
    [
      'published Action has looked at the user',
      () => change({ app_metadata: { account_linking_timestamp: (NOW - MARK_LIFE + 1) * 1_000 } }),
    ],
  ])('makes no call: its %s', async (_what, arrange) => {
    await arrange()
    await logIn()
    expect([platform.names(), platform.effects, platform.logs]).toEqual([[], [], []])
  })

  it('is only logged in observe mode', async () => {
    configure({ ACCOUNT_LINKING_MODE: 'observe' })
    await logIn()
    expect(platform.logs).toEqual([{ account_linking: 'would_offer', count: '1' }])
    expect(platform.effects).toEqual([])
    expect(platform.names()).not.toContain(HEALTH)
  })

  it('goes on if the service offers no links now', async () => {
    platform.health = { offer: false }
    await logIn()
    expect(platform.logs).toEqual([{ account_linking: 'service_not_offering' }])
    expect(platform.effects).toEqual([])
  })
})

describe('a login without another account', () => {
  const alone = () => platform.users.splice(1)

  it('is not looked up again for as long as the operator configured', async () => {
    alone()
    configure({ ACCOUNT_LINKING_MARK_DAYS: '1' })
    await logIn()
    const looked = { until: NOW + 86_400, key: await keyNow() }
    expect(platform.effects).toEqual([['setAppMetadata', 'account_linking', { looked }]])
    expect(platform.names()).not.toContain(HEALTH)
  })

  it('keeps the other marks', async () => {
    alone()
    const last = { result: 'failed', reason: 'blocked', at: NOW - 60 }
    change({ app_metadata: { account_linking: { last } } })
    await logIn()
    expect(platform.effects).toMatchObject([
      ['setAppMetadata', 'account_linking', { last, looked: { until: NOW + MARK_LIFE } }],
    ])
  })

  it('is looked up again when a decline expires', async () => {
    const decline = { until: NOW + 60, at: NOW - 60 }
    const marks = await addDeclines(parseUser(platform.user(GOOGLE)), [PASSWORD], decline)
    change({ app_metadata: { account_linking: marks } })
    await logIn()
    expect(platform.effects).toMatchObject([
      ['setAppMetadata', 'account_linking', { ...marks, looked: { until: NOW + 60 } }],
    ])
  })
})

describe('a login of an account with sessions that have to end', () => {
  const old = { id: 'old', authenticated_at: new Date((NOW - 900) * 1_000).toISOString() }
  const last = { result: 'failed', reason: 'blocked', at: NOW - 60 }
  const ending = { before: NOW, accounts: [GOOGLE], kept: [] }
  const note = (userId: string) =>
    Object.assign(platform.user(userId), { app_metadata: { account_linking: { last, ending } } })
  const sessions = () => platform.names().filter((name) => name.includes('/sessions')).length

  it('offers nothing as long as they are open', async () => {
    note(GOOGLE)
    platform.sessions = { [GOOGLE]: [old] }
    await logIn()
    expect(platform.effects).toEqual([['setAppMetadata', 'account_linking', { last, ending }]])
    expect(platform.names()).not.toContain(LOOKUP)
  })

  it('records that they have ended, and offers accounts', async () => {
    note(GOOGLE)
    await logIn()
    expect(platform.effects[0]).toEqual([
      'setAppMetadata',
      'account_linking',
      { last, ended: { before: NOW - 1, kept: [] } },
    ])
    expect(offered()).toEqual([PASSWORD])
  })

  it('leaves an `ending` mark that was written during this login to the next one', async () => {
    platform.event.user = { ...platform.user(GOOGLE) }
    note(GOOGLE)
    await logIn()
    expect(sessions()).toBe(0)
    expect(platform.effect('sendUserTo')).toBeUndefined()
  })
})
