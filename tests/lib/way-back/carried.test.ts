import { describe, expect, it } from 'vitest'
import {
  carriedWayBack,
  readWayBack,
  WAY_BACK_HEADER,
  wayBackOf,
  wayBackQuery,
  withWayBack,
} from '@/lib/way-back/carried'

const WAY = { clientId: 'shop', returnTo: 'https://shop.example/?a=1&b=%2F#c' }
const read = (query: string) => readWayBack(new URLSearchParams(query))

describe('readWayBack', () => {
  it('reads the two parameters, whatever others there are', () => {
    expect(
      read('done=connected&client_id=shop&return_to=https%3A%2F%2Fshop.example%2F%3Fa%3D1%26b%3D%252F%23c'),
    ).toEqual({ way: WAY })
  })

  it.each([
    '',
    'done=connected',
    'CLIENT_ID=shop&Return_To=x',
    'client_id[]=shop&return_to[]=x',
    'return_to[0]=x',
  ])('finds no way back in %j', (query) => {
    expect(read(query)).toBeUndefined()
  })

  it.each([
    ['client_id=shop', 'incomplete'],
    ['return_to=x', 'incomplete'],
    ['client_id=&return_to=x', 'incomplete'],
    ['client_id=shop&return_to=', 'incomplete'],
    ['client_id=shop&return_to=x&return_to=x', 'repeated'],
    ['client_id=shop&client_id=shop&return_to=x', 'repeated'],
    ['return_to=x&return_to=y', 'repeated'],
    ['client_id=a/b&return_to=x', 'bad_client_id'],
    ['client_id=..&return_to=x', 'bad_client_id'],
    ['client_id=a%0Ab&return_to=x', 'bad_client_id'],
    ['client_id=a%0A&return_to=x', 'bad_client_id'],
    ['client_id=a%20&return_to=x', 'bad_client_id'],
    [`client_id=${'a'.repeat(65)}&return_to=x`, 'bad_client_id'],
    [`client_id=shop&return_to=${'a'.repeat(2001)}`, 'too_long'],
  ])('ignores %s: %s', (query, ignored) => {
    expect(read(query)).toEqual({ ignored })
  })

  it('accepts the longest allowed values', () => {
    const way = { clientId: 'a'.repeat(64), returnTo: 'b'.repeat(2000) }
    expect(read(wayBackQuery(way))).toEqual({ way })
  })
})

describe('withWayBack', () => {
  it.each([
    ['/page', '/page?client_id=shop&return_to=https://shop.example/?a=1%26b=%252F%23c'],
    ['/page?done=x', '/page?done=x&client_id=shop&return_to=https://shop.example/?a=1%26b=%252F%23c'],
  ] as const)('adds the way back to %s', (path, expected) => {
    expect(withWayBack(path, WAY)).toBe(expected)
  })

  it('does not change a path without a way back', () => {
    expect(withWayBack('/page?done=x', undefined)).toBe('/page?done=x')
  })

  it.each([
    'https://shop.example/',
    'https://shop.example/?a=b&c=d+e f#g',
    'https://shop.example/%2F%25?é=名',
    'x:"\'<>\\`{}|^[]\u0000\n\t',
  ])('encodes %j so that it can be read back', (returnTo) => {
    const way = { clientId: 'a_B-9', returnTo }
    const address = `https://app.example.com${withWayBack('/page?x=y', way)}`
    expect(wayBackOf({ url: address })).toEqual(way)
    expect(wayBackOf({ url: new URL(address).href })).toEqual(way)
    // A header may contain only ASCII.
    expect(wayBackQuery(way)).toMatch(/^[\x21-\x7e]+$/)
    expect(carriedWayBack(new Headers({ [WAY_BACK_HEADER]: wayBackQuery(way) }))).toEqual(way)
  })
})
