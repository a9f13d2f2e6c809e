import { describe, expect, it } from 'vitest'
import { LinkingError } from '@/core'

describe('LinkingError', () => {
  it('says its code and nothing else, and keeps the cause for debugging', () => {
    const cause = new Error('ann@example.com')
    const error = new LinkingError('bad_token', { cause })
    expect(error).toMatchObject({ name: 'LinkingError', code: 'bad_token', message: 'bad_token', cause })
    expect(String(error)).toBe('LinkingError: bad_token')
    expect(error).toBeInstanceOf(Error)
  })
})
