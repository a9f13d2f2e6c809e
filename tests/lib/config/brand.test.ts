import { describe, expect, it } from 'vitest'
import { readLogo, textColorOn } from '@/lib/config/brand'

describe('textColorOn', () => {
  it.each([
    ['#000000', '#ffffff'],
    ['#1f4e79', '#ffffff'],
    ['#ffffff', '#000000'],
    ['#ffdd00', '#000000'],
  ])('puts on %s the text colour %s', (color, expected) => {
    expect(textColorOn(color)).toBe(expected)
  })
})

describe('readLogo', () => {
  it('takes a data URI as it is', () => {
    expect(readLogo('data:image/svg+xml,%3Csvg/%3E')).toEqual({ dataUri: 'data:image/svg+xml,%3Csvg/%3E' })
  })
})
