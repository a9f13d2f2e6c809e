import { beforeEach, describe, expect, it } from 'vitest'
import { onExecutePostLogin } from '@/action/action'
import { addDeclines, type Identity, lookupMarkHash, parseUser } from '@/core'
import {
  anActionPlatform,
  aTenantUser,
  GOOGLE,
  NOW,
  PASSWORD,
  RIGHTS_TOKEN,
} from '../../support/action/platform'
import { aPolicy } from '../../support/builders/users'

const platform = anActionPlatform()
const LOOKUP = 'GET /api/v2/users-by-email?email=ann@example.com'
const DAY = 86_400

const logIn = () => onExecutePostLogin(platform.event, platform.api)
const configure = (secrets: Record<string, string>) => Object.assign(platform.event.secrets, secrets)
const change = (fields: object) => Object.assign(platform.event.user, fields)
const keyNow = () => lookupMarkHash(parseUser(platform.event.user), aPolicy())
const offered = () => (platform.asked().candidate_identities as Identity[]).map(({ user_id }) => user_id)

describe('a login with another account, one of which holds rights', () => {
  const [ANN_ROLES, HUB_ROLES] = [PASSWORD, GOOGLE].map((id) => `GET /api/v2/users/${id}/roles`)
  const role = (id: string) => ({ id, name: `Role ${id}` })
  const arrange = (rights: typeof platform.rights, secrets: Record<string, string> = {}) => {
    platform.cache.set('account_linking_token', { value: RIGHTS_TOKEN, ttl: undefined })
    platform.rights = rights
    configure(secrets)
  }
  const CARRY = { ACCOUNT_LINKING_ROLES: 'carry' }
  const BOTH = { [GOOGLE]: { roles: [role('g')] }, [PASSWORD]: { roles: [role('p')] } }
  /** Calls that read rights, without their queries. */
  const reads = () =>
    platform.names().flatMap((name) => /^GET .*\/users\/.*\/[a-z-]+(?=\?)/.exec(name)?.[0] ?? [])

  it('says what the account that stays would be given', async () => {
    arrange(BOTH, CARRY)
    await logIn()
    expect(platform.asked().candidate_identities).toMatchObject([
      { user_id: PASSWORD, stays: 'candidate', rights: { roles: ['Role g'] } },
    ])
    expect(reads()).toHaveLength(8)
  })

  it('keeps the account that holds them', async () => {
    arrange({ [GOOGLE]: BOTH[GOOGLE] ?? {} })
    await logIn()
    expect(platform.asked().candidate_identities).toMatchObject([{ user_id: PASSWORD, stays: 'current' }])
  })

  it('is offered nothing if something would be lost, and looked at again in a day', async () => {
    arrange(BOTH)
    await logIn()
    const looked = { until: NOW + DAY, key: await keyNow() }
    expect(platform.effects).toEqual([['setAppMetadata', 'account_linking', { looked }]])
  })

  it('reads nothing of what the operator drops', async () => {
    const kinds = ['ROLES', 'PERMISSIONS', 'MEMBERSHIPS', 'FACTORS']
    arrange(BOTH, Object.fromEntries(kinds.map((kind) => [`ACCOUNT_LINKING_${kind}`, 'drop'])))
    await logIn()
    expect([offered(), reads()]).toEqual([[PASSWORD], []])
  })

  it('reads nothing if there is nothing to offer', async () => {
    arrange(BOTH)
    Object.assign(platform.user(PASSWORD), { blocked: true })
    await logIn()
    expect(reads()).toEqual([])
    expect(platform.logs).toEqual([])
  })

  it('reads what each of several accounts holds', async () => {
    arrange(BOTH, CARRY)
    platform.users.push(aTenantUser('github|3'))
    await logIn()
    expect(offered()).toEqual([PASSWORD, 'github|3'])
    expect(reads()).toEqual(
      expect.arrayContaining([ANN_ROLES, HUB_ROLES, 'GET /api/v2/users/github|3/roles']),
    )
  })

  it('reads only what the accounts hold that may be offered, and forgets no other one', async () => {
    arrange(BOTH, CARRY)
    platform.users.push(aTenantUser('github|3', { blocked: true }), aTenantUser('github|4'))
    const lapse = NOW + 60
    const marks = await addDeclines(parseUser(platform.user(GOOGLE)), ['github|4'], { until: lapse, at: NOW })
    change({ app_metadata: { account_linking: marks } })
    await logIn()
    expect(offered()).toEqual([PASSWORD])
    expect(reads().some((name) => name.includes('github'))).toBe(false)
    // Once the first is not offered any more either, the decline of the other one says when to look again.
    platform.effects = []
    configure({ ACCOUNT_LINKING_ROLES: 'refuse' })
    await logIn()
    expect(platform.effects).toMatchObject([
      ['setAppMetadata', 'account_linking', { looked: { until: lapse } }],
    ])
  })

  it.each([
    ['says that it has no role', { roles: [] }, undefined, false],
    ['names a role', { roles: ['Role g'] }, undefined, true],
    ['says nothing of roles', {}, undefined, true],
    ['says nothing at all', undefined, undefined, true],
    ['tells of the roles in an organization', { roles: [] }, { id: 'org_1' }, true],
  ])('reads its own roles unless the login %s', async (_what, authorization, organization, isRead) => {
    arrange({}, { ACCOUNT_LINKING_ORGANIZATIONS: 'on' })
    Object.assign(platform.event, { authorization, organization })
    await logIn()
    expect(reads().includes(`${HUB_ROLES}`)).toBe(isRead)
    // The account that ends holds nothing, so the other one is not read.
    expect(reads()).not.toContain(ANN_ROLES)
    expect(offered()).toEqual([PASSWORD])
  })

  it('is offered what cannot be read in time: it is read before the link', async () => {
    arrange(BOTH)
    platform.users.push(aTenantUser('github|3', { blocked: true }))
    platform.fault(/roles/, () => new Response(null, { status: 500 }))
    await logIn()
    expect(platform.asked().candidate_identities).toEqual([
      {
        ...{ user_id: PASSWORD, provider: 'auth0', connection: 'db' },
        ...{ stays: 'candidate', carried: 0, mfa: false, also: [] },
      },
    ])
  })
})

