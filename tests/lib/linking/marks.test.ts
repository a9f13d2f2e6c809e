import { describe, expect, it } from 'vitest'
import {
  addDeclines,
  isLookedAt,
  lapseOf,
  lookedKey,
  MARKS_KEY,
  type Marks,
  NEVER,
  pairKey,
  parseMarks,
} from '@/lib/linking'
import { aPolicy, aUser } from '../../support/users'

const NOW = 1_800_000_000
const LIFE = 90 * 86_400
const marked = (marks: unknown) => aUser({ app_metadata: { [MARKS_KEY]: marks } })

describe('parseMarks', () => {
  it.each([undefined, null, {}, 5, true])('reads %j as no marks', (marks) => {
    expect(parseMarks(marked(marks))).toEqual({})
  })

  it('reads what was written', () => {
    const marks: Marks = { looked: { until: NOW, key: 'k' }, declined: { p: NEVER } }
    expect(parseMarks(marked(marks))).toEqual(marks)
  })
})

describe('lookedKey', () => {
  const key = (fields = {}, policy = {}) => lookedKey(aUser(fields), aPolicy(policy))

  it.each([
    ['spelling of the address', { email: 'Ann@Example.COM' }, {}],
    ['rules that choose nobody', {}, { primary: ['most_used'], appMetadataKeys: ['plan'] }],
    ['metadata', { user_metadata: { a: 1 } }, {}],
  ])('is the same whatever the %s', async (_what, fields, policy) => {
    expect(await key(fields, policy)).toBe(await key())
  })

  it('is the same in whatever order identities come', async () => {
    expect(await key({ linked: ['auth0|2', 'github|3'] })).toBe(
      await key({ linked: ['github|3', 'auth0|2'] }),
    )
  })

  it.each([
    ['the address', { email: 'ann.archer@example.com' }, {}],
    ['a link', { linked: ['auth0|2'] }, {}],
    ['the trusted connections', {}, { trusted: ['auth0', 'samlp'] }],
    ['the blocked connections', {}, { blocked: ['legacy'] }],
  ])('changes with %s', async (_what, fields, policy) => {
    expect(await key(fields, policy)).not.toBe(await key())
  })

  it('tells a trusted connection from a blocked one', async () => {
    expect(await key({}, { trusted: ['a'], blocked: [] })).not.toBe(
      await key({}, { trusted: [], blocked: ['a'] }),
    )
  })
})

describe('isLookedAt', () => {
  it.each([
    [{ until: NOW + 1, key: 'k' }, true],
    [{ until: NOW, key: 'k' }, false],
    [{ until: NOW + 1, key: 'other' }, false],
    [undefined, false],
  ])('with the mark %j: %s', (looked, expected) => {
    expect(isLookedAt(marked({ looked }), 'k', NOW, LIFE)).toBe(expected)
  })

  it.each([
    [(NOW - LIFE + 1) * 1000, true],
    [(NOW - LIFE) * 1000, false],
    [NOW * 1000, true],
    [undefined, false],
    ['never', false],
  ])("with the published Action's timestamp %s: %s", (timestamp, expected) => {
    const user = aUser({ app_metadata: { account_linking_timestamp: timestamp } })
    expect(isLookedAt(user, 'k', NOW, LIFE)).toBe(expected)
  })

  it("asks its own mark before the published Action's timestamp", () => {
    const app_metadata = {
      account_linking_timestamp: NOW * 1000,
      [MARKS_KEY]: { looked: { until: 0, key: 'k' } },
    }
    expect(isLookedAt(aUser({ app_metadata }), 'k', NOW, LIFE)).toBe(false)
  })
})

describe('pairKey', () => {
  it('is the same from both sides and names nobody', async () => {
    const key = await pairKey('auth0|1', 'github|2')
    expect(await pairKey('github|2', 'auth0|1')).toBe(key)
    expect(key).toMatch(/^[0-9a-f]{12}$/)
  })

  it('differs between pairs', async () => {
    expect(await pairKey('auth0|1', 'github|2')).not.toBe(await pairKey('auth0|1', 'github|3'))
  })
})

describe('lapseOf', () => {
  it.each([
    [{ declined: { p: NOW } }, NOW],
    [{ declined: { other: NOW } }, 0],
    [{}, 0],
    [undefined, 0],
  ])('of %j is %i', (marks, expected) => {
    expect(lapseOf(marked(marks), 'p')).toBe(expected)
  })
})

describe('addDeclines', () => {
  it('adds to what is there, keeps other marks and changes nothing in place', () => {
    const marks: Marks = { declined: { a: 1, b: 2 }, last: { result: 'failed', reason: 'blocked', at: NOW } }
    const before = structuredClone(marks)
    expect(addDeclines(marks, ['b', 'c'], NEVER)).toEqual({
      ...before,
      declined: { a: 1, b: NEVER, c: NEVER },
    })
    expect(marks).toEqual(before)
  })

  it('keeps "never" through JSON', () => {
    const marks = JSON.parse(JSON.stringify(addDeclines({}, ['a'], NEVER)))
    expect(lapseOf(marked(marks), 'a')).toBe(NEVER)
  })
})
