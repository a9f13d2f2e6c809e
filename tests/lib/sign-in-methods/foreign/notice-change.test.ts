import { beforeEach, describe, expect, it, vi } from 'vitest'
import { noticeChange } from '@/lib/sign-in-methods/foreign/notice-change'
import { services } from '../../../support/process/page-services'
import { forgetProcessMemory } from '../../../support/process/process-memory'
import { annWith, aSnapshot, GOOGLE } from '../a-snapshot'

const [ANN, OTHER] = ['auth0|ann', 'google-oauth2|ann-g']
const NOW = 1_800_000_000
const LINKED = [GOOGLE]

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  forgetProcessMemory('cached')
})

const user = (linked: Parameters<typeof annWith>, app_metadata: object = {}) => ({
  ...{ user_id: ANN, identities: annWith(...linked), app_metadata },
})
/** The changes that an event shows. By default they are remembered, as after a job was stored. */
async function notice(type: 'user.updated' | 'user.deleted', about: unknown, isStored = true) {
  const { changes, remember } = await noticeChange(services(), { type, id: 'evt_1', at: NOW, user: about })
  if (isStored) await remember()
  return changes
}
const updated = (linked: Parameters<typeof annWith> = [], app_metadata: object = {}, isStored = true) =>
  notice('user.updated', user(linked, app_metadata), isStored)
const deleted = (id = 'ann-g') =>
  notice('user.deleted', {
    user_id: `google-oauth2|${id}`,
    identities: [{ provider: 'google-oauth2', user_id: id, connection: 'google-oauth2' }],
  })
const GOT = [{ accountId: ANN, at: NOW, identities: [{ id: OTHER, wasHeld: false }] }]
const LOST = [{ accountId: ANN, at: NOW, identities: [{ id: OTHER, wasHeld: true }] }]
const snapshot = (fields: object = {}) => aSnapshot({ at: NOW - 600, ...fields })

describe('a link', () => {
  it('to an unknown account is derived from both events, in any order', async () => {
    expect([await updated(LINKED), await deleted()]).toEqual([[], GOT])
    forgetProcessMemory('cached')
    expect([await deleted(), await updated(LINKED)]).toEqual([[], GOT])
  })

  it('to a known account is derived from its own event', async () => {
    const github = { provider: 'github', user_id: '7' }
    expect(await updated([github])).toEqual([])
    expect(await updated([github, GOOGLE])).toEqual(GOT)
  })

  it('that was made before the first event is ignored', async () => {
    expect([await updated(LINKED), await updated(LINKED), await deleted('zoe-g')]).toEqual([[], [], []])
  })

  it('made by us is ignored, in any order', async () => {
    const ours = await snapshot()
    expect([await updated([], ours), await updated(LINKED, ours), await deleted()].slice(1)).toEqual([[], []])
    forgetProcessMemory('cached')
    expect([await deleted(), await updated(LINKED, ours)]).toEqual([[], []])
  })

  it('is reported again until its job was stored', async () => {
    await deleted()
    expect([await updated(LINKED, {}, false), await updated(LINKED), await updated(LINKED)]).toEqual([
      GOT,
      GOT,
      [],
    ])
  })

  it('lists every identity that was linked with it', async () => {
    await notice('user.deleted', {
      user_id: OTHER,
      identities: [
        { provider: 'google-oauth2', user_id: 'ann-g', connection: 'google-oauth2' },
        { provider: 'github', user_id: 7, connection: 'github' },
      ],
    })
    const [change] = await updated([GOOGLE, { provider: 'github', user_id: '7' }])
    expect(change?.identities.map(({ id }) => id)).toEqual([OTHER, 'github|7'])
  })
})

describe('an unlink', () => {
  it('is derived from the event of a known account', async () => {
    await updated(LINKED)
    expect([await updated(), await updated()]).toEqual([LOST, []])
  })

  it('is derived from a snapshot without its identity, once', async () => {
    expect([await updated([], await snapshot()), await updated([], await snapshot())]).toEqual([GOT, []])
  })

  it.each([
    ['a link that may be in progress', { at: NOW - 60 }],
    ['an undo of ours in progress', { returning: { at: NOW, undo: true } }],
  ])('is not derived from %s', async (_what, fields) => {
    expect(await updated([], await snapshot(fields))).toEqual([])
  })

  it('made by us is ignored', async () => {
    await updated(LINKED, await snapshot())
    expect(await updated([], await snapshot({ returning: { at: NOW, undo: true } }))).toEqual([])
  })
})

describe('an event without a change', () => {
  it('about a known account costs one read of the store, and no write', async () => {
    await updated(LINKED)
    const { store, ...rest } = services()
    const [get, set] = [vi.fn(store.get), vi.fn(store.set)]
    const event = { type: 'user.updated' as const, id: 'evt_2', at: NOW, user: user(LINKED) }
    const { changes, remember } = await noticeChange({ ...rest, store: { ...store, get, set } }, event)
    await remember()
    expect([changes, get.mock.calls.length, set.mock.calls.length]).toEqual([[], 1, 0])
  })

  it('writes nothing to the store', async () => {
    const { store, ...rest } = services()
    const set = vi.fn(store.set)
    const event = { type: 'user.updated' as const, id: 'evt_1', at: NOW, user: user([]) }
    const { changes, remember } = await noticeChange({ ...rest, store: { ...store, set } }, event)
    await remember()
    expect([changes, set.mock.calls]).toEqual([[], []])
  })

  it.each([
    ['without a user', undefined],
    ['without an id', {}],
    ['with an id that is no user id', { user_id: 'ann', identities: 1 }],
    ['of an account without identities', { user_id: ANN, identities: [] }],
    ['with identities that are no list', { user_id: ANN, identities: {} }],
  ])('is logged as unreadable %s', async (_what, about) => {
    const log = vi.spyOn(console, 'log')
    expect(await notice('user.updated', about)).toEqual([])
    expect(log.mock.lastCall?.[0]).toContain('auth0_event_unreadable')
  })

  it('stores no readable user id', async () => {
    const { store, ...rest } = services()
    const set = vi.fn(store.set)
    const about = user(LINKED)
    const event = { type: 'user.updated' as const, id: 'evt_1', at: NOW, user: about }
    await (await noticeChange({ ...rest, store: { ...store, set } }, event)).remember()
    expect(set.mock.calls).toHaveLength(2)
    expect(JSON.stringify(set.mock.calls)).not.toMatch(/auth0|google|ann-g/)
  })
})
