import { describe, expect, it } from 'vitest'
import { lastOutcome } from '@/lib/sign-in-methods/last-outcome'
import { anAccount } from '../../support/builders/accounts'

const withMarks = (marks: unknown) => anAccount({ app_metadata: { account_linking: marks } })

describe('lastOutcome', () => {
  it('reads the outcome that the Action stored', () => {
    const last = { result: 'failed', reason: 'link_refused', at: 1_750_000_000 }
    expect(lastOutcome(withMarks({ last }))).toEqual(last)
  })

  it('omits reasons that may no longer apply', () => {
    const last = { result: 'failed', at: 1_750_000_000 }
    for (const reason of ['management_failed', 'x', 5])
      expect(lastOutcome(withMarks({ last: { ...last, reason } }))).toEqual(last)
  })

  it.each([
    ['nothing', undefined],
    ['no object', 'failed'],
    ['no outcome', {}],
    ['an unknown outcome', { last: { result: 'exploded', at: 5 } }],
    ['no time', { last: { result: 'failed' } }],
    ['a time that no Date can hold', { last: { result: 'failed', at: 1e300 } }],
  ])('is undefined if there is %s', (_what, marks) => {
    expect(lastOutcome(withMarks(marks))).toBeUndefined()
  })
})
