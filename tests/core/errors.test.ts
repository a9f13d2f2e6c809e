import { describe, expect, it } from 'vitest'
import {
  AccountLinkingError,
  ERROR_FACTS,
  type ErrorFacts,
  LinkingError,
  type LinkingErrorCode,
} from '@/core'

describe('LinkingError', () => {
  it('says its code and nothing else, and keeps the cause for debugging', () => {
    const cause = new Error('ann@example.com')
    const error = new LinkingError('bad_token', { cause })
    expect(error).toMatchObject({ name: 'LinkingError', code: 'bad_token', message: 'bad_token', cause })
    expect(String(error)).toBe('LinkingError: bad_token')
    expect(error).toBeInstanceOf(Error)
  })
  it('takes what the answer differs in from what its code says', () => {
    expect(new LinkingError('expired').details).toEqual({})
    expect(new LinkingError('rate_limited', { status: 503, retryAfter: 7 }).details).toEqual({
      ...{ status: 503, retryAfter: 7 },
    })
    expect(new LinkingError('expired')).not.toHaveProperty('cause')
  })
})

describe('AccountLinkingError', () => {
  it('says its code unless it is given another message', () => {
    expect(new AccountLinkingError('x')).toMatchObject({ code: 'x', message: 'x' })
    expect(new AccountLinkingError('x', 'more')).toMatchObject({ code: 'x', message: 'more' })
  })
})

/** What each code is answered with, as the documents say. */
const FACTS: [number, ErrorFacts['severity'], LinkingErrorCode[]][] = [
  [
    400,
    'note',
    [
      ...['missing_token', 'missing_state', 'bad_state', 'bad_request', 'expired', 'already_used'],
      ...['no_flow', 'wrong_account', 'same_account', 'mfa_required', 'unverified', 'not_available'],
      'sign_in_failed',
    ] as LinkingErrorCode[],
  ],
  [400, 'warning', ['bad_token', 'csrf', 'bad_id_token', 'reauth_required', 'not_linkable_here']],
  [400, 'error', ['clock', 'bad_issuer']],
  [404, 'note', ['not_found']],
  [405, 'note', ['method_not_allowed']],
  [429, 'warning', ['rate_limited']],
  [500, 'error', ['internal']],
  [503, 'error', ['tenant_unreachable', 'store_unavailable']],
]

describe('ERROR_FACTS', () => {
  it.each(FACTS)('answers with %i, severity %s: %j', (status, severity, codes) => {
    const found = Object.entries(ERROR_FACTS).filter(
      ([, facts]) => facts.status === status && facts.severity === severity,
    )
    expect(found.map(([code]) => code).sort()).toEqual([...codes].sort())
  })

  it('knows nothing of other codes', () => {
    expect(Object.keys(ERROR_FACTS)).toHaveLength(FACTS.flatMap(([, , codes]) => codes).length)
  })
})
