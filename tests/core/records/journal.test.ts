import { describe, expect, it } from 'vitest'
import { addToJournal, bytesOf, type JournalEntry, lastUnlinkAt, parseJournal } from '@/core'

const entry = (fields: Partial<JournalEntry> = {}): JournalEntry => ({
  event: 'unlinked',
  at: 1_800_000_000,
  identity: '0123456789ab',
  provider: 'github',
  way: 'settings',
  client: 'Example Inc',
  ...fields,
})
/** An account with a journal, under the key that accounts use. */
const holding = (value: unknown) => ({ app_metadata: { account_linking_journal: value } })

describe('addToJournal', () => {
  it('adds events to the journal, which are read as written', () => {
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

  it('keeps the last ten events', () => {
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

  it('accepts 1,000 bytes, and drops the oldest event for one byte more', () => {
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
  ])('reads no events from %j', (value) => {
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
  ])('accepts %j as a time: %s', (at, isTime) => {
    expect(parseJournal(holding({ entries: [['linked', at, 'a', 'b']] }))).toHaveLength(isTime ? 1 : 0)
  })

  it('reads an event without its way and application', () => {
    expect(parseJournal(holding({ entries: [['linked', 1, 'a', 'b']] }))).toEqual([
      { event: 'linked', at: 1, identity: 'a', provider: 'b', way: '', client: '' },
    ])
  })
})

describe('an unlink in the journal', () => {
  const stored = (...more: unknown[]) =>
    holding({ entries: [['unlinked', 1, 'a', 'b', 'settings', 'Shop', ...more]] })
  const plain = { event: 'unlinked', at: 1, identity: 'a', provider: 'b', way: 'settings', client: 'Shop' }

  it.each<[string, Partial<JournalEntry>]>([
    ['says which sign-ins ended and whose session stayed', { before: 5, by: 'hash' }],
    ['says which sign-ins ended', { before: 5 }],
    ['says neither', {}],
  ])('that %s is read as written', (_what, fields) => {
    const journal = addToJournal({ app_metadata: {} }, [entry(fields)])
    expect(parseJournal(holding(journal))).toEqual([entry(fields)])
    expect(JSON.stringify(journal)).not.toContain('null')
  })

  it('drops the session that stayed if it does not say which sign-ins ended', () => {
    const journal = addToJournal({ app_metadata: {} }, [entry({ by: 'hash' })])
    expect(parseJournal(holding(journal))).toEqual([entry()])
  })

  it.each<[unknown[], object]>([
    [[5, 'hash'], { before: 5, by: 'hash' }],
    [[5, ''], { before: 5 }],
    [[5, 7], { before: 5 }],
    [[5], { before: 5 }],
    [['soon', 'hash'], {}],
    [[null, 'hash'], {}],
    [[], {}],
  ])('with %j at its end is read as %j', (more, expected) => {
    expect(parseJournal(stored(...more))).toEqual([{ ...plain, ...expected }])
  })

  it('is not read without an identity or a provider', () => {
    for (const entries of [[['linked', 1, '', 'b']], [['linked', 1, 'a', '']], [['linked', 1, 'a']]])
      expect(parseJournal(holding({ entries }))).toEqual([])
  })
})

describe('lastUnlinkAt', () => {
  const marked = (before: unknown, journal: JournalEntry[] = []) => ({
    app_metadata: {
      account_linking: { changed: { at: 1, before } },
      account_linking_journal: addToJournal({ app_metadata: {} }, journal),
    },
  })

  it.each<[string, unknown, JournalEntry[], number]>([
    ['the journal', undefined, [entry({ before: 7 }), entry({ before: 9 }), entry({ before: 8 })], 9],
    ['the marks', 10, [entry({ before: 9 })], 10],
    ['the journal, if the marks are older', 8, [entry({ before: 9 })], 9],
    ['the journal, if the marks are invalid', 'soon', [entry({ before: 9 })], 9],
    ['neither', undefined, [entry()], 0],
  ])('is read from %s', (_what, before, journal, expected) => {
    expect(lastUnlinkAt(marked(before, journal))).toBe(expected)
  })

  it('is 0 for an account without marks and journal', () => {
    expect(lastUnlinkAt({ app_metadata: {} })).toBe(0)
  })
})
