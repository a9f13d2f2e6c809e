import { describe, expect, it } from 'vitest'
import { addToJournal, JOURNAL_KEY, type JournalEntry, pairKey } from '@/core'
import { historyOf } from '@/lib/sign-in-methods/history'
import { anAccount } from '../../support/builders/accounts'
import { annWith, aSnapshot, GOOGLE, LINKED_AT } from './a-snapshot'

const entry = (fields: Partial<JournalEntry>): JournalEntry => ({
  event: 'unlinked',
  at: LINKED_AT,
  identity: '0123456789ab',
  provider: 'github',
  way: 'settings',
  client: 'Example Inc',
  ...fields,
})
const journal = (...entries: JournalEntry[]) => ({
  [JOURNAL_KEY]: addToJournal({ app_metadata: {} }, entries),
})
const declined = (...values: unknown[]) => ({
  account_linking: { declined: Object.fromEntries(values.map((value, index) => [`pair${index}`, value])) },
})
const historyWith = (...parts: Record<string, unknown>[]) =>
  historyOf(anAccount({ identities: annWith(GOOGLE), app_metadata: Object.assign({}, ...parts) }))

describe('historyOf', () => {
  it('omits declines that stand for a failed link', async () => {
    expect(await historyWith(declined({ at: LINKED_AT, until: LINKED_AT + 5, failed: true }))).toEqual([])
  })

  it('is empty for an account without snapshots, journal and declines', async () => {
    expect(await historyOf(anAccount())).toEqual([])
  })

  it('combines links from snapshots, ended links from the journal and declines from the marks, newest first', async () => {
    const history = await historyWith(
      await aSnapshot({ proof: { way: 'login', client_id: 'shop', client_name: 'The Shop' } }),
      journal(
        entry({ event: 'linked', at: LINKED_AT - 20 }),
        entry({ event: 'restored', at: LINKED_AT - 10 }),
      ),
      declined({ at: LINKED_AT + 5, client: 'The Shop', until: 1 }, { at: LINKED_AT - 15 }),
    )
    expect(history).toEqual([
      { event: 'declined', at: LINKED_AT + 5, client: 'The Shop' },
      {
        event: 'linked',
        at: LINKED_AT,
        provider: 'google-oauth2',
        connection: 'google-oauth2',
        way: 'login',
        client: 'The Shop',
      },
      { event: 'restored', at: LINKED_AT - 10, provider: 'github', way: 'settings', client: 'Example Inc' },
      { event: 'declined', at: LINKED_AT - 15 },
      { event: 'linked', at: LINKED_AT - 20, provider: 'github', way: 'settings', client: 'Example Inc' },
    ])
  })

  it("uses the application's id if it has no name", async () => {
    const [link] = await historyWith(await aSnapshot({ proof: { way: 'login', client_id: 'shop' } }))
    expect(link?.client).toBe('shop')
  })

  it('sorts entries of the same second by the order in the journal, the last one first', async () => {
    const history = await historyWith(
      journal(
        entry({ event: 'linked' }),
        entry({ event: 'unlinked' }),
        entry({ event: 'restored', at: LINKED_AT - 1 }),
      ),
    )
    expect(history.map(({ event }) => event)).toEqual(['unlinked', 'linked', 'restored'])
  })

  it('omits a link whose identity is not in the account', async () => {
    expect(await historyWith(await aSnapshot({ user_id: 'github|7' }))).toEqual([])
  })

  it('omits the decline that an unlink writes', async () => {
    const history = await historyWith(journal(entry({})), declined({ at: LINKED_AT }, { at: LINKED_AT + 1 }))
    expect(history.map(({ event, at }) => [event, at])).toEqual([
      ['declined', LINKED_AT + 1],
      ['unlinked', LINKED_AT],
    ])
  })

  it('merges the declines of several accounts in one answer', async () => {
    const each = { at: LINKED_AT, client: 'Shop' }
    expect(await historyWith(declined(each, each, { ...each, client: 'Other' }))).toEqual([
      { event: 'declined', ...each, count: 2 },
      { event: 'declined', at: LINKED_AT, client: 'Other' },
    ])
  })

  it('omits the decline of an unlink that was not completed', async () => {
    const pair = await pairKey('auth0|ann', 'google-oauth2|ann-g')
    const marks = {
      account_linking: { declined: { [pair]: { at: LINKED_AT }, pair0: { at: LINKED_AT - 1 } } },
    }
    expect(await historyWith(marks)).toEqual([{ event: 'declined', at: LINKED_AT - 1 }])
  })

  it.each([
    ['no object', 'x'],
    ['nothing', null],
    ['no time', { until: 5 }],
    ['a time that no Date can hold', { at: 8.64e12 + 1 }],
    ['an infinite time', { at: 1e300 }],
    ['a time of zero', { at: 0 }],
    ['a time that is a string', { at: '1750000000' }],
    ['a name that is an object', { at: LINKED_AT, client: {} }],
  ])('omits a decline that is %s', async (_what, value) => {
    expect(await historyWith(declined(value))).toEqual([])
  })

  it.each([[[]], ['x'], [5], [null], [{ declined: 'abc' }], [{ declined: [1, null] }]])(
    'is empty if the marks are %j',
    async (marks) => {
      expect(await historyWith({ account_linking: marks })).toEqual([])
    },
  )

  it('contains the twenty newest entries', async () => {
    const history = await historyWith(
      declined(...Array.from({ length: 25 }, (_, index) => ({ at: LINKED_AT + index }))),
    )
    expect(history.map(({ at }) => at - LINKED_AT)).toEqual(
      Array.from({ length: 20 }, (_, index) => 24 - index),
    )
  })
})
