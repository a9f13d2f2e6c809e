import { beforeEach, describe, expect, it, vi } from 'vitest'
import { hash12, parseEnding, parseJournal, parseMarks, snapshotKeyOf } from '@/core'
import { connectAccount } from '@/lib/sign-in-methods/connect/connect'
import { planConnect } from '@/lib/sign-in-methods/connect/connect-plan'
import { disconnectAccount } from '@/lib/sign-in-methods/disconnect/disconnect'
import { type DisconnectTarget, planDisconnect } from '@/lib/sign-in-methods/disconnect/disconnect-plan'
import { memoryStore } from '@/lib/store/memory-store'
import { configure, services } from '../../../support/process/page-services'
import { aFlow, aSession, now } from '../a-session'
import { atTenant, ENDING_SCOPES, LEAST_SCOPES } from '../at-tenant'

const tenant = await atTenant()
const OTHER = 'google-oauth2|ann-g'
const UNLINK = 'DELETE auth0|ann/identities/google-oauth2/ann-g'
const NOTHING = { user_metadata: {}, app_metadata: {} }
/** The metadata of Ann's Google account that is restored only by an undo or the operator. */
const HELD = { user_metadata: {}, app_metadata: { plan: 'free', trial: { started: '2025-02-01' } } }
const GITHUB = { provider: 'github', user_id: '7', connection: 'github' }
beforeEach(() => tenant.grant(...LEAST_SCOPES))

/** The digests of the plans that Ann has read and agreed to, by the arguments of `read`. */
const agreed = new Map<string, string>()

/** Connects Ann's Google account, reads the plans to disconnect it, and then clears ledger and log. */
async function connected() {
  const plan = await planConnect(services(), services().managementApi(), aSession(), aFlow())
  await connectAccount(services(), aSession(), aFlow(), plan?.digest ?? '')
  for (const isUndo of [false, true]) await read(isUndo)
  tenant.state.ledger = []
  vi.mocked(console.log).mockClear()
}
const target = async (isUndo = false, userId = OTHER): Promise<DisconnectTarget> => ({
  handle: await hash12(userId),
  isUndo,
})
const disconnect = async (isUndo = false, isRemovalWanted = false, userId = OTHER) =>
  disconnectAccount(
    services(),
    aSession(),
    await target(isUndo, userId),
    agreed.get(`${isUndo} ${userId}`) ?? '',
    isRemovalWanted,
  )
const planned = async (isUndo = false, userId = OTHER, session = aSession()) =>
  planDisconnect(services(), services().managementApi(), session, await target(isUndo, userId))
async function read(isUndo = false, userId = OTHER) {
  agreed.set(`${isUndo} ${userId}`, (await planned(isUndo, userId))?.digest ?? '')
}
const snapshot = async () => tenant.user('auth0|ann').app_metadata[await snapshotKeyOf(OTHER)]

