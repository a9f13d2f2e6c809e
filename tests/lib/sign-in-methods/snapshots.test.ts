import { describe, expect, it } from 'vitest'
import { snapshotKeyOf } from '@/core'
import { linkedSnapshots, readSnapshots, snapshotOf } from '@/lib/sign-in-methods/snapshots'
import { anAccount } from '../../support/builders/accounts'
import { annWith, aSnapshot, GOOGLE, LINKED_AT } from './a-snapshot'

const GITHUB = 'github|7'
const read = async (...entries: Record<string, unknown>[]) =>
  readSnapshots(anAccount({ app_metadata: Object.assign({}, ...entries) }))

describe('readSnapshots', () => {
  it('reads the snapshot that a link has written, with its key', async () => {
    const [found, ...others] = await read(await aSnapshot(), { plan: 'team' })
    expect(others).toEqual([])
    expect(found?.key).toBe(await snapshotKeyOf('google-oauth2|ann-g'))
    expect(found?.snapshot).toMatchObject({
      at: LINKED_AT,
      user_id: 'google-oauth2|ann-g',
      proof: { way: 'settings', client_id: 'demo-app', client_name: 'Example Inc' },
      kept: { user_metadata: { theme: 'light' }, app_metadata: { plan: 'free' } },
    })
  })

  it('reads a snapshot that contains only when and how', async () => {
    const [found] = await read(await aSnapshot({ own: undefined, kept: undefined, carried: undefined }))
    expect(Object.keys(found?.snapshot ?? {}).sort()).toEqual(['at', 'proof', 'user_id'])
  })

  it('drops unknown fields', async () => {
    const [found] = await read(await aSnapshot({ isAdmin: true }))
    expect(found?.snapshot).not.toHaveProperty('isAdmin')
  })

  it.each<[string, Parameters<typeof aSnapshot>[0]]>([
    ['no time', { at: undefined }],
    ['a time that is a string', { at: '1750000000' }],
    ['a time of zero', { at: 0 }],
    ['a negative time', { at: -5 }],
    ['a fraction of a second', { at: 1.5 }],
    ['a time that no Date can hold', { at: 8.64e12 + 1 }],
    ['an infinite time', { at: 1e300 }],
    ['no proof', { proof: undefined }],
    ['a proof without a way', { proof: { client_id: 'x' } }],
    ['a way that is a number', { proof: { way: 1, client_id: 'x' } }],
    ['a name that is an object', { proof: { way: 'login', client_id: 'x', client_name: {} } }],
    ['a hash that is a number', { own: 5 }],
    ['one kind of kept metadata only', { kept: { user_metadata: {} } }],
    ['a list as kept metadata', { kept: { user_metadata: [], app_metadata: {} } }],
    ['a string as kept metadata', { kept: 'everything' }],
    ['names that are not strings', { carried: { user_metadata: [1], app_metadata: [] } }],
    ['a restore that does not say whether it is an undo', { returning: { at: LINKED_AT } }],
    ['a restore at an impossible time', { returning: { at: 1e300, undo: true } }],
    ['a restore with an invalid undo', { returning: { at: LINKED_AT, undo: 'yes' } }],
  ])('reads no snapshot with %s', async (_what, fields) => {
    expect(await read(await aSnapshot(fields))).toEqual([])
  })

  it('reads the last time that a Date can hold', async () => {
    expect(await read(await aSnapshot({ at: 8.64e12 }))).toHaveLength(1)
  })

  it.each([null, 'x', 5, true, [], [[]]])('reads no snapshot from %j', async (value) => {
    expect(await read({ [await snapshotKeyOf('google-oauth2|ann-g')]: value })).toEqual([])
  })

  it('does not read a snapshot that was moved to the key of another identity', async () => {
    expect(await read(await aSnapshot({}, await snapshotKeyOf(GITHUB)))).toEqual([])
    const [moved] = Object.values(await aSnapshot())
    expect(await read({ [await snapshotKeyOf(GITHUB)]: { ...Object(moved), user_id: GITHUB } })).toHaveLength(
      1,
    )
  })

  it.each([
    'account_linking',
    'account_linking_',
    'account_linking_journal',
    'other_0123456789ab',
    '__proto__',
  ])('does not read a snapshot under the key %s', async (key) => {
    const entry = JSON.parse(
      `{${JSON.stringify(key)}:${JSON.stringify(Object.values(await aSnapshot())[0])}}`,
    )
    expect(await readSnapshots({ ...anAccount(), app_metadata: entry })).toEqual([])
  })

  it('treats names that are special to JavaScript as ordinary names', async () => {
    const hostile = JSON.parse(
      '{"user_metadata":{"__proto__":{"isAdmin":true}},"app_metadata":{"constructor":1}}',
    )
    const [found] = await read(await aSnapshot({ kept: hostile }))
    expect(found?.snapshot.kept?.app_metadata).toEqual({ constructor: 1 })
    expect(found?.snapshot.kept?.user_metadata.isAdmin).toBeUndefined()
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined()
  })
})

describe('linkedSnapshots', () => {
  it('returns the snapshots of identities that are in the account, and no others', async () => {
    const app_metadata = {
      ...(await aSnapshot()),
      ...(await aSnapshot({ user_id: GITHUB })),
    }
    const found = await linkedSnapshots(anAccount({ identities: annWith(GOOGLE), app_metadata }))
    expect(found.map(({ snapshot }) => snapshot.user_id)).toEqual(['google-oauth2|ann-g'])
  })
})

describe('snapshotOf', () => {
  it.each([
    ['google-oauth2|ann-g', 'google-oauth2|ann-g'],
    [GITHUB, GITHUB],
    ['google-oauth2|ann', undefined],
    ['', undefined],
  ])('finds for %j: %j, linked or not', async (userId, expected) => {
    const app_metadata = { ...(await aSnapshot()), ...(await aSnapshot({ user_id: GITHUB })) }
    expect((await snapshotOf(anAccount({ app_metadata }), userId))?.snapshot.user_id).toBe(expected)
  })
})
