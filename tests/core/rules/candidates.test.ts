import { describe, expect, it } from 'vitest'
import {
  addDeclines,
  bytesOf,
  decideOffer,
  failsFor,
  type LinkPolicy,
  MARKS_KEY,
  NEVER,
  selectCandidates,
} from '@/core'
import { aPolicy, aReturningSnapshot, aUser, type UserFields } from '../../support/builders/users'

const NOW = 1_800_000_000
const PROOF = { way: 'login', client_id: 'demo-app' }
const CURRENT: UserFields = { user_id: 'google-oauth2|1', created_at: '2025-06-01T00:00:00.000Z' }
const CANDIDATE: UserFields = { user_id: 'auth0|1', created_at: '2025-01-01T00:00:00.000Z' }

const select = (found: UserFields[], current: UserFields = {}, policy: Partial<LinkPolicy> = {}) =>
  selectCandidates(aUser({ ...CURRENT, ...current }), found.map(aUser), aPolicy(policy), NOW, PROOF)
const declined = async (until: number, one = 'google-oauth2|1', other = 'auth0|1') => ({
  [MARKS_KEY]: await addDeclines(aUser({ user_id: one }), [other], { until, at: NOW - 1 }),
})

describe('failsFor', () => {
  const LIFE = 30 * 86_400
  it.each([
    ['link_refused', LIFE],
    ['missing_scope', LIFE],
    ['metadata_too_large', 7 * 86_400],
    ['rights_too_many', 86_400],
    ['rights_unread', 86_400],
    ['memberships_lost', 86_400],
    ['management_failed', 0],
    ['outcome_unknown', 0],
    ['decision_changed', 0],
    ['adoption_refused', 0],
    ['blocked', 0],
    ['busy', 0],
  ] as const)('%s: %d seconds', (reason, expected) => {
    expect(failsFor(reason, LIFE)).toBe(expected)
  })

  it('is never longer than a decline', () => {
    expect(failsFor('metadata_too_large', 60)).toBe(60)
  })
})

describe('decideOffer', () => {
  it('leaves room in the snapshot for the id of an adoption', async () => {
    const offer = (length: number, isAdopted: boolean) => {
      const large = aUser({ ...CURRENT, user_metadata: { text: 'x'.repeat(length) } })
      return decideOffer(large, aUser(CANDIDATE), aPolicy(), NOW, PROOF, isAdopted)
    }
    let length = 2_000
    while ((await offer(length + 1, false)).stays) length += 1
    expect(await offer(length, true)).toEqual({ reason: 'metadata_too_large' })
    expect((await offer(length - 60, true)).stays).toBe('candidate')
  })
})

