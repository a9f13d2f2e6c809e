import { describe, expect, it } from 'vitest'
import { parseColor, toBrandColors } from '@/lib/brand/colors'
import { contrast } from '@/lib/config/brand'

/** Pseudo-random colors, the same in every run: a linear congruential generator. */
function colors(count: number): string[] {
  let state = 20_261_129
  return Array.from({ length: count }, () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return `#${(state >>> 8).toString(16).padStart(6, '0')}`
  })
}

const THOUSAND = colors(1_000)
const BEHIND = { light: ['#f3f4f6', '#ffffff'], dark: ['#1d1d1e', '#121212'] }
const lowest = (color: string, behind: string[]) => Math.min(...behind.map((other) => contrast(color, other)))

function hueOf(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16))
  const most = Math.max(red, green, blue)
  const range = most - Math.min(red, green, blue)
  if (most === red) return (60 * ((green - blue) / range) + 360) % 360
  return most === green ? 60 * ((blue - red) / range + 2) : 60 * ((red - green) / range + 4)
}

describe('parseColor', () => {
  it.each([
    ['#1F4E79', '#1f4e79'],
    ['#abc', '#aabbcc'],
  ])('reads %s', (given, read) => {
    expect(parseColor(given)).toBe(read)
  })

  it.each([
    ...[
      'red',
      '#12345',
      '#1234567',
      '#12345678',
      '#ggg',
      ' #fff',
      '#fff\n',
      'rgb(1,2,3)',
      'url(https://a.example)',
    ],
    ...['#fff;}*{background:url(//a.example)', '', null, 7, {}, ['#ffffff']],
  ])('ignores anything else: %j', (given) => {
    expect(parseColor(given)).toBeUndefined()
  })
})

describe('toBrandColors', () => {
  it('makes any accent readable and visible in both color schemes', () => {
    for (const accent of THOUSAND) {
      const { light, dark } = toBrandColors({ accent }).colors
      for (const [palette, behind] of [
        [light, BEHIND.light],
        [dark, BEHIND.dark],
      ] as const) {
        expect(contrast(palette.onAccent, palette.accent), accent).toBeGreaterThanOrEqual(4.5)
        expect(lowest(palette.accent, behind), accent).toBeGreaterThanOrEqual(3)
        expect(lowest(palette.accentText, behind), accent).toBeGreaterThanOrEqual(4.5)
      }
    }
  })

  it('does so for any page background and any text on the accent', () => {
    for (const [index, accent] of THOUSAND.entries()) {
      const [page, onAccent] = [THOUSAND[(index + 1) % 1_000], THOUSAND[(index + 2) % 1_000]]
      const { light, dark } = toBrandColors({ accent, onAccent, page }).colors
      expect(light.page && dark.page).toBeUndefined()
      expect(contrast(light.page ?? '#f3f4f6', '#404040')).toBeGreaterThanOrEqual(4.5)
      expect(contrast(dark.page ?? '#1d1d1e', '#c4c4c4')).toBeGreaterThanOrEqual(4.5)
      expect(lowest(light.accent, [light.page ?? '#f3f4f6', '#ffffff'])).toBeGreaterThanOrEqual(3)
      expect(lowest(dark.accent, [dark.page ?? '#1d1d1e', '#121212'])).toBeGreaterThanOrEqual(3)
      expect(contrast(light.onAccent, light.accent)).toBeGreaterThanOrEqual(4.5)
    }
  })

  it('keeps a suitable color, and the hue of one that it corrects', () => {
    let corrected = 0
    for (const accent of THOUSAND) {
      const { colors, corrections } = toBrandColors({ accent })
      if (lowest(accent, BEHIND.light) >= 3) expect([colors.light.accent, corrections]).toEqual([accent, []])
      else {
        corrected += 1
        const distance = Math.abs(hueOf(accent) - hueOf(colors.light.accent))
        // Rounding to 8 bits changes hues: a gray has none, and that of a nearly gray color is coarse.
        const channels = [1, 3, 5].map((at) => Number.parseInt(accent.slice(at, at + 2), 16))
        if (Math.max(...channels) - Math.min(...channels) > 60)
          expect(Math.min(distance, 360 - distance), accent).toBeLessThan(3)
      }
    }
    expect(corrected).toBeGreaterThan(300)
  })

  it('returns each correction with the old and new color, and the old contrast', () => {
    expect(toBrandColors({ accent: '#ffd400', onAccent: '#777777', page: '#808080' }).corrections).toEqual([
      { of: 'page background', from: '#808080', to: expect.any(String), ratio: expect.closeTo(2.63, 1) },
      { of: 'accent', from: '#ffd400', to: expect.any(String), ratio: expect.closeTo(1.43, 1) },
      { of: 'text on the accent', from: '#777777', to: expect.any(String), ratio: expect.any(Number) },
    ])
  })

  it('corrects black and white, too', () => {
    expect(toBrandColors({ accent: '#000000' }).colors.dark.accent).toMatch(/^#([0-9a-f]{2})\1\1$/)
    expect(toBrandColors({ accent: '#ffffff' }).colors.light.accent).toMatch(/^#([0-9a-f]{2})\1\1$/)
  })

  it('uses the page background in the color scheme that it fits', () => {
    const pages = (page: string) => {
      const { light, dark } = toBrandColors({ accent: '#1f4e79', page }).colors
      return [light.page, dark.page]
    }
    expect(pages('#fafafa')).toEqual(['#fafafa', undefined])
    expect(pages('#000000')).toEqual([undefined, '#000000'])
  })

  it("keeps the theme's text color on the accent if it is readable", () => {
    const labelOn = (accent: string) => toBrandColors({ accent, onAccent: '#fffbe6' }).colors.light.onAccent
    expect(labelOn('#1f4e79')).toBe('#fffbe6')
    expect(labelOn('#e9967a')).not.toBe('#fffbe6')
  })
})
