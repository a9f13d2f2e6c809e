import { describe, expect, it } from 'vitest'
import { addToJournal, bytesOf, JOURNAL_KEY, type JournalEntry, parseJournal } from '@/lib/linking'

const entry = (fields: Partial<JournalEntry> = {}): JournalEntry => ({
  event: 'unlinked',
  at: 1_800_000_000,
  identity: '0123456789ab',
  provider: 'github',
  way: 'settings',
  client: 'Example Inc',
  ...fields,
})
const holding = (value: unknown) => ({ app_metadata: { [JOURNAL_KEY]: value } })

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
})
