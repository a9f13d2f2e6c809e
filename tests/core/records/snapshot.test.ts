import { describe, expect, it } from 'vitest'
import {
  bytesOf,
  isUnreturned,
  NO_RIGHTS,
  parseSnapshot,
  parseUser,
  planGiveBack,
  prepareLink,
  type Snapshot,
  snapshotKeyOf,
  standsAloneAgain,
  stillCarried,
  toStoredSnapshot,
} from '@/core'
import fixture from '../../fixtures/snapshot-without-v.json'
import { aPolicy, aUser } from '../../support/builders/users'

const PROOF = { way: 'login', client_id: 'demo-app' }
const AT = 1_800_000_000
const SNAPSHOT = { v: 2, at: AT, user_id: 'github|7', proof: PROOF }

describe('parseSnapshot', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'x'],
    ['a list', [SNAPSHOT]],
    ['no time', { ...SNAPSHOT, at: undefined }],
    ['a time beyond what a Date can hold', { ...SNAPSHOT, at: 8.64e12 + 1 }],
    ['no user id', { ...SNAPSHOT, user_id: 7 }],
    ['no proof', { ...SNAPSHOT, proof: 'login' }],
    ['a proof without an application', { ...SNAPSHOT, proof: { way: 'login' } }],
    ['another version', { ...SNAPSHOT, v: 3 }],
    ['fields of one kind of metadata only', { ...SNAPSHOT, kept: { user_metadata: {} } }],
    ['names that are not strings', { ...SNAPSHOT, carried: { user_metadata: [1], app_metadata: [] } }],
    ['a restore without a time', { ...SNAPSHOT, returning: { undo: true } }],
    ['an adoption without an id', { ...SNAPSHOT, adoption: { ended: 'committed' } }],
    ['an adoption with an invalid end', { ...SNAPSHOT, adoption: { id: 'a1', ended: true } }],
    ['a hash that is no string', { ...SNAPSHOT, own: 5 }],
    ['a way that is no string', { ...SNAPSHOT, proof: { way: 1, client_id: 'x' } }],
    ['a name that is no string', { ...SNAPSHOT, proof: { ...PROOF, client_name: 5 } }],
    ['kept fields that are no object', { ...SNAPSHOT, kept: { user_metadata: [], app_metadata: {} } }],
    ['names that are no list', { ...SNAPSHOT, carried: { user_metadata: 'a', app_metadata: [] } }],
    ['a restore that does not say whether it is an undo', { ...SNAPSHOT, returning: { at: AT } }],
    ['a restore with an invalid undo', { ...SNAPSHOT, returning: { at: AT, undo: 'x' } }],
    ['a restore with an invalid removal', { ...SNAPSHOT, returning: { at: AT, undo: true, remove: 'x' } }],
    ['rights with a missing list', { ...SNAPSHOT, rights: { given: {}, dropped: {} } }],
    ['rights that are a list', { ...SNAPSHOT, rights: { given: [], dropped: {}, shared: {} } }],
    ['rights of a kind that are no list', { ...SNAPSHOT, rights: { ...NO_RIGHTS, shared: { roles: 'a' } } }],
    ['rights that are no ids', { ...SNAPSHOT, rights: { ...NO_RIGHTS, dropped: { roles: ['a', 5] } } }],
  ])('returns undefined for %s', (_what, value) => {
    expect(parseSnapshot(value)).toBeUndefined()
  })

  it('reads the known fields as stored, and drops others', () => {
    const both = { user_metadata: { 'a.b': { '100%': [{ $: 1 }] } }, app_metadata: {} }
    const snapshot = {
      ...{ ...SNAPSHOT, own: 'x', kept: both, carried: { user_metadata: ['a'], app_metadata: [] } },
      adoption: { id: 'a1', ended: 'committed' },
      returning: { at: AT, undo: true, remove: true },
    } as Snapshot
    const stored = toStoredSnapshot(snapshot)
    expect(parseSnapshot({ ...stored, more: 1 })).toEqual(snapshot)
    expect(JSON.stringify(stored)).not.toMatch(/"[^"]*[.$][^"]*":/)
    expect(stored.kept).toEqual({
      user_metadata: { 'a%2Eb': { '100%25': [{ '%24': 1 }] } },
      app_metadata: {},
    })
  })

  it('keeps the optional fields of the proof, and the rights', () => {
    const rights = { given: { roles: ['a'] }, dropped: {}, shared: { permissions: ['p x'] } }
    const proof = { ...PROOF, client_name: 'Shop' }
    const value = { ...SNAPSHOT, proof: { ...proof, more: 1 }, rights }
    expect(parseSnapshot(value)).toEqual({ ...SNAPSHOT, proof, rights })
    expect(toStoredSnapshot({ ...SNAPSHOT, proof, rights, own: undefined } as Snapshot)).toEqual({
      ...{ ...SNAPSHOT, proof, rights },
    })
  })

  it('returns undefined for values that are nested more deeply than any link writes', () => {
    const deep = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`)
    const kept = { user_metadata: { deep }, app_metadata: {} }
    expect(parseSnapshot({ ...SNAPSHOT, kept })).toBeUndefined()
  })
})

describe('a snapshot written before names were encoded', () => {
  const { primary, secondary, patch } = fixture
  const after = parseUser({
    ...primary,
    user_metadata: { ...primary.user_metadata, ...patch.user_metadata },
    app_metadata: { ...primary.app_metadata, ...patch.app_metadata },
    identities: [...primary.identities, ...secondary.identities],
  })
  const stored = async () => after.app_metadata[await snapshotKeyOf(secondary.user_id)]

  it('is read with its names unchanged, and is stored unchanged again', async () => {
    const snapshot = parseSnapshot(await stored())
    expect(snapshot).not.toHaveProperty('v')
    expect(Object.keys(snapshot?.kept?.user_metadata ?? {})).toEqual(Object.keys(secondary.user_metadata))
    expect(parseSnapshot(toStoredSnapshot(snapshot as Snapshot))).toEqual(snapshot)
    expect(toStoredSnapshot(snapshot as Snapshot).kept).toHaveProperty(['user_metadata', '100%25'])
  })

  it('is restored in full by an undo', async () => {
    const plan = await planGiveBack(after, parseSnapshot(await stored()), aPolicy(), true)
    expect(plan.give.user_metadata).toEqual(secondary.user_metadata)
    // Null means that the field is missing.
    expect(plan.give.app_metadata).toEqual({ ...secondary.app_metadata, roles: ['a', {}] })
    expect(plan.take).toEqual({ user_metadata: ['newsletter', '100%25', 'empty'], app_metadata: ['crm'] })
    expect(plan.changed).toEqual([])
    expect(plan.heldBack).toEqual({ user_metadata: {}, app_metadata: {} })
  })
})

describe('metadata with unusual values and names', () => {
  const names = ['a.b', '$set', '%2E', '100%', '', '__proto__', 'constructor', 'ключ', '\u{1F600}', '\ud800']
  const strange = JSON.parse(
    '{"empty":{},"none":null,"list":[null,{"a.b":null,"c":-0}],"big":12345678901234567890,"huge":1e400}',
  )
  const fields = { ...Object.fromEntries(names.map((name) => [name, { [name]: name }])), ...strange }

  it('is kept by a link, under names that a tenant accepts', async () => {
    const secondary = aUser({ user_id: 'github|7', user_metadata: fields })
    const prepared = await prepareLink(aUser(), secondary, aPolicy(), AT, PROOF)
    const sent = JSON.stringify(prepared?.patch)
    expect(sent).not.toMatch(/"[^"]*(\.|\$|__proto__)[^"]*":/)
    expect(sent).not.toContain(':null')
    const stored = JSON.parse(sent).app_metadata[await snapshotKeyOf('github|7')]
    const { kept } = parseSnapshot(stored) ?? {}
    expect(Object.keys(kept?.user_metadata ?? {})).toEqual([...names, 'empty', 'list', 'big'])
    for (const name of names)
      expect(Object.getOwnPropertyDescriptor(kept?.user_metadata, name)?.value).toEqual({ [name]: name })
    expect(kept?.user_metadata.list).toEqual([null, { c: 0 }])
  })

  it.each([
    ['is nested deeply', '['.repeat(3_000) + ']'.repeat(3_000)],
    ['is nested too deeply for JSON.stringify', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['is long', JSON.stringify('x'.repeat(3_000))],
  ])('is not linked if one value %s', async (_how, text) => {
    const user_metadata = JSON.parse(`{"value":${text}}`)
    const deep = aUser({ user_id: 'github|7', user_metadata })
    expect(await prepareLink(aUser(), deep, aPolicy(), AT, PROOF)).toBeUndefined()
    if (deep.bytes > 9_000) expect(await prepareLink(deep, aUser(), aPolicy(), AT, PROOF)).toBeUndefined()
  })

  it('may have a name of 1,000 characters', async () => {
    const user_metadata = { ['x'.repeat(1_000)]: 1 }
    const other = aUser({ user_id: 'github|7', user_metadata })
    const prepared = await prepareLink(aUser(), other, aPolicy({ fillUserMetadata: false }), AT, PROOF)
    expect(prepared?.kept.user_metadata).toEqual(user_metadata)
    expect(bytesOf(prepared?.patch)).toBeLessThan(3_000)
  })
})

describe('a snapshot that exists before the link', () => {
  const primary = { user_id: 'auth0|1', user_metadata: { theme: 'dark' } }
  const other = { user_id: 'github|7', user_metadata: { newsletter: true, theme: 'light' } }
  const policy = aPolicy()

  /** The primary account after a failed attempt to link. */
  async function attempted(returning?: Snapshot['returning']) {
    const prepared = await prepareLink(aUser(primary), aUser(other), policy, AT, PROOF)
    const key = await snapshotKeyOf(other.user_id)
    const snapshot = { ...Object(prepared?.patch.app_metadata[key]), ...(returning && { returning }) }
    return aUser({
      ...primary,
      user_metadata: { ...primary.user_metadata, ...prepared?.patch.user_metadata },
      app_metadata: { [key]: snapshot },
    })
  }

  it('of a failed attempt does not change the next attempt', async () => {
    const again = await prepareLink(await attempted(), aUser(other), policy, AT, PROOF)
    expect(again).toEqual(await prepareLink(aUser(primary), aUser(other), policy, AT, PROOF))
  })

  it('of a failed attempt is reverted if the other account has changed', async () => {
    const changed = aUser({ user_id: 'github|7', user_metadata: { theme: 'light' } })
    const again = await prepareLink(await attempted(), changed, policy, AT, PROOF)
    expect(again?.patch.user_metadata).toEqual({ newsletter: null })
    expect(again?.kept.user_metadata).toEqual({ theme: 'light' })
  })

  it('is kept if its restore was not completed', async () => {
    const empty = aUser({ user_id: 'github|7' })
    const interrupted = await attempted({ at: AT, undo: false })
    const again = await prepareLink(interrupted, empty, policy, AT + 7_200, PROOF)
    expect(again?.kept.user_metadata).toEqual(other.user_metadata)
    expect(again?.patch.user_metadata).toEqual({ newsletter: true })
  })

  it('is kept if another program made the unlink, so that the other account exists again', async () => {
    const created_at = new Date((AT + 60) * 1_000).toISOString()
    const empty = aUser({ user_id: 'github|7', created_at })
    const again = await prepareLink(await attempted(), empty, policy, AT + 120, PROOF)
    expect(again?.kept.user_metadata).toEqual(other.user_metadata)
  })

  it('moves along if its account becomes part of another one', async () => {
    const own = await attempted({ at: AT, undo: false })
    const last = aUser({ user_id: 'auth0|2' })
    const prepared = await prepareLink(last, own, policy, AT + 7_200, PROOF)
    const key = await snapshotKeyOf('github|7')
    expect(parseSnapshot(prepared?.kept.app_metadata[key])?.kept?.user_metadata).toEqual(other.user_metadata)
  })
})

describe('stillCarried', () => {
  const kept = {
    user_metadata: { theme: 'dark', pet: { name: 'Rex' }, gone: 1, own: 2 },
    app_metadata: { plan: 'free' },
  }
  const carried = { user_metadata: ['theme', 'pet', 'gone'], app_metadata: ['plan'] }

  it('lists the fields that were carried over and still have the same value', () => {
    const primary = aUser({
      user_metadata: { theme: 'light', pet: { name: 'Rex', age: null }, own: 2 },
      app_metadata: { plan: 'free' },
    })
    expect(stillCarried(primary, { kept, carried })).toEqual({
      user_metadata: ['pet'],
      app_metadata: ['plan'],
    })
  })

  it('lists nothing if nothing was kept, or if it is unknown what was carried over', () => {
    const primary = aUser({ user_metadata: kept.user_metadata, app_metadata: kept.app_metadata })
    const none = { user_metadata: [], app_metadata: [] }
    expect(stillCarried(primary, {})).toEqual(none)
    expect(stillCarried(primary, { carried })).toEqual(none)
    expect(stillCarried(primary, { kept })).toEqual(none)
  })

  it('does not list a value that is null on both sides', () => {
    const of = { user_metadata: { theme: null }, app_metadata: {} }
    expect(stillCarried(aUser(of), { kept: of, carried }).user_metadata).toEqual([])
  })
})

describe('standsAloneAgain and isUnreturned', () => {
  const snapshot = SNAPSHOT as Snapshot
  const made = (seconds: number) => aUser({ created_at: new Date((AT + seconds) * 1_000).toISOString() })

  // The clock that dates an account may be five seconds behind.
  it.each([
    [-6, false],
    [-5, false],
    [-4, true],
    [60, true],
  ])('of an account that was created %i s after the snapshot: %s', (seconds, expected) => {
    expect(standsAloneAgain(snapshot, made(seconds))).toBe(expected)
    expect(isUnreturned(snapshot, made(seconds))).toBe(expected)
  })

  it('of an account of unknown age: false, unless it is being restored', () => {
    const unknown = aUser({ created_at: undefined })
    expect(standsAloneAgain(snapshot, unknown)).toBe(false)
    expect(isUnreturned(snapshot, unknown)).toBe(false)
    expect(isUnreturned({ ...snapshot, returning: { at: AT, undo: false } }, unknown)).toBe(true)
  })
})
