import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeNames, encodeNames, hasField, isSame, isWritable, type Metadata, withoutNulls } from '@/core'

const metadata = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()) as fc.Arbitrary<Metadata>

describe('encodeNames', () => {
  it.each([
    ['a.b', 'a%2Eb'],
    ['$set', '%24set'],
    ['100%', '100%25'],
    ['%2E', '%252E'],
    ['', ''],
    ['__proto__', '%5F_proto__'],
    ['__proto', '__proto'],
    ['a b/c?', 'a b/c?'],
  ])('writes %j as %j', (name, written) => {
    expect(Object.keys(encodeNames(Object.fromEntries([[name, 1]])))).toEqual([written])
  })

  it('omits nulls at every depth except in lists, and does not change values', () => {
    const value = { a: null, b: { c: null, d: '$.%' }, e: [null, { f: null }] }
    expect(encodeNames(value)).toEqual({ b: { d: '$.%' }, e: [null, {}] })
    expect(withoutNulls(value)).toEqual({ b: { d: '$.%' }, e: [null, {}] })
  })

  it('is reversed by decodeNames for any JSON', () => {
    fc.assert(
      fc.property(metadata, (value) => {
        const written = JSON.stringify(encodeNames(value))
        expect(isSame(decodeNames(JSON.parse(written)), JSON.parse(JSON.stringify(value)))).toBe(true)
        expect(isWritable('x', JSON.parse(written))).toBe(
          !JSON.stringify(withoutNulls(value)).match(/"(constructor|prototype)":/),
        )
      }),
    )
  })
})

describe('isSame', () => {
  it.each<[unknown, unknown]>([
    [1, 1],
    [0, -0],
    [null, undefined],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [{ a: { b: null } }, { a: {} }],
    [{ a: null }, {}],
    [[null], [Number.POSITIVE_INFINITY]],
    [JSON.parse('{"__proto__":1}'), JSON.parse('{"__proto__":1}')],
  ])('is true for %j and %j', (one, other) => {
    expect(isSame(one, other)).toBe(true)
    expect(isSame(other, one)).toBe(true)
  })

  it.each<[unknown, unknown]>([
    [1, '1'],
    [0, false],
    [['x'], 'x'],
    [[], ''],
    [0, null],
    ['', null],
    [{}, null],
    [{}, []],
    [[], [null]],
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: 1 }, { a: 1, b: 1 }],
    [{ toString: 1 }, {}],
    [JSON.parse('{"__proto__":1}'), {}],
  ])('is false for %j and %j', (one, other) => {
    expect(isSame(one, other)).toBe(false)
    expect(isSame(other, one)).toBe(false)
  })
})

describe('isWritable', () => {
  it.each<[string, unknown, boolean]>([
    ['a', 1, true],
    ['', {}, true],
    ['%', { '%': ['.', '$'] }, true],
    ['a.b', 1, false],
    ['$', 1, false],
    ['__proto__', 1, false],
    ['constructor', 1, false],
    ['a', [{ b: [{ 'c.d': 1 }] }], false],
    ['a', JSON.parse('{"b":{"__proto__":1}}'), false],
  ])('of %j with %j is %j', (name, value, expected) => {
    expect(isWritable(name, value)).toBe(expected)
  })

  it('is false for values that are nested too deeply', () => {
    expect(isWritable('a', JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`))).toBe(false)
  })
})

describe('hasField', () => {
  it('is true only for own fields that are not null', () => {
    expect(hasField({ a: false }, 'a')).toBe(true)
    expect(hasField({ a: null }, 'a')).toBe(false)
    expect(hasField({}, 'toString')).toBe(false)
  })
})
