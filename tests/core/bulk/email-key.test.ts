import { describe, expect, it } from 'vitest'
import { emailKey, kindOfEmail } from '@/core'

describe('emailKey', () => {
  it.each([
    ['Ann@Example.COM', 'ann@example.com'],
    [' \t\r\nann@example.com\n ', 'ann@example.com'],
    // Lower-casing these would change them to ASCII letters: the Kelvin sign and the Turkish dotted I.
    ['\u212Aim@example.com', '\u212Aim@example.com'],
    ['\u0130nci@example.com', '\u0130nci@example.com'],
    ['ann+shop@example.com', 'ann+shop@example.com'],
    ['a.nn@example.com', 'a.nn@example.com'],
    ['\u00a0ann@example.com', '\u00a0ann@example.com'],
    ['ann example.com', 'ann example.com'],
    [' ', ''],
    [null, ''],
    [undefined, ''],
    [7, ''],
  ])('of %j is %j', (email, key) => {
    expect(emailKey(email)).toBe(key)
  })
})

describe('kindOfEmail', () => {
  it.each([
    ['', 'none'],
    ['a@b', 'address'],
    ['x'.repeat(254), 'address'],
    ['x'.repeat(255), 'over_long'],
    // Each of these characters has two bytes.
    ['ü'.repeat(127), 'address'],
    ['ü'.repeat(128), 'over_long'],
  ])('of %j is %s', (key, kind) => {
    expect(kindOfEmail(key)).toBe(kind)
  })
})
