import { describe, expect, it } from 'vitest'
import { readMessages } from '@/lib/messages/read-messages'

const file = {
  plain: 'Sign out',
  deep: { named: 'Connected {provider}' },
  counted: '{count, plural, one {One way} other {# ways}}',
} as const

describe('readMessages', () => {
  it('returns a sentence without arguments unchanged, and fills in those of others', () => {
    const messages = readMessages('en', file)
    expect(messages.plain).toBe('Sign out')
    expect(messages.deep.named({ provider: '<b>{Google}</b>' })).toBe('Connected <b>{Google}</b>')
  })

  it.each([
    ['en', 1, 'One way'],
    ['en', 1_234, '1,234 ways'],
    ['de', 1_234, '1.234 ways'],
    ['ja', 1, '1 ways'],
  ])('uses the number and plural rules of %s: %i', (locale, count, said) => {
    expect(readMessages(locale, file).counted({ count })).toBe(said)
  })

  it('throws if an argument is missing, or the sentence is not ICU', () => {
    const { deep } = readMessages('en', file)
    expect(() => (deep.named as (values: object) => string)({})).toThrow('provider')
    const { broken } = readMessages('en', { broken: '{count, plural, one {x}' })
    expect(() => (broken as unknown as (values: object) => string)({ count: 1 })).toThrow()
  })
})
