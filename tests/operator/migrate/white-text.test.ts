import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textColorOn } from '@/lib/config/brand'
import { nearestUnderWhiteText } from '@/operator/migrate/white-text'

describe('nearestUnderWhiteText', () => {
  it.each(['#000000', '#1f4e79', '#767676'])(
    'leaves %s, on which white text is readable, as it is',
    (color) => {
      expect(nearestUnderWhiteText(color)).toBe(color)
    },
  )

  it.each([
    ['#777777', '#767676'],
    ['#ffffff', '#767676'],
    ['#ff0000', '#ee0000'],
  ])('finds for %s the shade %s', (color, shade) => {
    expect(nearestUnderWhiteText(color)).toBe(shade)
  })

  it('finds a shade for white text for every color', () => {
    const color = fc
      .integer({ min: 0, max: 0xffffff })
      .map((value) => `#${value.toString(16).padStart(6, '0')}`)
    fc.assert(fc.property(color, (any) => textColorOn(nearestUnderWhiteText(any)) === '#ffffff'))
  })
})
