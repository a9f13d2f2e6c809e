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
/** Links as someone else does; the unlinked account is then no longer there. */
function link() {
  tenant.state.users.delete(OTHER)
  tenant.attach(ANN, { ...GOOGLE, connection: 'google-oauth2' }, { email: 'ann.g@example.com' })
}
/** Takes the identity out as someone else does. */
function unlink() {
  tenant.user(ANN).identities.splice(1)
  tenant.state.createUser({ user_id: OTHER, email: 'ann@example.com', created_at: new Date().toISOString() })
}
async function noted(fields: Record<string, unknown> = {}) {
  Object.assign(tenant.user(ANN).app_metadata, await aSnapshot({ at: now() - 600, ...fields }))
}

describe('a link without a snapshot', () => {
  beforeEach(link)

  it('is recorded, told and committed, with a read and two writes', async () => {
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

  it('has no adoption if no application is asked', async () => {
    await follow(false, now(), { adopt: undefined })
    expect((await stored())?.adoption).toBeUndefined()
    expect(told()).toEqual(['account.linked foreign'])
  })

  it('is followed once, however many events report it', async () => {
    const at = now() - 5
    await Promise.all([follow(false, at), follow(false, at), follow(false, at + 1)])
    expect([told(), adopt.mock.calls.length]).toEqual([['account.linked foreign'], 1])
  })

  it('is told and committed by a later attempt if the answer to the write was lost', async () => {
    const at = now() - 5
    tenant.lose((call) => call.startsWith('PATCH'))
    expect([await follow(false, at), told()]).toEqual([false, []])
    tenant.lose(() => false)
    expect(await stored()).toBeDefined()
    expect([await follow(false, at), told()]).toEqual([true, ['account.linked foreign']])
    expect((await stored())?.adoption?.ended).toBe('committed')
  })

  it('keeps its adoption open until the application takes it', async () => {
    adopt.mockResolvedValue(false)
    expect(await follow(false)).toBe(true)
    expect((await stored())?.adoption).not.toHaveProperty('ended')
  })

  it('is left alone if the account had the identity before', async () => {
    expect([await follow(true), await stored(), told()]).toEqual([true, undefined, []])
  })
})

describe('a link with a snapshot', () => {
  it('is ours, and costs one call', async () => {
    await noted({ proof: { way: 'login', client_id: 'demo-other' } })
    link()
    const before = tenant.calls().length
    expect([await follow(false), told(), adopt.mock.calls]).toEqual([true, [], []])
    expect(tenant.calls().slice(before)).toEqual([`GET ${ANN}`])
  })
})

describe('an unlink', () => {
  it('of a link of ours gives the metadata back, and is in the journal and told; the person may be asked again', async () => {
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
    // Another event of the same unlink.
    await follow(true, now() + 1)
    expect([journal().length, told().length]).toEqual([2, 1])
  })

  it('is known from the age of the account, whatever events showed', async () => {
    await noted()
    link()
    unlink()
    expect([await follow(false), told()]).toEqual([true, ['account.unlinked foreign']])
  })

  it('is none if the account is older than the snapshot: the link was not made yet', async () => {
    await noted()
    expect([await follow(false), told(), (await stored()) !== undefined]).toEqual([true, [], true])
  })

  it('without a snapshot is in the journal and told, once', async () => {
    link()
    unlink()
    const at = now()
    await Promise.all([follow(true, at), follow(true, at + 1)])
    expect([journal(), told()]).toEqual([['unlinked foreign'], ['account.unlinked foreign']])
  })

  it('is told by a later attempt if the answer to the write was lost', async () => {
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
  ])('is not told if its account is gone since: %s a snapshot, which stays', async (_how, hasSnapshot) => {
    if (hasSnapshot) await noted()
    link()
    tenant.user(ANN).identities.splice(1)
    expect(await follow(true)).toBe(true)
    expect([journal(), told(), (await stored()) !== undefined]).toEqual([[], [], hasSnapshot])
  })

  it.each([
    ['now', 0],
    ['as long ago as the account was created', 3 * 365 * 86_400],
  ])('is not made up by an event, dated %s, about an account that was never linked', async (_when, age) => {
    tenant.user(OTHER).created_at = new Date((now() - 3 * 365 * 86_400) * 1000).toISOString()
    expect(await follow(true, now() - age)).toBe(true)
    expect([journal(), told()]).toEqual([[], []])
  })

  it('of ours is left to us', async () => {
    await noted({ returning: { at: now(), undo: true } })
    link()
    unlink()
    expect([await follow(true), told(), (await stored()) !== undefined]).toEqual([true, [], true])
  })
})

describe('an attempt that cannot be finished', () => {
  beforeEach(link)

  it('is made again if the tenant does not answer', async () => {
    tenant.play({ match: { method: 'GET' }, effect: { status: 503 } })
    expect(await follow(false)).toBe(false)
  })

  it('is made again if the store does not answer, so that there is no lock', async () => {
    const { store } = services()
    const take = () => Promise.reject(new LinkingError('store_unavailable'))
    expect([await follow(false, now(), { store: { ...store, take } }), await stored()]).toEqual([
      false,
      undefined,
    ])
  })

  it('is not made again if the account is gone', async () => {
    tenant.state.users.delete(ANN)
    expect(await follow(false)).toBe(true)
  })
})