describe('planDisconnect', () => {
  it('lists what would be restored, and whether it is an undo', async () => {
    await connected()
    expect(await planned()).toMatchObject({
      identity: { user_id: OTHER },
      isUndo: false,
      canRemove: false,
      fields: {
        give: { user_metadata: { theme: 'light', newsletter: true }, app_metadata: {} },
        take: { user_metadata: ['newsletter'] },
        heldBack: HELD,
      },
    })
    expect(await planned(true)).toMatchObject({ isUndo: true, fields: { heldBack: NOTHING } })
  })

  it('is no undo after the undo period, or if the link kept nothing', async () => {
    await connected()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 30 * 86_400_000 })
    // Sign-in and session have the new date, too.
    expect(await planned(true)).toMatchObject({ isUndo: false, fields: { heldBack: HELD } })
    vi.useRealTimers()
    tenant.attach('auth0|ann', GITHUB)
    expect(await planned(true, 'github|7')).toMatchObject({ isUndo: false, stored: undefined })
  })

  it('offers to remove the other account if the scope was granted, except in an undo', async () => {
    await connected()
    tenant.grant(...LEAST_SCOPES, 'delete:users')
    expect(await planned()).toMatchObject({ canRemove: true })
    expect(await planned(true)).toMatchObject({ canRemove: false })
  })

  it("has no snapshot if links are made with the person's own token", async () => {
    await connected()
    const accessToken = await tenant.ownToken('auth0|ann')
    configure({ linkingAuthority: 'user', connectConnections: ['auth0:Username-Password-Authentication'] })
    expect(await planned(true, OTHER, aSession({ accessToken }))).toMatchObject({
      stored: undefined,
      isUndo: false,
      canRemove: false,
    })
  })

  it.each([
    ['auth0|ann', 'primary_identity'],
    ['auth0|bea', 'not_linked'],
    ['', 'not_linked'],
  ])('refuses %j with %s', async (userId, code) => {
    await connected()
    await expect(planned(false, userId)).rejects.toMatchObject({ code })
  })

  it('refuses to unlink the last usable sign-in method', async () => {
    await connected()
    tenant.state.connections = tenant.state.connections.filter(({ strategy }) => strategy !== 'auth0')
    await expect(planned()).rejects.toMatchObject({ code: 'last_way_in' })
    tenant.attach('auth0|ann', GITHUB, { blocked: true })
    await expect(planned()).rejects.toMatchObject({ code: 'last_way_in' })
    tenant.attach('auth0|ann', { ...GITHUB, user_id: '8' })
    expect(await planned()).toBeDefined()
  })

  it('is undefined if the identity was unlinked before, and refuses one that was never linked', async () => {
    await connected()
    await disconnect()
    expect(await planned()).toBeUndefined()
    expect(await planned(true)).toBeUndefined()
    await expect(planned(false, 'github|7')).rejects.toMatchObject({ code: 'not_linked' })
  })

  it.each([
    ['no handle', 'x', 0],
    ['the id of an identity', OTHER, 0],
    ['a handle that no identity has', '000000000000', 1],
  ])('refuses %s without unneeded calls', async (_what, handle, calls) => {
    const plan = planDisconnect(services(), services().managementApi(), aSession(), { handle, isUndo: false })
    await expect(plan).rejects.toMatchObject({ code: 'not_linked' })
    expect(tenant.calls()).toHaveLength(calls)
  })

  it('is a plan again if the identity was linked again', async () => {
    await connected()
    await disconnect()
    tenant.state.users.delete(OTHER)
    tenant.attach('auth0|ann', { provider: 'google-oauth2', user_id: 'ann-g', connection: 'google-oauth2' })
    expect(await planned()).toMatchObject({ identity: { user_id: OTHER }, stored: undefined })
  })

  it('refuses a session from before the last change', async () => {
    await connected()
    const old = aSession({ since: now() - 10, sid: 'another-session' })
    await expect(planned(false, OTHER, old)).rejects.toMatchObject({ code: 'reauth_required' })
  })

  it('refuses an identity that is linked in the journal but not in the account', async () => {
    await connected()
    await disconnect()
    const { app_metadata } = tenant.user('auth0|ann')
    const { entries } = app_metadata.account_linking_journal as { entries: unknown[] }
    entries.push(entries[0])
    await expect(planned()).rejects.toMatchObject({ code: 'not_linked' })
  })
})

