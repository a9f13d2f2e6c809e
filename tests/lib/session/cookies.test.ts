import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ownCookies, requestCookies } from '@/lib/session/cookies'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'

beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
})

const FLOW = 'link_0123456789abcdef'
/** White space that JavaScript's `trim` removes, but that is part of a cookie's name. */
const OTHER_BLANKS = ['\u00A0', '\v', '\f', '\uFEFF', '\u2028', '\u3000', '\r', '\n']

describe('requestCookies', () => {
  it('removes spaces and tabs, and nothing else', () => {
    const read = (cookie: string) => requestCookies({ headers: { get: () => cookie } })
    expect(read(` \t${FLOW} \t= \tv \t; x=y`)).toEqual([
      { name: FLOW, value: 'v' },
      { name: 'x', value: 'y' },
    ])
    for (const blank of OTHER_BLANKS)
      expect(read(`${blank}${FLOW}=v${blank}`)).toEqual([{ name: `${blank}${FLOW}`, value: `v${blank}` }])
  })
})

describe('ownCookies', () => {
  it.each([
    'session=a',
    '__Host-session=a',
    'session__0=a; session__4=b',
    '__txn_state-of_1=a',
    '__Host-txn_state=a',
    `${FLOW}=a`,
    `__Host-${FLOW}=a`,
    'connect_0123456789abcdef=a',
    '__Host-connect_0123456789abcdef=a',
  ])('keeps %s', (header) => {
    expect(ownCookies(header)).toBe(header)
  })

  it.each([
    '',
    'theme=dark',
    'appSession=a',
    'appSession.0=a',
    'session.0=a',
    'session__10=a',
    'mysession=a',
    '__FC_0=a',
    'link_x=a',
    `${FLOW}0=a`,
    `${FLOW}`,
    '=session',
    '__Secure-session=a',
    '__Host-__Host-session=a',
    'SESSION=a',
    ...OTHER_BLANKS.map((blank) => `${blank}session=a`),
    ...OTHER_BLANKS.map((blank) => `${blank}__Host-${FLOW}=a`),
  ])('drops %j', (header) => {
    expect(ownCookies(header)).toBe('')
  })

  it('drops a repeated session cookie, but keeps repeated flow cookies, because their readers check that', () => {
    expect(ownCookies(`session=a; ${FLOW}=b; session=c; ${FLOW}=d`)).toBe(`${FLOW}=b; ${FLOW}=d`)
    expect(ownCookies('__txn_a=1; __txn_a=2')).toBe('')
  })

  it('keeps a hundred cookies of ours, whatever precedes them', () => {
    const others = Array.from({ length: 1000 }, (_, at) => `c${at}=`)
    const own = Array.from({ length: 200 }, (_, at) => `link_${String(at).padStart(16, '0')}=x`)
    expect(ownCookies([...others, ...own].join(';'))).toBe(own.slice(0, 100).join('; '))
  })
})