describe('selectCandidates', () => {
  it('offers another user with the same address, with what the prompt says about it', async () => {
    const { candidates, lookAgainAt } = await select([
      { ...CURRENT, user_metadata: { theme: 'light', newsletter: true }, app_metadata: { plan: 'free' } },
      { ...CANDIDATE, user_metadata: { theme: 'dark' }, multifactor: ['otp'], linked: ['github|7'] },
    ])
    expect(candidates).toEqual([
      {
        user_id: 'auth0|1',
        provider: 'auth0',
        connection: 'db',
        stays: 'candidate',
        carried: 0,
        mfa: true,
        also: ['github'],
      },
    ])
    expect(lookAgainAt).toBe(NEVER)
  })

  it.each([
    ['candidate', { user_metadata: { a: 1, b: 2 }, app_metadata: { plan: 'x', role: 'y' } }, {}, 3],
    ['current', { created_at: '2024-01-01T00:00:00.000Z' }, { user_metadata: { c: 1 } }, 1],
  ])('counts the fields that the %s would receive', async (stays, current, candidate, carried) => {
    const { candidates } = await select([{ ...CANDIDATE, ...candidate }], current, {
      appMetadataKeys: ['plan'],
    })
    expect(candidates).toMatchObject([{ stays, carried, mfa: false, also: [] }])
  })

  it('lists the fields that the primary account would receive, as many as fit, and counts all', async () => {
    const names = ['pet', 'x'.repeat(190), 'payout_account', 'y'.repeat(300)]
    const user_metadata = Object.fromEntries(names.map((name) => [name, 1]))
    const current = { user_metadata, app_metadata: { plan: 'free', role: 'boss' } }
    const { candidates } = await select([CANDIDATE], current, { appMetadataKeys: ['plan'] })
    expect(candidates).toMatchObject([{ carried: 5, fields: ['pet', 'payout_account', 'plan'] }])
    const decoys = Object.fromEntries(Array.from({ length: 99 }, (_, at) => [`decoy-${at}`, 1]))
    const [hidden] = (await select([CANDIDATE], { user_metadata: decoys })).candidates
    expect(hidden?.carried).toBe(99)
    expect(hidden?.fields?.length).toBeGreaterThan(10)
    expect(bytesOf(hidden?.fields)).toBeLessThanOrEqual(200)
  })

  it.each([
    [195, true],
    [196, false],
  ])('lists a field name of %i characters: %s', async (length, isNamed) => {
    const [candidate] = (await select([CANDIDATE], { user_metadata: { ['x'.repeat(length)]: 1 } })).candidates
    expect(candidate).toMatchObject({ carried: 1 })
    expect(Boolean(candidate?.fields)).toBe(isNamed)
  })

  it('lists each further provider of a candidate once, as many as fit, and counts the others', async () => {
    const of = async (linked: string[]) => (await select([{ ...CANDIDATE, linked }])).candidates[0]
    const few = ['windowslive|1', 'linkedin|2', 'facebook|3', 'github|4']
    expect(await of(few)).toMatchObject({ also: ['windowslive', 'linkedin', 'facebook', 'github'] })
    expect(await of(few)).not.toHaveProperty('more')
    const many = [...Array.from({ length: 60 }, (_, at) => `linkedin|${at}`), 'github|4', 'auth0|5']
    expect(await of(many)).toMatchObject({ also: ['linkedin', 'github', 'auth0:db'], more: 59 })
    const long = Array.from({ length: 40 }, (_, at) => `${'x'.repeat(20)}${at}|1`)
    const candidate = await of(long)
    expect(candidate?.also.length).toBeGreaterThan(10)
    expect((candidate?.also.length ?? 0) + (candidate?.more ?? 0)).toBe(40)
    expect(bytesOf(candidate?.also)).toBeLessThanOrEqual(300)
  })

  it('adds the time of creation to accounts of the same provider, and to no others', async () => {
    expect((await select([CURRENT, CANDIDATE])).candidates[0]).not.toHaveProperty('since')
    const twin = { user_id: 'auth0|2', created_at: '2023-01-01T00:00:00.000Z' }
    const { candidates } = await select([CANDIDATE, twin, { user_id: 'github|1' }])
    expect(candidates.map(({ since }) => since)).toEqual([1_735_689_600, 1_672_531_200, undefined])
    const own = await select([{ user_id: 'google-oauth2|2', created_at: twin.created_at }])
    expect(own.candidates).toMatchObject([{ since: 1_672_531_200 }])
  })

  it.each<[string, UserFields]>([
    ['the user itself', CURRENT],
    ['an unverified user', { ...CANDIDATE, email_verified: false }],
    ['a blocked user', { ...CANDIDATE, blocked: true }],
    ['a user whose connection only has a trusted name', { user_id: 'samlp|github|1', connection: 'github' }],
    ['a user of another address', { ...CANDIDATE, email: 'bea@example.com' }],
    ['a user of an untrusted connection', { ...CANDIDATE, user_id: 'samlp|acme|1' }],
  ])('does not offer %s', async (_who, user) => {
    expect(await select([user])).toEqual({ candidates: [], lookAgainAt: NEVER })
  })

  it('offers no account whose id is too long to switch the login to it, unless it would end', async () => {
    const long = { ...CANDIDATE, user_id: `auth0|${'x'.repeat(123)}` }
    expect((await select([long])).candidates).toEqual([])
    expect((await select([{ ...long, user_id: long.user_id.slice(0, 128) }])).candidates).toHaveLength(1)
    const older = { created_at: '2024-01-01T00:00:00.000Z' }
    expect((await select([long], older)).candidates).toMatchObject([{ stays: 'current' }])
  })

  it('offers ten accounts at most', async () => {
    const found = Array.from({ length: 60 }, (_, at) => ({ user_id: `github|${at}` }))
    const { candidates } = await select(found)
    expect(candidates.map(({ user_id }) => user_id)).toEqual(found.slice(0, 10).map(({ user_id }) => user_id))
  })

  it.each([
    ['the current user', true],
    ['the candidate', false],
  ])('respects a decline that is stored in %s', async (_where, isCurrent) => {
    const marks = { app_metadata: await declined(NOW + 100) }
    const { candidates, lookAgainAt } = await select(
      [{ ...CANDIDATE, ...(!isCurrent && marks) }],
      isCurrent ? marks : {},
    )
    expect(candidates).toEqual([])
    expect(lookAgainAt).toBe(NOW + 100)
  })

  it('respects the later of two declines of one pair', async () => {
    const { lookAgainAt } = await select([{ ...CANDIDATE, app_metadata: await declined(NOW + 100) }], {
      app_metadata: await declined(NOW + 300),
    })
    expect(lookAgainAt).toBe(NOW + 300)
  })

  it('skips an account that is restoring metadata, and makes the next login look again', async () => {
    const app_metadata = { account_linking_0123456789ab: aReturningSnapshot(NOW) }
    const busy = { ...CANDIDATE, app_metadata }
    expect(await select([busy])).toEqual({ candidates: [], lookAgainAt: NOW })
    const { candidates } = await select([busy, { user_id: 'github|1' }])
    expect(candidates).toMatchObject([{ user_id: 'github|1' }])
  })

  it.each<[string, UserFields, UserFields]>([
    ['of the secondary account', { user_metadata: { essay: 'x'.repeat(3_000) } }, {}],
    ['of the primary account', {}, { user_metadata: { bio: 'x'.repeat(9_000) } }],
    ['nested too deeply', { user_metadata: { deep: JSON.parse('['.repeat(9e4) + ']'.repeat(9e4)) } }, {}],
  ])(
    'offers none whose link would be refused for the metadata %s, and looks again in a week',
    async (_of, own, other) => {
      expect(await select([{ ...CANDIDATE, ...other }], own)).toEqual({
        candidates: [],
        lookAgainAt: NOW + 7 * 86_400,
      })
      const { candidates } = await select([{ ...CANDIDATE, ...other }, { user_id: 'github|1' }], { ...own })
      expect(candidates.map(({ user_id }) => user_id)).toEqual(other.user_metadata ? ['github|1'] : [])
    },
  )

  it('never offers an account again if the person chose that', async () => {
    const { candidates, lookAgainAt } = await select([CANDIDATE], { app_metadata: await declined(NEVER) })
    expect(candidates).toEqual([])
    expect(lookAgainAt).toBe(NEVER)
  })

  it.each([NOW, NOW - 1])('offers an account again when the decline expires', async (until) => {
    const { candidates } = await select([CANDIDATE], { app_metadata: await declined(until) })
    expect(candidates).toHaveLength(1)
  })

  it('offers a third account beside a declined one, and returns when that one may be offered', async () => {
    const found = [CANDIDATE, { user_id: 'github|1' }]
    const { candidates, lookAgainAt } = await select(found, { app_metadata: await declined(NOW + 100) })
    expect(candidates.map(({ user_id }) => user_id)).toEqual(['github|1'])
    expect(lookAgainAt).toBe(NOW + 100)
  })

  it('returns the earliest of several expiry times', async () => {
    const marked = aUser({ ...CURRENT, app_metadata: await declined(NOW + 300) })
    const marks = await addDeclines(marked, ['github|1'], { until: NOW + 200, at: NOW })
    const { lookAgainAt } = await select([CANDIDATE, { user_id: 'github|1' }], {
      app_metadata: { [MARKS_KEY]: marks },
    })
    expect(lookAgainAt).toBe(NOW + 200)
  })
})