describe('disconnectAccount', () => {
  it('marks the snapshot, unlinks, restores the other account, then cleans up, in this order', async () => {
    await connected()
    const announced: unknown[] = []
    const key = await snapshotKeyOf(OTHER)
    tenant.onCall((call) => {
      if (call === UNLINK) announced.push(Object(tenant.user('auth0|ann').app_metadata[key]).returning)
    })
    const done = await disconnect()
    expect(done).toMatchObject({ isReturned: true, isRemoved: false, isUndo: false })
    expect(tenant.writes()).toEqual(['PATCH auth0|ann', UNLINK, `PATCH ${OTHER}`, 'PATCH auth0|ann'])
    expect(announced).toEqual([{ at: expect.any(Number), undo: false }])
    expect(tenant.user(OTHER)).toMatchObject({
      user_metadata: { theme: 'light', newsletter: true },
      app_metadata: {},
    })
    expect(tenant.user('auth0|ann').user_metadata).toEqual({ theme: 'dark', language: 'en' })
    expect(await snapshot()).toBeUndefined()
    expect(tenant.told()).toEqual(['account.unlinked'])
  })

  it('marks an undo as such, and restores everything', async () => {
    await connected()
    const announced: unknown[] = []
    const key = await snapshotKeyOf(OTHER)
    tenant.onCall((call) => {
      if (call === UNLINK) announced.push(Object(tenant.user('auth0|ann').app_metadata[key]).returning)
    })
    await disconnect(true)
    expect(announced).toMatchObject([{ undo: true }])
    expect(tenant.user(OTHER).app_metadata).toEqual({ plan: 'free', trial: { started: '2025-02-01' } })
    expect(parseJournal(tenant.user('auth0|ann')).map(({ event }) => event)).toEqual(['linked', 'restored'])
    expect(tenant.told()).toEqual(['account.restored'])
  })

  it('unlinks once, even if called several times simultaneously', async () => {
    await connected()
    const all = await Promise.all(Array.from({ length: 5 }, () => disconnect()))
    expect(all.filter(Boolean)).toHaveLength(1)
    expect(tenant.writes().filter((call) => call === UNLINK)).toHaveLength(1)
  })

  it('waits for other work on the account, and then throws busy', async () => {
    await connected()
    await memoryStore.take(`lock:account:${await hash12('auth0|ann')}`, 60, 'someone else')
    let look = 0
    vi.spyOn(performance, 'now').mockImplementation(() => 3000 * ++look)
    await expect(disconnect()).rejects.toMatchObject({ code: 'busy' })
    expect(tenant.writes()).toEqual([])
  })

  it.each([
    ['no handle', 'x'],
    ['the id of an identity', OTHER],
  ])('refuses %s without a call and without a lock', async (_what, handle) => {
    const take = vi.spyOn(memoryStore, 'take')
    const work = disconnectAccount(services(), aSession(), { handle, isUndo: false }, '', false)
    await expect(work).rejects.toMatchObject({ code: 'not_linked' })
    expect(tenant.calls()).toEqual([])
    expect(take).not.toHaveBeenCalled()
  })

  it('locks only the own account until it knows that the identity in the form is linked to it', async () => {
    const take = vi.spyOn(memoryStore, 'take')
    const strangers = { handle: await hash12('auth0|dee'), isUndo: false }
    const work = disconnectAccount(services(), aSession(), strangers, '', false)
    await expect(work).rejects.toMatchObject({ code: 'not_linked' })
    const locks = take.mock.calls.map(([key]) => key).filter((key) => key.startsWith('lock:account:'))
    expect(locks).toEqual([`lock:account:${await hash12('auth0|ann')}`])
  })

  it.each([
    [601, 'reauth_required'],
    [600, undefined],
  ])('with a sign-in %d seconds ago throws %s', async (age, code) => {
    await connected()
    vi.useFakeTimers({ toFake: ['Date'], now: now() * 1000 })
    const work = disconnectAccount(
      services(),
      aSession({ authTime: now() - age }),
      await target(),
      agreed.get(`false ${OTHER}`) ?? '',
      false,
    )
    if (code) await expect(work).rejects.toMatchObject({ code })
    else await expect(work).resolves.toBeDefined()
    expect(tenant.calls().length > 0).toBe(code === undefined)
  })

  it('links the identity again if no usable sign-in method would be left', async () => {
    await connected()
    tenant.attach('auth0|ann', GITHUB)
    tenant.state.connections = tenant.state.connections.filter(({ strategy }) => strategy !== 'auth0')
    // Another instance unlinks the other identity at the same time.
    tenant.onCall((call) => {
      if (call === UNLINK) tenant.user('auth0|ann').identities.splice(2, 1)
    })
    await expect(disconnect()).rejects.toMatchObject({ code: 'last_way_in' })
    expect(tenant.identities('auth0|ann')).toEqual(['auth0|ann', OTHER])
    expect(tenant.told()).toEqual([])
  })

  it('succeeds if the tenant unlinked but its response was lost', async () => {
    await connected()
    tenant.lose((call) => call === UNLINK)
    expect(await disconnect()).toMatchObject({ isReturned: true })
    expect(tenant.writes().filter((call) => call === UNLINK)).toHaveLength(1)
  })

  it.each([
    ['missing_scope', { status: 403 }],
    ['management_failed', { status: 429 }],
    ['management_failed', { status: 400 }],
    // A read afterwards shows that the identity is still linked.
    ['management_failed', { status: 503 }],
    ['management_failed', { status: 404 }],
    [
      'management_failed',
      { status: 200, body: [{ provider: 'google-oauth2', user_id: 'ann-g', connection: 'x' }] },
    ],
  ])('throws %s if the tenant responds with %j, and restores nothing', async (code, effect) => {
    await connected()
    tenant.play({ match: { method: 'DELETE' }, effect })
    await expect(disconnect()).rejects.toMatchObject({ code })
    expect(tenant.identities('auth0|ann')).toContain(OTHER)
    expect(tenant.writes()).toEqual(['PATCH auth0|ann', UNLINK, 'PATCH auth0|ann'])
    // Nothing was unlinked, so every sign-in stays valid, and no session has to end.
    const { changed, ending } = parseMarks(tenant.user('auth0|ann'))
    expect([changed?.before, ending]).toEqual([undefined, undefined])
    expect(tenant.told()).toEqual([])
  })

  it('throws outcome_unknown if the read after a lost response fails, too', async () => {
    await connected()
    tenant.play(
      { match: { method: 'DELETE' }, effect: { status: 503 } },
      { match: { method: 'GET', path: '/users/auth0', nth: 2 }, effect: { status: 400 } },
    )
    await expect(disconnect()).rejects.toMatchObject({ code: 'outcome_unknown' })
  })

  it('succeeds and reports that metadata still has to be restored', async () => {
    await connected()
    tenant.play({ match: { method: 'PATCH', path: 'google' }, effect: { status: 400 } })
    expect(await disconnect()).toMatchObject({ isReturned: false })
    expect(tenant.told()).toEqual(['account.unlinked'])
    expect(await snapshot()).toMatchObject({
      returning: { undo: false },
      kept: { user_metadata: { theme: 'light' } },
    })
    expect(tenant.user('auth0|ann').user_metadata).toHaveProperty('newsletter')
  })

  it('unlinks an identity that another program linked', async () => {
    tenant.attach('auth0|ann', GITHUB)
    await read(false, 'github|7')
    expect(await disconnect(false, false, 'github|7')).toMatchObject({ isReturned: true, stored: undefined })
    expect(tenant.writes()).toEqual([
      'PATCH auth0|ann',
      'DELETE auth0|ann/identities/github/7',
      'PATCH auth0|ann',
    ])
    expect(parseJournal(tenant.user('auth0|ann'))).toMatchObject([
      { event: 'unlinked', identity: await hash12('github|7') },
    ])
  })
})

