import { describe, expect, it } from 'vitest'
import { addToJournal, bytesOf, type JournalEntry, parseJournal } from '@/core'

const entry = (fields: Partial<JournalEntry> = {}): JournalEntry => ({
  event: 'unlinked',
  at: 1_800_000_000,
  identity: '0123456789ab',
  provider: 'github',
  way: 'settings',
  client: 'Example Inc',
  ...fields,
})
/** Under the name that accounts have it by: another one would lose what is there. */
const holding = (value: unknown) => ({ app_metadata: { account_linking_journal: value } })

describe('addToJournal', () => {
  it('adds to what is there, and is read back as it was', () => {
    const first = addToJournal({ app_metadata: {} }, [entry({ event: 'linked', at: 1 })])
    const second = addToJournal(holding(first), [entry({ at: 2 }), entry({ event: 'restored', at: 3 })])
    expect(
      parseJournal(holding(JSON.parse(JSON.stringify(second)))).map(({ event, at }) => [event, at]),
    ).toEqual([
      ['linked', 1],
      ['unlinked', 2],
      ['restored', 3],
    ])
    expect(parseJournal(holding(second))[1]).toEqual(entry({ at: 2 }))
  })

  it('keeps the last ten', () => {
    const all = Array.from({ length: 14 }, (_, at) => entry({ at }))
    expect(parseJournal(holding(addToJournal({ app_metadata: {} }, all))).map(({ at }) => at)).toEqual([
      4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
    ])
  })

  it('takes 1,000 bytes at most, however long the names are', () => {
    const all = Array.from({ length: 10 }, (_, at) =>
      entry({ at, provider: 'a-provider-with-a-very-long-name', client: 'ä'.repeat(400) }),
    )
    const journal = addToJournal({ app_metadata: {} }, all)
    expect(bytesOf(journal)).toBeLessThanOrEqual(1_000)
    expect(parseJournal(holding(journal)).at(-1)?.at).toBe(9)
  })

  it('lets 1,000 bytes be, and the oldest event go for one more', () => {
    const journalOf = (length: number) =>
      addToJournal({ app_metadata: {} }, [entry({ at: 1 }), entry({ at: 2, provider: 'p'.repeat(length) })])
    const fitting = 1_000 - bytesOf(journalOf(1)) + 1
    expect(bytesOf(journalOf(fitting))).toBe(1_000)
    expect(parseJournal(holding(journalOf(fitting))).map(({ at }) => at)).toEqual([1, 2])
    expect(parseJournal(holding(journalOf(fitting + 1))).map(({ at }) => at)).toEqual([2])
  })

  it("keeps 30 characters of an application's name", () => {
    const journal = addToJournal({ app_metadata: {} }, [entry({ client: 'x'.repeat(31) })])
    expect(parseJournal(holding(journal))).toEqual([entry({ client: 'x'.repeat(30) })])
  })
})

describe('parseJournal', () => {
  it.each([
    undefined,
    null,
    'x',
    { entries: 'x' },
    {
      entries: [null, 5, [], ['exploded', 1, 'a', 'b'], ['linked', 'soon', 'a', 'b'], ['linked', 1, 7, 'b']],
    },
  ])('reads nothing of %j', (value) => {
    expect(parseJournal(holding(value))).toEqual([])
  })

  it.each<[unknown, boolean]>([
    [1, true],
    [8_640_000_000_000, true],
    [8_640_000_000_001, false],
    [0, false],
    [-1, false],
    [1.5, false],
    ['1', false],
  ])('takes %j as a time: %s', (at, isTime) => {
    expect(parseJournal(holding({ entries: [['linked', at, 'a', 'b']] }))).toHaveLength(isTime ? 1 : 0)
  })

  it('reads an event without its way and its application', () => {
    expect(parseJournal(holding({ entries: [['linked', 1, 'a', 'b']] }))).toEqual([
      { event: 'linked', at: 1, identity: 'a', provider: 'b', way: '', client: '' },
    ])
  })
})
