import { describe, expect, it } from 'vitest'
import { isolatedName, maskEmail, plainText, wholeEmail } from '@/lib/messages/mask-email'

describe('maskEmail', () => {
  it.each([
    ['ann@example.com', 'a••@example.com'],
    ['a@example.com', 'a••@example.com'],
    ['"odd@name"@example.com', '"••@example.com'],
    ['ann', '•••'],
    ['@example.com', '•••'],
    ['\u202Eann@example.com', 'a••@example.com'],
  ])('shows %j as %s', (email, expected) => {
    expect(maskEmail(email)).toBe(expected)
  })

  it('shortens a long domain', () => {
    expect(maskEmail(`ann@${'x'.repeat(500)}.com`).length).toBeLessThan(60)
  })
})

describe('wholeEmail', () => {
  const long = `${'very.'.repeat(20)}long@example.com`
  it.each([
    ['ann@example.com', 'ann@example.com'],
    [long, long],
    ['\u202Eann\u200B@example.com\r\n', 'ann@example.com'],
    [`ann@${'x'.repeat(500)}`, `ann@${'x'.repeat(316)}`],
  ])('shows %j as %s', (email, expected) => {
    expect(wholeEmail(email)).toBe(expected)
  })
})

describe('plainText', () => {
  it.each([
    ['Acme', 'Acme'],
    ['a\u202Eb\u200Bc\r\nd', 'abcd'],
    ['😀'.repeat(60), `${'😀'.repeat(47)}…`],
  ])('shows %j as %s', (text, expected) => {
    expect(plainText(text)).toBe(expected)
  })
})

describe('isolatedName', () => {
  it('wraps a name in isolate characters, and removes those that it contains', () => {
    expect(isolatedName('Bank \u05D0')).toBe('\u2068Bank \u05D0\u2069')
    expect(isolatedName('Shop\u2069\u202Etxt')).toBe('\u2068Shoptxt\u2069')
  })
})
