import { beforeEach, describe, expect, it } from 'vitest'
import { endAccess } from '@/lib/accounts/end-access'
import { now } from './a-session'
import { atTenant, ENDING_SCOPES, LEAST_SCOPES } from './at-tenant'

const tenant = await atTenant()
beforeEach(() => tenant.grant(...LEAST_SCOPES, ...ENDING_SCOPES))

const left = () => [...tenant.state.sessions.keys()]

describe('endAccess', () => {
  it('ends the sessions that began before, of all the accounts, but for the one it is done from', async () => {
    tenant.begin('old', 100)
    tenant.begin('own', 100)
    tenant.begin('new', 10)
    tenant.begin('other', 100, 'auth0|bea')
    tenant.begin('foreign', 100, 'auth0|eve')
    await endAccess(['auth0|ann', 'auth0|bea'], now() - 50, 'own')
    expect(left()).toEqual(['own', 'new', 'foreign'])
  })

  it('leaves one alone that began at that very second', async () => {
    tenant.begin('same', 50)
    await endAccess(['auth0|ann'], now() - 50, undefined)
    expect(left()).toEqual(['same'])
  })

  it('revokes the refresh tokens of all the accounts', async () => {
    await endAccess(['auth0|ann', 'auth0|bea'], now(), undefined)
    expect(tenant.writes().sort()).toEqual([
      'DELETE auth0|ann/refresh-tokens',
      'DELETE auth0|bea/refresh-tokens',
    ])
  })

  it('ends twenty sessions of an account at most', async () => {
    for (let index = 0; index < 25; index += 1) tenant.begin(`s${index}`, 100)
    await endAccess(['auth0|ann'], now(), undefined)
    expect(left()).toHaveLength(5)
  })

  it.each(ENDING_SCOPES)('ends nothing where %s was not granted', async (missing) => {
    tenant.grant(...LEAST_SCOPES, ...ENDING_SCOPES.filter((scope) => scope !== missing))
    tenant.begin('old', 100)
    await endAccess(['auth0|ann'], now(), undefined)
    expect(tenant.calls()).toEqual([])
  })

  it('goes on with the others where an account is gone', async () => {
    tenant.play({ match: { path: 'auth0%7Cann/' }, effect: { status: 404 } })
    tenant.begin('old', 100, 'auth0|bea')
    await endAccess(['auth0|ann', 'auth0|bea'], now(), undefined)
    expect(left()).toEqual([])
  })

  it('goes on with the others where a session is gone by itself', async () => {
    tenant.play({ match: { path: '/sessions/old$' }, effect: { status: 404 } })
    tenant.begin('old', 100)
    tenant.begin('older', 200)
    await endAccess(['auth0|ann'], now(), undefined)
    expect(left()).toEqual(['old'])
  })

  it('is no reason to fail where the tenant does', async () => {
    tenant.play({ match: { path: 'refresh-tokens' }, effect: { status: 500 } })
    await endAccess(['auth0|ann'], now(), undefined)
    expect(tenant.logged()).toMatchObject([
      { event: 'access_not_ended', code: 'tenant_unreachable', status: 500 },
    ])
  })
})