describe('the rights in an offer', () => {
  const held = (ids: string[], name = (id: string) => id.toUpperCase()) =>
    Object.fromEntries(ids.map((id) => [id, name(id)]))
  const NONE = { roles: {}, permissions: {}, memberships: {}, factors: {} }
  const CARRY: Partial<LinkPolicy> = {
    ...{ roles: 'carry', permissions: 'carry', memberships: 'carry', factors: 'drop' },
  }
  /** The older account stays, whatever rights the newer one holds, because it has several identities. */
  const older = { ...CANDIDATE, linked: ['github|9'] }
  const offer = async (rights: UserFields['rights'], policy = CARRY, staying: UserFields['rights'] = NONE) =>
    select([{ ...older, rights: staying }], { rights }, policy)
  const hint = async (...given: Parameters<typeof offer>) => (await offer(...given)).candidates[0]?.rights

  it('are missing if no rights were read', async () => {
    for (const rights of [undefined, {}]) {
      const [candidate] = (await offer(rights, {}, rights)).candidates
      expect(candidate).toBeDefined()
      expect(candidate).not.toHaveProperty('rights')
    }
  })

  it('list what the primary account would receive, and count its permissions', async () => {
    const rights = {
      roles: held(['rol_1']),
      permissions: held(['p x', 'q x']),
      memberships: held(['org_1', 'org_2 rol_3'], (id) => `Name of ${id}`),
      factors: {},
    }
    expect(await hint(rights)).toEqual({
      roles: ['ROL_1'],
      organizations: ['Name of org_1', 'org_2'],
      permissions: 2,
      digest: expect.stringMatching(/^[0-9a-f]{12}$/),
    })
  })

  it('are empty if the primary account holds all of them already', async () => {
    const rights = { ...NONE, roles: held(['rol_1']) }
    expect(await hint(rights, CARRY, rights)).toEqual({})
  })

  it('list the kinds that are lost or cannot be read', async () => {
    const drop = { roles: 'drop', permissions: 'drop' } as const
    expect(await hint({ roles: held(['rol_1']), permissions: {} }, drop)).toEqual({
      lost: ['roles', 'memberships', 'factors'],
    })
  })

  it('say that a factor has to be set up again', async () => {
    const rights = { ...NONE, factors: held(['totp']) }
    expect(await hint(rights, { factors: 'enroll' })).toEqual({ lost: ['factors'], enroll: true })
    expect(await hint(rights, { factors: 'drop' })).toEqual({ lost: ['factors'] })
    expect(await hint(NONE, { factors: 'enroll' })).toEqual({})
  })

  it('list as many names as fit, and count the others', async () => {
    const names = (prefix: string) => Array.from({ length: 5 }, (_, at) => `${prefix}${at}`.padEnd(60, 'x'))
    const rights = { ...NONE, roles: held(names('rol')), memberships: held(names('org')) }
    const given = await hint(rights)
    expect([given?.roles, given?.organizations, given?.more]).toMatchObject([{ length: 3 }, { length: 3 }, 4])
    for (const list of [given?.roles, given?.organizations]) expect(bytesOf(list)).toBeLessThanOrEqual(200)
    const few = await hint({ ...NONE, roles: held(['a']), memberships: held(['b']) })
    expect(few).not.toHaveProperty('more')
  })

  it.each<[string, UserFields['rights'], Partial<LinkPolicy>]>([
    ['roles must not be lost', { ...NONE, roles: held(['a']) }, {}],
    ['permissions must not be lost', { ...NONE, permissions: held(['a']) }, {}],
    ['memberships must not be lost', { ...NONE, memberships: held(['a']) }, {}],
    ['factors must not be lost', { ...NONE, factors: held(['a']) }, {}],
    ['there are too many', { ...NONE, roles: held(Array.from({ length: 51 }, (_, at) => `r${at}`)) }, CARRY],
    ['they could not be read', { permissions: {} }, CARRY],
  ])('stop the offer, and make a login look again in a day, if %s', async (_what, rights, policy) => {
    expect(await offer(rights, policy)).toEqual({ candidates: [], lookAgainAt: NOW + 86_400 })
  })

  it('stop the offer if they make the snapshot too large, and make a login look again in a week', async () => {
    const rights = {
      ...NONE,
      roles: held(Array.from({ length: 20 }, (_, at) => `role-${at}`.padEnd(60, 'x'))),
    }
    const essay = { user_metadata: { essay: 'x'.repeat(1_700) } }
    const found = [{ ...older, rights: NONE }]
    const asked = (current: UserFields) => select(found, current, { ...CARRY, fillUserMetadata: false })
    expect((await asked(essay)).candidates).toHaveLength(1)
    expect((await asked({ rights })).candidates).toHaveLength(1)
    expect(await asked({ ...essay, rights })).toEqual({ candidates: [], lookAgainAt: NOW + 7 * 86_400 })
  })

  it('do not delay a decline that expires sooner', async () => {
    const lossy = { ...older, rights: NONE }
    const rights = { ...NONE, roles: held(['a']) }
    const found = [lossy, { user_id: 'github|1' }]
    const app_metadata = await declined(NOW + 100, 'google-oauth2|1', 'github|1')
    expect(await select(found, { rights, app_metadata })).toEqual({
      candidates: [],
      lookAgainAt: NOW + 100,
    })
  })
})
