// cspell:disable
import { describe, expect, it } from 'vitest'
import { fileProblems } from '@/lib/messages/check-file'

const ENGLISH = {
  title: 'Sign in',
  deep: { named: 'Connected {provider}', counted: '{count, plural, one {One way} other {# ways}}' },
  pair: '{act}: {account}',
  brand: 'Google',
}
const GERMAN = {
  title: 'Anmelden',
  deep: { named: '{provider} verbunden', counted: '{count, plural, one {Ein Weg} other {# Wege}}' },
  pair: '{act}: {account}',
  brand: 'Google',
}
const problemsOf = (changes: object, tag = 'de') =>
  fileProblems(tag, { ...GERMAN, ...changes }, ENGLISH, ['brand'])
const withNamed = (named: unknown) => ({ deep: { ...GERMAN.deep, named } })
const withCounted = (counted: string) => ({ deep: { ...GERMAN.deep, counted } })

describe('fileProblems', () => {
  it('finds no problem in a complete file, and in the English one', () => {
    expect(problemsOf({})).toEqual([])
    expect(fileProblems('en', ENGLISH, ENGLISH)).toEqual([])
  })

  it('finds a missing sentence', () => {
    const { title: _title, ...rest } = GERMAN
    expect(fileProblems('de', rest, ENGLISH, ['brand'])).toEqual(['title is missing'])
  })

  it.each<[string, object, string[]]>([
    ['null', { title: null }, ['title is no text']],
    ['an unknown sentence', { more: 'x' }, ['more is not in en.json']],
    [
      'a group instead of a sentence',
      { title: { a: 'x' } },
      ['title is missing', 'title.a is not in en.json'],
    ],
    ['a number', { title: 1 }, ['title is no text']],
    ['an empty sentence', { title: '' }, ['title is empty']],
    ['English', { title: 'Sign in' }, ['title is English']],
    ['white space around a sentence', { title: ' Anmelden' }, ['title begins or ends with a blank']],
    ['two spaces in a row', { title: 'Hier  anmelden' }, ['title holds two blanks in a row']],
    ['a line break', { title: 'Hier\nanmelden' }, ['title holds U+000A']],
    ['a character that reverses text', { title: 'An\u202Emelden' }, ['title holds U+202E']],
    ['a straight quotation mark', { title: "Los geht's" }, ['title holds a straight quotation mark']],
    ['an element', { title: '<b>An</b>melden' }, ['title holds markup']],
    ['an entity', { title: 'An&nbsp;melden' }, ['title holds markup']],
    ['a missing argument', withNamed('Verbunden'), ['deep.named lacks the argument {provider}']],
    [
      'another argument',
      withNamed('{anbieter} verbunden'),
      [
        'deep.named has an argument that is not there: {anbieter}',
        'deep.named lacks the argument {provider}',
      ],
    ],
    [
      'an argument of another kind',
      withNamed('{provider, number} verbunden'),
      ['deep.named uses {provider} as number; it is text'],
    ],
    ['an open brace', withNamed('{provider'), ['deep.named is not valid ICU: EXPECT_ARGUMENT_CLOSING_BRACE']],
    [
      'a quoted brace',
      { title: "An'{'melden" },
      ['title holds a brace, but no argument', 'title holds a straight quotation mark'],
    ],
    [
      'a plural without "other"',
      withCounted('{count, plural, one {Ein Weg}}'),
      ['deep.counted is not valid ICU: MISSING_OTHER_CLAUSE'],
    ],
    [
      'a plural without "one"',
      withCounted('{count, plural, other {# Wege}}'),
      ['deep.counted lacks the plural “one” of {count}'],
    ],
  ])('finds %s', (_what, changes, expected) => {
    expect(problemsOf(changes)).toEqual(expected)
  })

  it.each<[string, string, string[]]>([
    ['pl', '{count, plural, one {a} other {b}}', ['few', 'many']],
    ['ar', '{count, plural, one {a} other {b}}', ['few', 'many', 'two', 'zero']],
    ['fr', '{count, plural, one {a} other {b}}', ['many']],
    ['ja', '{count, plural, other {b}}', []],
    ['ja', '{count, number} b', []],
  ])('requires the plural forms of %s in %s: %j', (tag, counted, missing) => {
    const problems = problemsOf(withCounted(counted), tag)
    expect(problems.map((problem) => /“(\w+)”/.exec(problem)?.[1]).sort()).toEqual(missing)
  })

  it.each(['de-de', 'iw', 'zh_TW', 'x'])('refuses a file with the name %s.json', (tag) => {
    expect(problemsOf({}, tag)).toEqual([expect.stringContaining('the name of the file')])
  })
})
