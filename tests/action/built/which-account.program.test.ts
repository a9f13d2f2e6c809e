import { describe, expect, it } from 'vitest'
import type { WorldUser } from '@/local-tenant/world/world'
import { anActionTenant, candidatesOf } from '../../support/action/tenant'

const { state, configure, logIn, ask, answerLink, calls, userOf, identitiesOf } = await anActionTenant()

const PASSWORD = 'auth0|ann'
const GOOGLE = 'google-oauth2|ann-g'
const SAML = 'samlp|acme-saml|gil|grant@acme.example'

/** Adds identities of these providers to a user. */
function holding(user: WorldUser, ...providers: string[]): WorldUser {
  const [provider = '', id = ''] = user.user_id.split('|')
  const connection = provider === 'auth0' ? 'Username-Password-Authentication' : provider
  return {
    email: 'ann@example.com',
    email_verified: true,
    ...user,
    identities: [
      { provider, user_id: id, connection },
      ...providers.map((name) => ({
        provider: name,
        user_id: `${id}-${name}`,
        connection: name,
        profileData: { email: `${id}.${name}@example.com` },
      })),
    ],
  }
}

describe('the account that stays', () => {
  it.each<[string, Record<string, string>, () => unknown, object, string, string]>([
    ['the older one', {}, () => 0, {}, PASSWORD, GOOGLE],
    ['the older one, by name', { ACCOUNT_LINKING_PRIMARY: 'oldest' }, () => 0, {}, PASSWORD, GOOGLE],
    [
      'the more used one',
      { ACCOUNT_LINKING_PRIMARY: 'most_used' },
      () => Object.assign(userOf(GOOGLE), { logins_count: 99 }),
      {},
      GOOGLE,
      PASSWORD,
    ],
    [
      'the less used one, if the rule is the default',
      {},
      () => Object.assign(userOf(GOOGLE), { logins_count: 99 }),
      {},
      PASSWORD,
      GOOGLE,
    ],
    [
      'the one whose provider is listed first',
      { ACCOUNT_LINKING_PRIMARY: 'google-oauth2, auth0' },
      () => 0,
      {},
      GOOGLE,
      PASSWORD,
    ],
    [
      'the one whose connection is listed by name',
      { ACCOUNT_LINKING_PRIMARY: 'Username-Password-Authentication' },
      () => Object.assign(userOf(PASSWORD), { created_at: '2026-01-01T00:00:00.000Z' }),
      {},
      PASSWORD,
      GOOGLE,
    ],
  ])('is %s, whichever signs in', async (_what, secrets, arrange, login, stays, ends) => {
    for (const connection of ['google-oauth2', 'password']) {
      state.reset()
      configure(secrets)
      arrange()
      const waiting = await ask({ ...login, connection })
      const isCurrent = waiting.claims.sub === stays
      expect(candidatesOf({ asked: waiting, took: 0 })).toMatchObject([
        { stays: isCurrent ? 'current' : 'candidate' },
      ])
      expect((await answerLink(waiting)).claims?.sub).toBe(stays)
      expect(identitiesOf(stays)).toEqual([stays, ends])
    }
  })

  it.each(['acme-saml', 'password'])(
    'is the provisioned one, even if younger: sign-in with %s',
    async (connection) => {
      configure({
        ACCOUNT_LINKING_TRUSTED_CONNECTIONS: 'auth0 samlp',
        ACCOUNT_LINKING_PROVISIONED_CONNECTIONS: 'acme-saml',
      })
      expect((await answerLink(await ask({ email: 'gil@example.com', connection }))).claims?.sub).toBe(SAML)
      expect(identitiesOf(SAML)).toEqual([SAML, 'auth0|gil'])
    },
  )

  it.each(['flatten', 'refuse', 'first_only'] as const)(
    'is the one with several identities, even on a tenant that would %s them',
    async (secondary_with_identities) => {
      const young = holding({ user_id: GOOGLE, created_at: '2026-01-01T00:00:00.000Z' }, 'github')
      const old = holding({ user_id: PASSWORD, created_at: '2020-01-01T00:00:00.000Z' })
      state.reset({ users: [young, old], options: { answers: { secondary_with_identities } } })
      const waiting = await ask({ connection: 'password' })
      expect(waiting.claims.candidate_identities).toMatchObject([{ stays: 'candidate', also: ['github'] }])
      expect((await answerLink(waiting)).claims?.sub).toBe(GOOGLE)
      expect(identitiesOf(GOOGLE)).toEqual([GOOGLE, 'github|ann-g-github', PASSWORD])
    },
  )
})

describe('a pair of which neither account can stay', () => {
  it('is not offered if both have several identities', async () => {
    state.reset({ users: [holding({ user_id: GOOGLE }, 'github'), holding({ user_id: PASSWORD }, 'email')] })
    expect((await logIn()).claims?.sub).toBe(GOOGLE)
    expect(calls()).toEqual(['token', 'lookup'])
  })

  it('is not offered if both are provisioned', async () => {
    configure({ ACCOUNT_LINKING_PROVISIONED_CONNECTIONS: 'google-oauth2 auth0' })
    expect((await logIn()).claims?.sub).toBe(GOOGLE)
    expect(calls()).toEqual(['token', 'lookup'])
  })

  it('is not linked if both got further identities after the offer', async () => {
    const waiting = await ask({ email: 'bea@example.com' })
    for (const userId of ['google-oauth2|bea-g', 'auth0|bea']) {
      const [provider, id] = ['github', `more-${userId}`]
      userOf(userId).identities.push({ provider, user_id: id, connection: provider, isSocial: true })
    }
    expect((await answerLink(waiting)).claims?.sub).toBe('google-oauth2|bea-g')
    expect(userOf('google-oauth2|bea-g').app_metadata).toMatchObject({
      account_linking: { last: { result: 'failed', reason: 'several_identities' } },
    })
  })
})
