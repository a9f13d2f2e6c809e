import { beforeEach, describe, expect, it, vi } from 'vitest'
import { roomFor } from '@/lib/session/cookie-budget'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { services } from '../../support/process/services'

beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
})

const LINK = 'link_0000000000000001'
const OTHER_LINK = 'link_0000000000000002'
const CONNECT = 'connect_0000000000000001'
const TXN = '__txn_a'
const of = (name: string, bytes: number) => `${name}=${'x'.repeat(bytes - name.length - 3)}`
const dropped = (held: string[], fresh: string[], reserve?: number) =>
  roomFor(services(), { headers: new Headers({ cookie: held.join('; ') }) }, fresh, reserve).map((line) => {
    expect(line).toMatch(/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; /)
    return line.slice(0, line.indexOf('='))
  })

describe('roomFor', () => {
  it('drops no cookie up to 6 kB', () => {
    expect(dropped([of('session', 1000), of(LINK, 2000), of(TXN, 500)], [of(CONNECT, 2500)])).toEqual([])
  })

  it('drops sign-ins in progress first, then flows of the page, then those of a login, and only as many as needed', () => {
    const held = [of('session', 1000), of(OTHER_LINK, 2000), of(CONNECT, 2000), of(TXN, 500)]
    expect(dropped(held, [of(LINK, 500)])).toEqual([])
    expect(dropped(held, [of(LINK, 1000)])).toEqual([TXN])
    expect(dropped(held, [of(LINK, 1001)])).toEqual([TXN, CONNECT])
    expect(dropped(held, [of(LINK, 3001)])).toEqual([TXN, CONNECT, OTHER_LINK])
  })

  it.each(['console_txn', 'not_me'])('drops %s like a sign-in in progress', (name) => {
    expect(dropped([of(name, 2000), of(CONNECT, 2000)], [of(LINK, 3000)])).toEqual([name])
  })

  it('drops the oldest of a kind first', () => {
    expect(dropped([of('__txn_a', 3000), of('__txn_b', 3000)], [of('__txn_c', 100)])).toEqual(['__txn_a'])
  })

  it('never drops a session, or a cookie that the response sets', () => {
    expect(dropped([of('session', 5000)], [of(LINK, 3000), of(TXN, 3000)])).toEqual([])
  })

  it('considers cookies that the response replaces and deletes', () => {
    const held = [of('session', 1000), of(LINK, 3000), of(TXN, 1500)]
    expect(dropped(held, [of(LINK, 3100)])).toEqual([])
    expect(dropped(held, [of(CONNECT, 2000)])).toEqual([TXN])
    expect(dropped(held, [of(CONNECT, 2000), `${TXN}=; Path=/; Max-Age=0`])).toEqual([])
  })

  it('ignores cookies of others, and reserves room for growth if asked to', () => {
    expect(dropped(['theme='.padEnd(5000, 'x'), of(TXN, 1000)], [of(LINK, 3000)])).toEqual([])
    expect(dropped([of(TXN, 3000)], [of(LINK, 2600)], 400)).toEqual([])
    expect(dropped([of(TXN, 3000)], [of(LINK, 2600)], 401)).toEqual([TXN])
  })
})
