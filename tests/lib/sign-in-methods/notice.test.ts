import { describe, expect, it } from 'vitest'
import { en } from '@/lib/messages/en'
import { pageNoticeOf, pathWithNotice, refusalText } from '@/lib/sign-in-methods/notice'

const PROTOTYPE = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf']

describe('noticeOf', () => {
  it.each(Object.keys(en.settings.done))('returns a notice for a completed change: %s', (done) => {
    expect(pageNoticeOf(en, { done })).toEqual({
      text: en.settings.done[done as keyof typeof en.settings.done],
    })
  })

  it.each(Object.keys(en.settings.refused))('returns a notice for a refused change: %s', (refused) => {
    expect(pageNoticeOf(en, { refused })).toEqual({
      text: en.settings.refused[refused as keyof typeof en.settings.refused],
      code: refused,
    })
  })

  it.each([...PROTOTYPE, '', 'Your account was deleted. Call 555-1234', 'CONNECTED', 'connected '])(
    'returns no notice for %j, which anyone can write into a URL',
    (code) => {
      expect(pageNoticeOf(en, { done: code })).toBeUndefined()
      expect(pageNoticeOf(en, { refused: code })).toBeUndefined()
    },
  )

  it.each([
    [{}],
    [{ done: ['connected', 'removed'] }],
    [{ refused: ['csrf'] }],
    [{ other: 'connected' }],
    // A word that is valid only for the other parameter.
    [{ done: 'csrf' }],
    [{ refused: 'connected' }],
  ])('returns no notice for %j', (query) => {
    expect(pageNoticeOf(en, query)).toBeUndefined()
  })

  it('reads back the URL that pathWithNotice creates', () => {
    const read = (path: string) =>
      pageNoticeOf(en, Object.fromEntries(new URL(path, 'http://localhost:3000').searchParams))
    expect(read(pathWithNotice({ done: 'restored' }))).toEqual({ text: en.settings.done.restored })
    expect(read(pathWithNotice({ refused: 'last_way_in' }))?.code).toBe('last_way_in')
  })
})

describe('pathWithNotice', () => {
  it.each(['internal', 'decision_changed', 'expired'] as const)('uses a general notice for %s', (refused) => {
    expect(pathWithNotice({ refused })).toBe('/settings/connected-accounts?refused=other')
  })
})

describe('refusalText', () => {
  it.each([...PROTOTYPE, 'internal', 'no_such_code'])('has a sentence for %s', (code) => {
    expect(refusalText(en, code)).toBe(en.settings.refused.other)
  })

  it('has a specific sentence for known codes', () => {
    expect(refusalText(en, 'busy')).toBe(en.settings.refused.busy)
  })
})
