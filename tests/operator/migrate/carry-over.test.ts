import { describe, expect, it } from 'vitest'
import { carryOver } from '@/operator/migrate/carry-over'
import type { ExtensionSettings } from '@/operator/migrate/parse-export'
import { SETTINGS } from './exports'

const valuesOf = (settings: ExtensionSettings) =>
  Object.fromEntries(
    carryOver(settings).flatMap(({ variable, value }) => (variable ? [[variable, value]] : [])),
  )
const wordsOf = (settings: ExtensionSettings, name: string) =>
  carryOver(settings)
    .filter(({ field, variable }) => (variable ?? field) === name)
    .flatMap(({ words }) => words)
    .join(' ')

describe('carryOver', () => {
  it('takes name, colour and custom domain, and leaves the rest to the operator', () => {
    expect(valuesOf(SETTINGS)).toEqual({
      BRAND_NAME: 'Example Company',
      BRAND_COLOR: '#0b5d4e',
      BRAND_LOGO: undefined,
      AUTH0_DOMAIN: 'login.example.com',
      AUTH0_MANAGEMENT_DOMAIN: undefined,
    })
  })

  it('says of every setting without a counterpart why it has none', () => {
    const without = carryOver(SETTINGS).filter(({ variable }) => variable === undefined)
    expect(without.map(({ field }) => field)).toEqual(['locale', 'template', 'removeOverlay'])
    expect(without.every(({ words }) => words.join('').length > 20)).toBe(true)
  })

  it('says nothing of settings that are not there', () => {
    const fields = carryOver({ customDomain: 'login.example.com' }).map(({ field }) => field)
    expect(fields).not.toContain('template')
  })

  it.each([
    ['the one that the extension begins with', 'Account Linking', /begins with/],
    ['none', undefined, /what people know you by/],
    ['an empty one', '', /what people know you by/],
    ['one of blanks', ' ', /is missing/],
    ['one with markup', '<b>Example</b>', /HTML/],
    ['one with an entity', 'Salt &amp; Pepper', /HTML/],
    ['one that is too long', 'x'.repeat(61), /at most 60 characters/],
    ['one with a quote', 'The "Example"', /quotes/],
    ['one with a dollar sign', 'Ca$h', /dollar/],
    ['one with a line break', 'Example\nCompany', /line breaks/],
  ])('does not take a title: %s', (_what, title, why) => {
    expect(valuesOf({ title }).BRAND_NAME).toBeUndefined()
    expect(wordsOf({ title }, 'BRAND_NAME')).toMatch(why)
  })

  it.each(["Ann's", 'Salt & Pepper', 'Zoë 東京', 'x'.repeat(60)])('takes the title %s', (title) => {
    expect(valuesOf({ title }).BRAND_NAME).toBe(title)
  })

  it.each([
    ['the one that the extension begins with', '#EB5424', /begins.*#1f4e79/],
    ['none', undefined, /#1f4e79/],
    ['a name', 'teal', /must look like.*#1f4e79/],
    ['a short one', '#abc', /must look like.*#1f4e79/],
    ['one with an alpha channel', '#0b5d4eff', /begins with one: "#0b5d4e"/],
    ['one with a style sheet behind it', '#0b5d4e;}*{color:red', /begins with one: "#0b5d4e"/],
  ])('does not take a colour: %s', (_what, color, why) => {
    expect(valuesOf({ color }).BRAND_COLOR).toBeUndefined()
    expect(wordsOf({ color }, 'BRAND_COLOR')).toMatch(why)
  })

  it('takes a colour that white text cannot be read on, and proposes the nearest shade', () => {
    expect(valuesOf({ color: '#ff0000' }).BRAND_COLOR).toBe('#ff0000')
    expect(wordsOf({ color: '#ff0000' }, 'BRAND_COLOR')).toMatch(/black here.*BRAND_COLOR="#ee0000"/)
  })

  it('proposes no other shade where white text can be read', () => {
    expect(wordsOf({ color: '#0b5d4e' }, 'BRAND_COLOR')).not.toContain('#')
  })

  it('says where a logo was and how it gets here, without what may be private in its address', () => {
    const words = wordsOf(SETTINGS, 'BRAND_LOGO')
    expect(words).toMatch(/below public\/.*https:\/\/cdn\.example\.com\/logo\.png.*4,096/)
    expect(words).not.toContain('private')
  })

  it('takes a logo that is inlined already', () => {
    expect(valuesOf({ logoPath: 'data:image/png;base64,AAAA' }).BRAND_LOGO).toBe('data:image/png;base64,AAAA')
  })

  it.each([
    ['none', '', /may stay empty/],
    ['too large a one', `data:image/png;base64,${'A'.repeat(4_096)}`, /at most 4096/],
    ['a file that is not there', 'nowhere.png', /below public/],
    ['an address that cannot be read', 'https://', /cannot be read/],
  ])('does not take a logo: %s', (_what, logoPath, why) => {
    expect(valuesOf({ logoPath }).BRAND_LOGO).toBeUndefined()
    expect(wordsOf({ logoPath }, 'BRAND_LOGO')).toMatch(why)
  })

  it('asks for the domain of a tenant without a custom one, and tells of older versions', () => {
    expect(valuesOf({ customDomain: '' })).not.toHaveProperty('AUTH0_MANAGEMENT_DOMAIN')
    expect(wordsOf({ customDomain: '' }, 'AUTH0_DOMAIN')).toMatch(/TENANT.*issuer/)
  })

  it('does not take a custom domain with a path', () => {
    const customDomain = 'login.example.com/login'
    expect(valuesOf({ customDomain }).AUTH0_DOMAIN).toBeUndefined()
    expect(wordsOf({ customDomain }, 'AUTH0_DOMAIN')).toContain('must be a bare host')
  })
})
