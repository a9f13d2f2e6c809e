import { beforeEach, describe, expect, it, vi } from 'vitest'
import { parseJournal, type Snapshot, snapshotKeyOf } from '@/core'
import { LinkingError } from '@/core/errors'
import type { AccountEvent } from '@/lib/events/account-event'
import { followForeignChange } from '@/lib/sign-in-methods/foreign/follow-change'
import { LINKING_SCOPES } from '@/local-tenant/world/seed'
import { services } from '../../../support/process/page-services'
import { now } from '../a-session'
import { aSnapshot, GOOGLE } from '../a-snapshot'
import { atTenant } from '../at-tenant'

const tenant = await atTenant()
const [ANN, OTHER] = ['auth0|ann', 'google-oauth2|ann-g']
beforeEach(() => tenant.grant(...LINKING_SCOPES))

const adopt = vi.fn(async (_step: string, _data: object) => true)
const emit = vi.fn((_event: AccountEvent) => undefined)
beforeEach(() => {
  adopt.mockReset().mockResolvedValue(true)
  emit.mockReset()
})
const follow = (wasHeld: boolean, at = now(), more: object = {}) =>
  followForeignChange(
    { ...services(), adopt, events: { emit }, ...more },
    { accountId: ANN, at, identities: [{ id: OTHER, wasHeld }] },
  )
const told = () => emit.mock.calls.map(([{ type, way }]) => `${type} ${way}`)
const stored = async () => tenant.user(ANN).app_metadata[await snapshotKeyOf(OTHER)] as Snapshot | undefined
const journal = () =>
  parseJournal({ app_metadata: tenant.user(ANN).app_metadata }).map(({ event, way }) => `${event} ${way}`)
/** Links the account as another program does; the secondary account then no longer exists. */
function link() {
  tenant.state.users.delete(OTHER)
  tenant.attach(ANN, { ...GOOGLE, connection: 'google-oauth2' }, { email: 'ann.g@example.com' })
}
/** Unlinks the identity as another program does. */
function unlink() {
  tenant.user(ANN).identities.splice(1)
  tenant.state.createUser({ user_id: OTHER, email: 'ann@example.com', created_at: new Date().toISOString() })
}
async function noted(fields: Record<string, unknown> = {}) {
  Object.assign(tenant.user(ANN).app_metadata, await aSnapshot({ at: now() - 600, ...fields }))
}

describe('a link without a snapshot', () => {
  beforeEach(link)

  it('is recorded, emitted and committed, with one read and two writes', async () => {
    const at = now() - 5
    const before = tenant.calls().length
    expect(await follow(false, at)).toBe(true)
    expect(tenant.calls().slice(before)).toEqual([`GET ${ANN}`, `PATCH ${ANN}`, `PATCH ${ANN}`])
    expect(await stored()).toEqual({
      ...{ v: 2, at, user_id: OTHER, proof: { way: 'foreign', client_id: '' } },
      adoption: { id: expect.stringMatching(/^[0-9a-f]{32}$/), ended: 'committed' },
    })
    expect(emit.mock.calls).toEqual([
      [
        {
          ...{ type: 'account.linked', userId: ANN, email: 'ann@example.com', way: 'foreign', clientId: '' },
          id: expect.stringMatching(/^foreign_[0-9a-f]{32}$/),
          other: { userId: OTHER, connection: 'google-oauth2', email: 'ann.g@example.com' },
        },
      ],
    ])
    expect(adopt.mock.calls).toMatchObject([['commit', { foreign: true, way: 'foreign' }]])
  })

  it('has no adoption if no application is configured', async () => {
    await follow(false, now(), { adopt: undefined })
    expect((await stored())?.adoption).toBeUndefined()
    expect(told()).toEqual(['account.linked foreign'])
  })

  it('is handled once, however many events report it', async () => {
    const at = now() - 5
    await Promise.all([follow(false, at), follow(false, at), follow(false, at + 1)])
    expect([told(), adopt.mock.calls.length]).toEqual([['account.linked foreign'], 1])
  })

  it('is emitted and committed by a later attempt if the response to the write was lost', async () => {
    const at = now() - 5
    tenant.lose((call) => call.startsWith('PATCH'))
    expect([await follow(false, at), told()]).toEqual([false, []])
    tenant.lose(() => false)
    expect(await stored()).toBeDefined()
    expect([await follow(false, at), told()]).toEqual([true, ['account.linked foreign']])
    expect((await stored())?.adoption?.ended).toBe('committed')
  })

  it('keeps its adoption open until the application accepts the commit', async () => {
    adopt.mockResolvedValue(false)
    expect(await follow(false)).toBe(true)
    expect((await stored())?.adoption).not.toHaveProperty('ended')
  })

  it('is ignored if the account had the identity before', async () => {
    expect([await follow(true), await stored(), told()]).toEqual([true, undefined, []])
  })
})