describe('after disconnectAccount', () => {
  it('every session in the tenant ends, of both accounts', async () => {
    await connected()
    tenant.grant(...LEAST_SCOPES, ...ENDING_SCOPES)
    tenant.begin('old', 100)
    tenant.begin('other', 100, OTHER)
    tenant.begin('own-session', 100)
    tenant.begin('foreign', 100, 'auth0|bea')
    await disconnect()
    expect([...tenant.state.sessions.keys()]).toEqual(['foreign'])
    await vi.waitFor(() => expect(parseEnding(tenant.user('auth0|ann'))).toBeUndefined())
    expect(
      tenant
        .writes()
        .filter((call) => call.includes('refresh-tokens'))
        .sort(),
    ).toEqual(['DELETE auth0|ann/refresh-tokens', `DELETE ${OTHER}/refresh-tokens`])
  })

  it('no session is left to end, even if the other account is not restored yet', async () => {
    await connected()
    tenant.grant(...LEAST_SCOPES, ...ENDING_SCOPES)
    tenant.play({ match: { method: 'PATCH', path: 'google' }, effect: { status: 400 } })
    tenant.begin('old', 100)
    expect(await disconnect()).toMatchObject({ isReturned: false })
    await vi.waitFor(() => expect(parseEnding(tenant.user('auth0|ann'))).toBeUndefined(), 5_000)
    expect(tenant.state.sessions.size).toBe(0)
    expect(await snapshot()).toHaveProperty('returning')
  })

  it("no other write is made with the person's own token", async () => {
    await connected()
    configure({
      linkingAuthority: 'user',
      connectConnections: ['auth0:Username-Password-Authentication', 'google-oauth2'],
    })
    const session = aSession({ accessToken: await tenant.ownToken('auth0|ann') })
    const digest = (await planned(true, OTHER, session))?.digest ?? ''
    expect(await disconnectAccount(services(), session, await target(true), digest, true)).toMatchObject({
      isReturned: true,
      isRemoved: false,
      isUndo: false,
    })
    expect(tenant.writes()).toEqual([UNLINK])
    expect(tenant.told()).toEqual(['account.unlinked'])
  })
})

