import { describe, expect, it, vi } from 'vitest'
import {
  canRemoveOrphanAccount,
  removeOrphanAccount,
  wasCreatedBySignIn,
} from '@/lib/sign-in-methods/connect/orphan-account'
import { noteUnlink } from '@/lib/sign-in-methods/proof-life'
import { anAccount } from '../../../support/builders/accounts'
import { services } from '../../../support/process/page-services'
import { aFlow, now } from '../a-session'
import { atTenant, LEAST_SCOPES } from '../at-tenant'

const tenant = await atTenant()
const START = Date.parse('2026-03-01T12:00:00.000Z') / 1000

describe('wasCreatedBySignIn', () => {
  const born = { created_at: '2026-03-01T12:00:30.000Z', logins_count: 1 }

  it.each<[string, object]>([
    ['created by the sign-in', {}],
    ['whose logins are not counted', { logins_count: undefined }],
    ['created by a tenant whose clock is five seconds behind', { created_at: '2026-03-01T11:59:55.000Z' }],
  ])('is true for an account %s', async (_what, fields) => {
    expect(await wasCreatedBySignIn(services(), anAccount({ ...born, ...fields }), START)).toBe(true)
  })

  it.each<[string, object]>([
    ['that existed before', { created_at: '2026-03-01T11:59:54.999Z' }],
    ['of unknown age', { created_at: undefined }],
    ['with an unreadable age', { created_at: 'yesterday' }],
    ['that was signed in to twice', { logins_count: 2 }],
    ['with user metadata', { user_metadata: { theme: 'dark' } }],
    ['with app metadata', { app_metadata: { plan: 'free' } }],
    [
      'with another identity',
      {
        identities: [
          { provider: 'auth0', user_id: 'ann', connection: 'db' },
          { provider: 'github', user_id: '7', connection: 'github' },
        ],
      },
    ],
  ])('is false for an account %s', async (_what, fields) => {
    expect(await wasCreatedBySignIn(services(), anAccount({ ...born, ...fields }), START)).toBe(false)
  })

  it('is false for an account that an unlink created', async () => {
    const account = anAccount(born)
    await noteUnlink(services(), ['auth0|ann', account.user_id])
    expect(await wasCreatedBySignIn(services(), account, START)).toBe(false)
  })
})

describe('canRemoveOrphanAccount', () => {
  it('is true if the flow created an account and the operator granted the scope', async () => {
    expect(await canRemoveOrphanAccount(services(), aFlow({ born: 'github|new' }))).toBe(true)
    expect(await canRemoveOrphanAccount(services(), aFlow())).toBe(false)
    tenant.grant(...LEAST_SCOPES)
    expect(await canRemoveOrphanAccount(services(), aFlow({ born: 'github|new' }))).toBe(false)
  })
})

describe('removeOrphanAccount', () => {
  const flow = aFlow({ born: 'github|new', openedAt: now() })
  const bear = (fields: object = {}) =>
    tenant.state.createUser({
      user_id: 'github|new',
      created_at: new Date((flow.openedAt + 20) * 1000).toISOString(),
      logins_count: 1,
      identities: [{ provider: 'github', user_id: 'new', connection: 'github' }],
      ...fields,
    })
  const remove = (changes: object = {}) =>
    removeOrphanAccount(services(), services().managementApi(), { ...flow, ...changes })

  it('removes the account, and emits an event', async () => {
    bear()
    await remove()
    expect(tenant.state.users.has('github|new')).toBe(false)
    expect(tenant.told()).toEqual(['account.removed'])
  })

  it.each<[string, () => unknown, object]>([
    ['was not created by a flow', () => bear(), { born: undefined }],
    ['existed before the flow', () => bear({ created_at: '2020-01-01T00:00:00.000Z' }), {}],
    ['was used since', () => bear({ logins_count: 2 }), {}],
    [
      'was linked and unlinked since',
      async () => {
        bear()
        await noteUnlink(services(), ['github|new'])
      },
      {},
    ],
    [
      'cannot be removed, because the scope was not granted',
      () => {
        bear()
        tenant.grant(...LEAST_SCOPES)
      },
      {},
    ],
  ])('does not remove an account that %s', async (_what, prepare, changes) => {
    await prepare()
    await expect(remove(changes)).rejects.toMatchObject({ code: 'changed' })
    expect(tenant.state.users.has('github|new')).toBe(true)
    expect(tenant.told()).toEqual([])
  })

  it('emits no event if the removal fails', async () => {
    bear()
    tenant.play({ match: { method: 'DELETE' }, effect: { status: 500 } })
    await expect(remove()).rejects.toMatchObject({ code: 'tenant_unreachable' })
    expect(tenant.told()).toEqual([])
    expect(vi.mocked(console.log)).not.toHaveBeenCalled()
  })
})
