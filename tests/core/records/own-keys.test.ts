import { describe, expect, it } from 'vitest'
import {
  addToJournal,
  isLookedAt,
  isOurs,
  isReserved,
  JOURNAL_KEY,
  keptOf,
  MARKS_KEY,
  marksKeyOf,
  operatorMetadata,
  ownMetadataKey,
  ownValue,
  parseJournal,
  parseMarks,
  parseSnapshot,
  prepareLink,
  snapshotKeyOf,
} from '@/core'
import { aPolicy, aReturningSnapshot, aUser } from '../../support/builders/users'

const NOW = 1_800_000_000
const PROOF = { way: 'login', client_id: 'demo-app' }
const HASH = '0123456789ab'

describe('isOurs', () => {
  it.each<[string, unknown]>([
    ['account_linking', {}],
    ['account_linking', { looked: { until: 1, key: 'k' }, last: null }],
    ['account_linking_', { declined: {} }],
    ['account_linking', { last: {}, changed: {}, ending: {}, ended: {}, enroll: {} }],
    ['account_linking_journal_', { entries: [], more: null }],
    ['account_linking_journal', {}],
    [`account_linking_held_${HASH}__`, { at: NOW, user_id: 'github|7', more: 1 }],
    [`account_linking_${HASH}`, aReturningSnapshot(NOW)],
    [`account_linking_${HASH}_`, aReturningSnapshot(NOW)],
    ['account_linking_journal', { entries: [] }],
    [`account_linking_held_${HASH}`, { at: NOW, user_id: 'github|7' }],
    ['account_linking_timestamp', 1_700_000_000_000],
  ])('is true of %s with %j', (name, value) => {
    expect(isOurs(name, value)).toBe(true)
  })

  it.each<[string, unknown]>([
    ['account_linking', 'x'],
    ['account_linking', { note: 'x' }],
    ['account_linking', { looked: 'yesterday' }],
    ['account_linking', []],
    ['account_linking_note', 'x'],
    ['account_linking_note', { looked: { until: 1, key: 'k' } }],
    [`account_linking_${HASH}`, 'x'],
    [`account_linking_${HASH}`, { at: NOW, user_id: 'github|7' }],
    ['account_linking_0123456789AB', aReturningSnapshot(NOW)],
    ['account_linking_0123456789abc', aReturningSnapshot(NOW)],
    ['account_linking_journal', []],
    ['account_linking_journal', { entries: [], owner: 'x' }],
    [`account_linking_held_${HASH}`, { user_id: 'github|7' }],
    ['account_linking_timestamp', 'yesterday'],
    ['account_linkings', {}],
    ['account_linking_journals', { entries: [] }],
    ['my_account_linking_journal', { entries: [] }],
    ['account_linking_timestamp_', 1_700_000_000_000],
    ['my_account_linking_timestamp', 1_700_000_000_000],
    [`my_account_linking_${HASH}`, aReturningSnapshot(NOW)],
    [`account_linking_held_${HASH}`, { at: NOW }],
    [`account_linking_held_${HASH}`, { at: 'x', user_id: 'github|7' }],
    [`account_linking_held_${HASH}x`, { at: NOW, user_id: 'github|7' }],
    [`my_account_linking_held_${HASH}`, { at: NOW, user_id: 'github|7' }],
    ['my_account_linking', {}],
  ])('is false of %s with %j', (name, value) => {
    expect(isOurs(name, value)).toBe(false)
    expect(operatorMetadata({ [name]: value })).toEqual({ [name]: value })
    expect(keptOf({ [name]: value })).toEqual({ [name]: value })
  })
})

describe('a value of the operator under one of our keys', () => {
  it('is ignored, and stays while we write our value under another key', async () => {
    const app_metadata = { [MARKS_KEY]: 'x', account_linking_: 5, account_linking_journal: 'y' }
    const user = aUser({ app_metadata })
    expect(parseMarks(user)).toEqual({})
    expect(marksKeyOf(user)).toBe('account_linking__')
    expect(parseJournal(user)).toEqual([])
    const journal = addToJournal(user, [
      { event: 'linked', at: 5, identity: 'x', provider: 'github', way: 'login', client: 'Shop' },
    ])
    const marked = aUser({
      app_metadata: {
        ...app_metadata,
        [marksKeyOf(user)]: { last: { result: 'failed' } },
        [ownMetadataKey(user, 'account_linking_journal')]: journal,
      },
    })
    expect(parseMarks(marked)).toEqual({ last: { result: 'failed' } })
    expect(parseJournal(marked)).toHaveLength(1)
  })

  it('is kept in the snapshot of the secondary account, and never overwritten in the primary account', async () => {
    const key = await snapshotKeyOf('github|7')
    const app_metadata = { [key]: 'note', account_linking: 'x', account_linking_note: 'y' }
    const other = aUser({ user_id: 'github|7', app_metadata })
    const policy = aPolicy({ appMetadataKeys: Object.keys(app_metadata) })
    const prepared = await prepareLink(aUser({ app_metadata: { [key]: 'mine' } }), other, policy, NOW, PROOF)
    expect(prepared?.kept.app_metadata).toEqual(app_metadata)
    // A key that we may write ourselves is never carried over.
    expect(prepared?.carried.app_metadata).toEqual({ account_linking_note: 'y' })
    expect(Object.keys(prepared?.patch.app_metadata ?? {})).toEqual(['account_linking_note', `${key}_`])
    expect(parseSnapshot(prepared?.patch.app_metadata[`${key}_`])).toBeDefined()
  })

  it('under the key of the published Action’s mark is ignored unless it is a time', () => {
    const isMarked = (value: unknown) =>
      isLookedAt(aUser({ app_metadata: { account_linking_timestamp: value } }), 'k', NOW, 60)
    expect(isMarked(NOW * 1_000)).toBe(true)
    expect(isMarked(`${NOW * 1_000}`)).toBe(false)
    expect(isMarked(true)).toBe(false)
  })
})

describe('isReserved', () => {
  it.each([
    ['account_linking', true],
    ['account_linking__', true],
    [JOURNAL_KEY, true],
    [`account_linking_${HASH}_`, true],
    [`account_linking_held_${HASH}`, true],
    ['account_linking_timestamp', true],
    ['account_linking_note', false],
    ['my_account_linking', false],
  ])('of %s is %s, whatever its value', (name, expected) => {
    expect(isReserved(name)).toBe(expected)
  })
})

describe('keptOf', () => {
  it('omits what is useless once the account ends, and keeps what is about other accounts', () => {
    const kept = {
      plan: 'x',
      [`account_linking_${HASH}`]: aReturningSnapshot(NOW),
      [`account_linking_held_${HASH}`]: { at: NOW, user_id: 'github|7' },
    }
    const marks = {
      account_linking: {},
      account_linking_journal: { entries: [] },
      account_linking_timestamp: 5,
    }
    expect(keptOf({ ...kept, ...marks })).toEqual(kept)
  })
})

describe('operatorMetadata', () => {
  it('is everything that is neither ours nor null', () => {
    expect(
      operatorMetadata({ plan: 'x', gone: null, account_linking: {}, account_linking_journal: 'mine' }),
    ).toEqual({
      plan: 'x',
      account_linking_journal: 'mine',
    })
  })
})

describe('ownValue', () => {
  it.each<[unknown, unknown]>([
    [{ last: { at: 5, reason: null }, looked: null }, { last: { at: 5 } }],
    [null, undefined],
    [undefined, undefined],
  ])('of %j is %j', (value, expected) => {
    expect(ownValue(aUser({ app_metadata: { account_linking: value } }), MARKS_KEY)).toEqual(expected)
  })
})
