import { describe, expect, it } from 'vitest'
import {
  AccountLinkingError,
  ERROR_FACTS,
  type ErrorFacts,
  LinkingError,
  type LinkingErrorCode,
} from '@/core'

describe('LinkingError', () => {
  it('has only its code as message, and keeps the cause for debugging', () => {
    const cause = new Error('ann@example.com')
    const error = new LinkingError('bad_token', { cause })
    expect(error).toMatchObject({ name: 'LinkingError', code: 'bad_token', message: 'bad_token', cause })
    expect(String(error)).toBe('LinkingError: bad_token')
    expect(error).toBeInstanceOf(Error)
  })
  it('lets the caller override facts of its code', () => {
    expect(new LinkingError('expired').details).toEqual({})
    expect(new LinkingError('rate_limited', { status: 503, retryAfter: 7 }).details).toEqual({
      ...{ status: 503, retryAfter: 7 },
    })
    expect(new LinkingError('expired')).not.toHaveProperty('cause')
  })
})

describe('AccountLinkingError', () => {
  it('has its code as message unless the caller passes one', () => {
    expect(new AccountLinkingError('x')).toMatchObject({ code: 'x', message: 'x' })
    expect(new AccountLinkingError('x', 'more')).toMatchObject({ code: 'x', message: 'more' })
  })
})

/** The HTTP status and severity of each code, as the documents state them. */
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
  it.each(FACTS)('has status %i and severity %s for: %j', (status, severity, codes) => {
    const found = Object.entries(ERROR_FACTS).filter(
      ([, facts]) => facts.status === status && facts.severity === severity,
    )
    expect(found.map(([code]) => code).sort()).toEqual([...codes].sort())
  })

  it('contains no other code', () => {
    expect(Object.keys(ERROR_FACTS)).toHaveLength(FACTS.flatMap(([, , codes]) => codes).length)
  })
})
