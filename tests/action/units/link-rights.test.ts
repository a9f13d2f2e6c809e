import { describe, expect, it } from 'vitest'
import { digestOfGiven, snapshotKeyOf } from '@/core'
import { type MadeLink, makeLink } from '../../support/action/make-link'
import { anActionPlatform, GOOGLE, NOW, PASSWORD, RIGHTS_TOKEN } from '../../support/action/platform'

const platform = anActionPlatform()
const LOOKUP = 'GET /api/v2/users-by-email?email=ann@example.com'
const PATCH = `PATCH /api/v2/users/${PASSWORD}`
const LINK = `POST /api/v2/users/${PASSWORD}/identities`
const make = (given?: MadeLink) => makeLink(platform, given)
const change = (userId: string, fields: object) => Object.assign(platform.user(userId), fields)
const patched = () =>
  platform.calls.find(({ name }) => name === PATCH)?.body as { app_metadata: Record<string, object> }

describe('a link of an account with rights', () => {
  const ROLES = { roles: [{ id: 'rol_1', name: 'Editor' }] }
  const CARRY = { ACCOUNT_LINKING_ROLES: 'carry' }
  const GIVE = `POST /api/v2/users/${PASSWORD}/roles`
  const TAKE = `DELETE /api/v2/users/${PASSWORD}/roles`
  const arrange = (held: Record<string, object[]> = ROLES) => {
    platform.cache.set('account_linking_token', { value: RIGHTS_TOKEN, ttl: undefined })
    // The older account holds rights too: otherwise the other one would stay.
    const own = { roles: [{ id: 'rol_own', name: 'Own' }], 'authentication-methods': [{ type: 'phone' }] }
    platform.rights = { [GOOGLE]: held, [PASSWORD]: own }
  }
  const agreed = async (roles = ['rol_1']) => ({
    rights: { lost: [], digest: await digestOfGiven({ given: { roles } }) },
  })
  const writes = () => platform.names().filter((name) => !name.startsWith('GET'))

  it('gives them between the snapshot and the link, as the person agreed', async () => {
    arrange()
    expect(await make({ secrets: CARRY, hint: await agreed() })).toMatchObject({ primaryId: PASSWORD })
    expect(writes()).toEqual([PATCH, GIVE, LINK])
    expect(patched().app_metadata[await snapshotKeyOf(GOOGLE)]).toMatchObject({
      rights: { given: { roles: ['rol_1'] }, dropped: {}, shared: {} },
    })
  })

  it('reads no rights of a pair that is refused anyway', async () => {
    arrange()
    change(PASSWORD, { blocked: true })
    expect(await make()).toEqual({ reason: 'blocked' })
    expect(platform.names()).toEqual([LOOKUP])
  })

  it.each<[string, object, string]>([
    ['they must not be lost', {}, 'roles_lost'],
    ['the prompt named none', CARRY, 'decision_changed'],
  ])('writes nothing if %s', async (_what, secrets, reason) => {
    arrange()
    expect(await make({ secrets })).toEqual({ reason })
    expect(writes()).toEqual([])
  })

  it('writes nothing if the prompt named others, or the rights are gone', async () => {
    arrange()
    expect(await make({ secrets: CARRY, hint: await agreed(['rol_2']) })).toEqual({
      reason: 'decision_changed',
    })
    arrange({ roles: [] })
    platform.rights[PASSWORD] = {}
    expect(await make({ secrets: CARRY, hint: await agreed() })).toEqual({ reason: 'decision_changed' })
    expect(writes()).toEqual([])
  })

  it('links nothing if the other account would now stay, because it alone holds rights', async () => {
    arrange()
    platform.rights[PASSWORD] = {}
    expect(await make({ secrets: CARRY, hint: await agreed() })).toEqual({ reason: 'decision_changed' })
    expect(writes()).toEqual([])
  })

  it('writes nothing if there are too many of them', async () => {
    arrange({ roles: Array.from({ length: 51 }, (_, at) => ({ id: `rol_${at}`, name: 'x' })) })
    expect(await make({ secrets: CARRY })).toEqual({ reason: 'rights_too_many' })
    expect(writes()).toEqual([])
  })

  it('takes them back if the link is refused', async () => {
    arrange()
    platform.fault(/identities/, () => new Response(null, { status: 400 }))
    expect(await make({ secrets: CARRY, hint: await agreed() })).toEqual({ reason: 'link_refused' })
    expect(writes()).toEqual([PATCH, GIVE, LINK, TAKE])
  })

  it('gives none and links nothing with less than five seconds left', async () => {
    arrange()
    const hint = await agreed()
    expect(await make({ secrets: CARRY, hint, milliseconds: 4_999 })).toEqual({ reason: 'management_failed' })
    expect(writes()).toEqual([PATCH, TAKE])
    expect(await make({ secrets: CARRY, hint, milliseconds: 5_000 })).toMatchObject({ primaryId: PASSWORD })
  })

  it('marks that the person has to set up a factor again', async () => {
    arrange({ 'authentication-methods': [{ type: 'totp', confirmed: true }] })
    const { written } = await make({ secrets: { ACCOUNT_LINKING_FACTORS: 'enroll' } })
    expect(written?.marks.enroll).toEqual({ at: NOW, of: GOOGLE, factors: ['otp'] })
  })
})

describe('the marks of a link', () => {
  const ending = { before: NOW + 1, accounts: [PASSWORD, GOOGLE], kept: ['own'] }
  const marks = () => platform.user(PASSWORD).app_metadata?.account_linking
  const patches = () => platform.names().filter((name) => name === PATCH).length

  it('contain what has to end, and are returned to the caller', async () => {
    change(PASSWORD, { app_metadata: { account_linking: 'note' } })
    expect(await make({ ending })).toEqual({
      primaryId: PASSWORD,
      written: { key: 'account_linking_', marks: { ending, last: undefined, looked: undefined } },
    })
    expect(platform.user(PASSWORD).app_metadata).toMatchObject({ account_linking_: { ending } })
  })

  it('no longer contain it if nothing was linked', async () => {
    const declined = { pair: { until: NOW + 60, at: NOW - 60 } }
    change(PASSWORD, { app_metadata: { account_linking: { declined } } })
    platform.fault(/identities/, () => new Response(null, { status: 400 }))
    expect(await make({ ending })).toEqual({ reason: 'link_refused' })
    expect([marks(), patches()]).toEqual([{ declined }, 2])
  })

  it('are not written again if nothing has to end', async () => {
    platform.fault(/identities/, () => new Response(null, { status: 400 }))
    await make()
    expect(patches()).toBe(1)
  })

  it('keep it if it is unknown whether the two were linked', async () => {
    platform.fault(/identities/, () => Promise.reject(new TypeError('fetch failed')))
    platform.fault(/^GET .*\/users\//, () => new Response(null, { status: 403 }))
    expect(await make({ ending })).toEqual({ reason: 'outcome_unknown' })
    expect([marks(), patches()]).toEqual([{ ending }, 1])
  })

  it('do not change the outcome if they cannot be removed', async () => {
    platform.fault(/identities/, () => {
      platform.fault(/PATCH/, () => new Response(null, { status: 403 }))
      return new Response(null, { status: 400 })
    })
    expect(await make({ ending })).toEqual({ reason: 'link_refused' })
  })
})
