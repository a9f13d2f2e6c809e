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

describe('a login of a person with two accounts that hold rights', () => {
  const [ANN_ROLES, HUB_ROLES] = [PASSWORD, GOOGLE].map((id) => `GET /api/v2/users/${id}/roles`)
  const role = (id: string) => ({ id, name: `Role ${id}` })
  const arrange = (rights: typeof platform.rights, secrets: Record<string, string> = {}) => {
    platform.cache.set('account_linking_token', { value: RIGHTS_TOKEN, ttl: undefined })
    platform.rights = rights
    configure(secrets)
  }
  const CARRY = { ACCOUNT_LINKING_ROLES: 'carry' }
  const BOTH = { [GOOGLE]: { roles: [role('g')] }, [PASSWORD]: { roles: [role('p')] } }
  /** The API calls that read rights, without their queries. */
  const reads = () =>
    platform.names().flatMap((name) => /^GET .*\/users\/.*\/[a-z-]+(?=\?)/.exec(name)?.[0] ?? [])

  it('tells the linking service which rights the primary account would receive', async () => {
    arrange(BOTH, CARRY)
    await logIn()
    expect(platform.asked().candidate_identities).toMatchObject([
      { user_id: PASSWORD, stays: 'candidate', rights: { roles: ['Role g'] } },
    ])
    expect(reads()).toHaveLength(8)
  })

  it('keeps the account that holds rights', async () => {
    arrange({ [GOOGLE]: BOTH[GOOGLE] ?? {} })
    await logIn()
    expect(platform.asked().candidate_identities).toMatchObject([{ user_id: PASSWORD, stays: 'current' }])
  })

  it('offers nothing if a right would be lost, and looks again in a day', async () => {
    arrange(BOTH)
    await logIn()
    const looked = { until: NOW + DAY, key: await keyNow() }
    expect(platform.effects).toEqual([['setAppMetadata', 'account_linking', { looked }]])
  })

  it('reads no rights that the operator allows to be lost', async () => {
    const kinds = ['ROLES', 'PERMISSIONS', 'MEMBERSHIPS', 'FACTORS']
    arrange(BOTH, Object.fromEntries(kinds.map((kind) => [`ACCOUNT_LINKING_${kind}`, 'drop'])))
    await logIn()
    expect([offered(), reads()]).toEqual([[PASSWORD], []])
  })

  it('reads no rights if there is nothing to offer', async () => {
    arrange(BOTH)
    Object.assign(platform.user(PASSWORD), { blocked: true })
    await logIn()
    expect(reads()).toEqual([])
    expect(platform.logs).toEqual([])
  })

  it('reads the rights of each of several accounts', async () => {
    arrange(BOTH, CARRY)
    platform.users.push(aTenantUser('github|3'))
    await logIn()
    expect(offered()).toEqual([PASSWORD, 'github|3'])
    expect(reads()).toEqual(
      expect.arrayContaining([ANN_ROLES, HUB_ROLES, 'GET /api/v2/users/github|3/roles']),
    )
  })

  it('reads rights only of accounts that may be offered, and still remembers when a decline expires', async () => {
    arrange(BOTH, CARRY)
    platform.users.push(aTenantUser('github|3', { blocked: true }), aTenantUser('github|4'))
    const lapse = NOW + 60
    const marks = await addDeclines(parseUser(platform.user(GOOGLE)), ['github|4'], { until: lapse, at: NOW })
    change({ app_metadata: { account_linking: marks } })
    await logIn()
    expect(offered()).toEqual([PASSWORD])
    expect(reads().some((name) => name.includes('github'))).toBe(false)
    // If the first account is not offered either, the decline of the other one decides when to look again.
    platform.effects = []
    configure({ ACCOUNT_LINKING_ROLES: 'refuse' })
    await logIn()
    expect(platform.effects).toMatchObject([
      ['setAppMetadata', 'account_linking', { looked: { until: lapse } }],
    ])
  })

  it.each([
    ['lists no role', { roles: [] }, undefined, false],
    ['lists a role', { roles: ['Role g'] }, undefined, true],
    ['has no list of roles', {}, undefined, true],
    ['has no authorization', undefined, undefined, true],
    ['lists the roles in an organization', { roles: [] }, { id: 'org_1' }, true],
  ])('reads its own roles unless the event %s', async (_what, authorization, organization, isRead) => {
    arrange({}, { ACCOUNT_LINKING_ORGANIZATIONS: 'on' })
    Object.assign(platform.event, { authorization, organization })
    await logIn()
    expect(reads().includes(`${HUB_ROLES}`)).toBe(isRead)
    // The account that ends holds no rights, so those of the other one need not be read.
    expect(reads()).not.toContain(ANN_ROLES)
    expect(offered()).toEqual([PASSWORD])
  })

  it('offers an account even if its rights cannot be read, because they are read again before the link', async () => {
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

describe('a login after a link has lost a second factor', () => {
  const enroll = { at: NOW - 60, of: 'github|9', factors: ['otp', 'phone'] }
  const ENROLL = ['enrollWithAny', [{ type: 'otp' }, { type: 'phone' }]]
  beforeEach(() => {
    platform.users.splice(1)
    const github = { provider: 'github', user_id: '9', connection: 'github' }
    const identities = [...platform.user(GOOGLE).identities, github]
    change({ identities, app_metadata: { account_linking: { enroll } } })
  })
  const asked = () => platform.effects.filter(([name]) => name === 'enrollWithAny')

  it('asks the person to set up a factor', async () => {
    await logIn()
    expect(asked()).toEqual([ENROLL])
  })

  it('asks for it even if nothing is offered', async () => {
    change({ email_verified: false })
    await logIn()
    expect([asked(), platform.calls]).toEqual([[ENROLL], []])
  })

  it.each<[string, () => unknown]>([
    ['the account has a factor', () => change({ multifactor: ['otp'] })],
    ['no factor was lost', () => change({ app_metadata: {} })],
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
  ])('asks for nothing if %s', async (_what, arrange) => {
    arrange()
    await logIn()
    expect(asked()).toEqual([])
  })

  it('asks for it also at an application that is excluded from offers', async () => {
    platform.event.client.metadata = { account_linking: 'off' }
    await logIn()
    expect(asked()).toEqual([ENROLL])
  })

  it('goes on if Auth0 has no enrollWithAny', async () => {
    delete platform.api.authentication.enrollWithAny
    await logIn()
    expect(platform.logs).toEqual([])
    expect(platform.names()).toContain(LOOKUP)
  })
})
