import { describe, expect, it } from 'vitest'
import { type JsonShape, shapeDifferences } from './shape'

describe('shapeDifferences', () => {
  it.each<[JsonShape, unknown]>([
    ['string', 'a'],
    ['string|null', null],
    ['date', '2026-05-29T10:49:49.276Z'],
    ['=a', 'a'],
    ['~a+', 'aaa'],
    [404, 404],
    [[], []],
    [['number'], [1, 2]],
    [{ a: 'string', 'b?': 'number' }, { a: 'x' }],
    [
      { a: 'string', '…': true },
      { a: 'x', c: 1 },
    ],
  ])('finds that %j fits %j', (shape, value) => {
    expect(shapeDifferences(shape, value)).toEqual([])
  })

  it.each<[JsonShape, unknown, string]>([
    ['string', 1, 'body is 1 and not string'],
    ['date', 'today', 'body is "today" and not date'],
    ['=a', 'b', 'body is "b" and not "a"'],
    ['~a+', 'baa', 'body is "baa" and not like /^(?:a+)$/'],
    [404, 400, 'body is 400 and not 404'],
    [[], [1], 'body has 1 items and should be empty'],
    [['number'], [], 'body is empty'],
    [['number'], [1, 'x'], 'body.1 is "x" and not number'],
    [['number'], { 0: 1 }, 'body is {"0":1} and not a list'],
    [{ a: 'string' }, {}, 'body.a is missing'],
    [{ a: 'string' }, { a: 'x', c: 1 }, 'body.c is present and was not recorded'],
    [{ 'b?': 'number' }, { b: 'x' }, 'body.b is "x" and not number'],
    [{ a: 'string' }, [], 'body is [] and not an object'],
  ])('finds that %j does not fit %j', (shape, value, difference) => {
    expect(shapeDifferences(shape, value)).toEqual([difference])
  })

  it('refuses a shape that names no kind of value', () => {
    expect(() => shapeDifferences('Not Found', 'Not Found')).toThrow('is not a kind of value')
  })
})
