import { describe, expect, it } from 'vitest'
import { maskEmail, maskName, maskPhone } from '@/lib/messages/mask-email'

describe('maskName', () => {
  it.each([
    ['annarcher', 'a••'],
    ['a', 'a••'],
    ['', '••'],
    ['😀 smiles', '😀••'],
    ['\u202Eannarcher', 'a••'],
    ['\u200B\u200B', '••'],
  ])('shows %j as %s', (name, expected) => {
    expect(maskName(name)).toBe(expected)
  })
})

describe('maskPhone', () => {
  it.each([
    ['+15551234567', '••67'],
    ['7', '••7'],
    ['', '••'],
    ['+1555123\u202E67\u200B', '••67'],
  ])('shows %j as %s', (phone, expected) => {
    expect(maskPhone(phone)).toBe(expected)
  })

  it('shows two characters of any value', () => {
    expect(maskPhone('1'.repeat(500)).length).toBeLessThan(6)
  })
})

describe('maskEmail', () => {
  it.each([
    ['ann@\u202Eexample.com', 'a••@example.com'],
    ['\u200Bann@example.com', 'a••@example.com'],
    ['\u2066\u2069@example.com', '••@example.com'],
  ])('masks %j without invisible characters: %s', (email, expected) => {
    expect(maskEmail(email)).toBe(expected)
  })
})