describe('the removal of the unlinked account', () => {
  const remove = async (isUndo = false) => {
    await connected()
    tenant.grant(...LEAST_SCOPES, 'delete:users')
    return disconnect(isUndo, true)
  }

  it('is done if the person wants it, and emits an event', async () => {
    expect(await remove()).toMatchObject({ isRemoved: true, isReturned: true })
    expect(tenant.state.users.has(OTHER)).toBe(false)
    expect(await snapshot()).toBeUndefined()
    // Carried-over metadata stays.
    expect(tenant.user('auth0|ann').user_metadata).toHaveProperty('newsletter')
    expect(parseJournal(tenant.user('auth0|ann')).map(({ event }) => event)).toEqual(['linked', 'unlinked'])
    expect(tenant.told()).toEqual(['account.unlinked', 'account.removed'])
  })

  it('is never part of an undo', async () => {
    expect(await remove(true)).toMatchObject({ isRemoved: false, isReturned: true })
    expect(tenant.state.users.has(OTHER)).toBe(true)
  })

  it.each([
    ['granted', [], true],
    ['asked for', ['delete:users'], false],
  ])('is not done if it was not %s', async (_what, scopes, isWanted) => {
    await connected()
    tenant.grant(...LEAST_SCOPES, ...scopes)
    expect(await disconnect(false, isWanted)).toMatchObject({ isRemoved: false, isReturned: true })
    expect(tenant.state.users.has(OTHER)).toBe(true)
  })

  it.each<[string, () => void]>([
    [
      'was linked to another account meanwhile',
      () =>
        tenant.onCall((call) => {
          if (call === `GET ${OTHER}` && tenant.identities(OTHER).length === 1) tenant.attach(OTHER, GITHUB)
        }),
    ],
    [
      'the tenant does not delete',
      () => tenant.play({ match: { method: 'DELETE', path: '/users/[^/]*$' }, effect: { status: 400 } }),
    ],
  ])('is not done to an account that %s: its metadata is restored', async (_why, prepare) => {
    await connected()
    tenant.grant(...LEAST_SCOPES, 'delete:users')
    prepare()
    expect(await disconnect(false, true)).toMatchObject({ isRemoved: false, isReturned: true })
    expect(tenant.user(OTHER).user_metadata).toEqual({ theme: 'light', newsletter: true })
    expect(tenant.told()).toEqual(['account.unlinked'])
  })
})