describe('a link with a snapshot', () => {
  it('was made by us, and costs one call', async () => {
    await noted({ proof: { way: 'login', client_id: 'demo-other' } })
    link()
    const before = tenant.calls().length
    expect([await follow(false), told(), adopt.mock.calls]).toEqual([true, [], []])
    expect(tenant.calls().slice(before)).toEqual([`GET ${ANN}`])
  })
})

describe('an unlink', () => {
  it('of a link of ours restores metadata, is in the journal, and is emitted; the pair may be offered again', async () => {
    await noted({ adoption: { id: 'a1', ended: 'committed' } })
    link()
    unlink()
    expect(await follow(true)).toBe(true)
    expect(tenant.user(OTHER).user_metadata).toMatchObject({ theme: 'light' })
    expect([await stored(), journal(), told()]).toEqual([
      undefined,
      ['linked settings', 'unlinked foreign'],
      ['account.unlinked foreign'],
    ])
    expect(adopt.mock.calls).toMatchObject([['commit', { undo: true, undoes: 'a1', foreign: true }]])
    expect(JSON.stringify(tenant.user(ANN).app_metadata)).not.toContain('declined')
    // Another event about the same unlink.
    await follow(true, now() + 1)
    expect([journal().length, told().length]).toEqual([2, 1])
  })

  it('is recognized by the creation time of the unlinked account, whatever events showed before', async () => {
    await noted()
    link()
    unlink()
    expect([await follow(false), told()]).toEqual([true, ['account.unlinked foreign']])
  })

  it('is not assumed if the account is older than the snapshot, because the link was not made yet', async () => {
    await noted()
    expect([await follow(false), told(), (await stored()) !== undefined]).toEqual([true, [], true])
  })

  it('without a snapshot is recorded in the journal and emitted, once', async () => {
    link()
    unlink()
    const at = now()
    await Promise.all([follow(true, at), follow(true, at + 1)])
    expect([journal(), told()]).toEqual([['unlinked foreign'], ['account.unlinked foreign']])
  })

  it('is emitted by a later attempt if the response to the write was lost', async () => {
    link()
    unlink()
    const at = now()
    tenant.lose((call) => call.startsWith('PATCH'))
    expect([await follow(true, at), told()]).toEqual([false, []])
    tenant.lose(() => false)
    expect([await follow(true, at), told(), journal().length]).toEqual([
      true,
      ['account.unlinked foreign'],
      1,
    ])
  })

  it.each([
    ['with', true],
    ['without', false],
  ])('is not emitted if its account was deleted: %s a snapshot, which stays', async (_how, hasSnapshot) => {
    if (hasSnapshot) await noted()
    link()
    tenant.user(ANN).identities.splice(1)
    expect(await follow(true)).toBe(true)
    expect([journal(), told(), (await stored()) !== undefined]).toEqual([[], [], hasSnapshot])
  })

  it.each([
    ['now', 0],
    ['with the creation time of the account', 3 * 365 * 86_400],
  ])('is not assumed from an event, dated %s, about an account that was never linked', async (_when, age) => {
    tenant.user(OTHER).created_at = new Date((now() - 3 * 365 * 86_400) * 1000).toISOString()
    expect(await follow(true, now() - age)).toBe(true)
    expect([journal(), told()]).toEqual([[], []])
  })

  it('made by us is ignored', async () => {
    await noted({ returning: { at: now(), undo: true } })
    link()
    unlink()
    expect([await follow(true), told(), (await stored()) !== undefined]).toEqual([true, [], true])
  })
})

describe('an attempt that cannot be completed', () => {
  beforeEach(link)

  it('is retried if the tenant does not respond', async () => {
    tenant.play({ match: { method: 'GET' }, effect: { status: 503 } })
    expect(await follow(false)).toBe(false)
  })

  it('is retried if the store does not respond, because then there is no lock', async () => {
    const { store } = services()
    const take = () => Promise.reject(new LinkingError('store_unavailable'))
    expect([await follow(false, now(), { store: { ...store, take } }), await stored()]).toEqual([
      false,
      undefined,
    ])
  })

  it('is not retried if the account is deleted', async () => {
    tenant.state.users.delete(ANN)
    expect(await follow(false)).toBe(true)
  })
})