describe('a login of an account whose factor a link took', () => {
  const enroll = { at: NOW - 60, of: 'github|9', factors: ['otp', 'phone'] }
  const ENROLL = ['enrollWithAny', [{ type: 'otp' }, { type: 'phone' }]]
  beforeEach(() => {
    platform.users.splice(1)
    const github = { provider: 'github', user_id: '9', connection: 'github' }
    const identities = [...platform.user(GOOGLE).identities, github]
    change({ identities, app_metadata: { account_linking: { enroll } } })
  })
  const asked = () => platform.effects.filter(([name]) => name === 'enrollWithAny')

  it('is asked for a new one', async () => {
    await logIn()
    expect(asked()).toEqual([ENROLL])
  })

  it('is asked for it even if nothing is offered', async () => {
    change({ email_verified: false })
    await logIn()
    expect([asked(), platform.calls]).toEqual([[ENROLL], []])
  })

  it.each<[string, () => unknown]>([
    ['there is one', () => change({ multifactor: ['otp'] })],
    ['none was lost', () => change({ app_metadata: {} })],
    ['the mode is off', () => configure({ ACCOUNT_LINKING_MODE: 'off' })],
    [
      'it proves the account to the linking service',
      () => {
        platform.event.client.metadata = { account_linking: 'true' }
      },
    ],
    [
      'it has no browser',
      () => {
        platform.api.redirect.canRedirect = () => false
      },
    ],
  ])('is asked for nothing if %s', async (_what, arrange) => {
    arrange()
    await logIn()
    expect(asked()).toEqual([])
  })

  it('goes on at an application that wants no offers, and is asked there too', async () => {
    platform.event.client.metadata = { account_linking: 'off' }
    await logIn()
    expect(asked()).toEqual([ENROLL])
  })

  it('goes on on a platform that cannot ask', async () => {
    delete platform.api.authentication.enrollWithAny
    await logIn()
    expect(platform.logs).toEqual([])
    expect(platform.names()).toContain(LOOKUP)
  })
})
