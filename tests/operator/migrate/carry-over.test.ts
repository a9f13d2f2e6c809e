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
  it('carries name, color and custom domain over, and leaves the rest to the operator', () => {
    expect(valuesOf(SETTINGS)).toEqual({
      BRAND_NAME: 'Example Company',
      BRAND_COLOR: '#0b5d4e',
      BRAND_LOGO: undefined,
      AUTH0_DOMAIN: 'login.example.com',
      AUTH0_MANAGEMENT_DOMAIN: undefined,
    })
  })

  it('says why a setting has no counterpart, for every such setting', () => {
    const without = carryOver(SETTINGS).filter(({ variable }) => variable === undefined)
    expect(without.map(({ field }) => field)).toEqual(['locale', 'template', 'removeOverlay'])
    expect(without.every(({ words }) => words.join('').length > 20)).toBe(true)
  })

  it('does not mention settings that are missing', () => {
    const fields = carryOver({ customDomain: 'login.example.com' }).map(({ field }) => field)
    expect(fields).not.toContain('template')
  })

  it.each([
    ['the default of the extension', 'Account Linking', /default of the extension/],
    ['none', undefined, /name that people know you by/],
    ['an empty one', '', /name that people know you by/],
    ['one of spaces', ' ', /is missing/],
    ['one with markup', '<b>Example</b>', /HTML/],
    ['one with an entity', 'Salt &amp; Pepper', /HTML/],
    ['one that is too long', 'x'.repeat(61), /at most 60 characters/],
    ['one with a quote', 'The "Example"', /quotes/],
    ['one with a dollar sign', 'Ca$h', /dollar/],
    ['one with a line break', 'Example\nCompany', /line breaks/],
  ])('does not carry over a title: %s', (_what, title, why) => {
    expect(valuesOf({ title }).BRAND_NAME).toBeUndefined()
    expect(wordsOf({ title }, 'BRAND_NAME')).toMatch(why)
  })

  it.each(["Ann's", 'Salt & Pepper', 'Zoë 東京', 'x'.repeat(60)])('carries the title %s over', (title) => {
    expect(valuesOf({ title }).BRAND_NAME).toBe(title)
  })

  it.each([
    ['the default of the extension', '#EB5424', /default.*#1f4e79/],
    ['none', undefined, /#1f4e79/],
    ['a name', 'teal', /must look like.*#1f4e79/],
    ['a short one', '#abc', /must look like.*#1f4e79/],
    ['one with an alpha channel', '#0b5d4eff', /starts with a color: "#0b5d4e"/],
    ['one followed by a style sheet', '#0b5d4e;}*{color:red', /starts with a color: "#0b5d4e"/],
  ])('does not carry over a color: %s', (_what, color, why) => {
    expect(valuesOf({ color }).BRAND_COLOR).toBeUndefined()
    expect(wordsOf({ color }, 'BRAND_COLOR')).toMatch(why)
  })

  it('carries over a color on which white text is not readable, and proposes the nearest shade', () => {
    expect(valuesOf({ color: '#ff0000' }).BRAND_COLOR).toBe('#ff0000')
    expect(wordsOf({ color: '#ff0000' }, 'BRAND_COLOR')).toMatch(/black here.*BRAND_COLOR="#ee0000"/)
  })

  it('proposes no other shade if white text is readable', () => {
    expect(wordsOf({ color: '#0b5d4e' }, 'BRAND_COLOR')).not.toContain('#')
  })

  it('says where a logo was and how to save it here, without a possibly private query', () => {
    const words = wordsOf(SETTINGS, 'BRAND_LOGO')
    expect(words).toMatch(/below public\/.*https:\/\/cdn\.example\.com\/logo\.png.*4,096/)
    expect(words).not.toContain('private')
  })

  it('carries over an inlined logo', () => {
    expect(valuesOf({ logoPath: 'data:image/png;base64,AAAA' }).BRAND_LOGO).toBe('data:image/png;base64,AAAA')
  })

  it.each([
    ['none', '', /may stay empty/],
    ['one that is too large', `data:image/png;base64,${'A'.repeat(4_096)}`, /at most 4096/],
    ['a file that does not exist', 'nowhere.png', /below public/],
    ['an address that cannot be read', 'https://', /cannot be read/],
  ])('does not carry over a logo: %s', (_what, logoPath, why) => {
    expect(valuesOf({ logoPath }).BRAND_LOGO).toBeUndefined()
    expect(wordsOf({ logoPath }, 'BRAND_LOGO')).toMatch(why)
  })

  it('asks for the domain of a tenant without a custom one, and mentions older versions of the extension', () => {
    expect(valuesOf({ customDomain: '' })).not.toHaveProperty('AUTH0_MANAGEMENT_DOMAIN')
    expect(wordsOf({ customDomain: '' }, 'AUTH0_DOMAIN')).toMatch(/TENANT.*issuer/)
  })

  it('does not carry over a custom domain with a path', () => {
    const customDomain = 'login.example.com/login'
    expect(valuesOf({ customDomain }).AUTH0_DOMAIN).toBeUndefined()
    expect(wordsOf({ customDomain }, 'AUTH0_DOMAIN')).toContain('must be a bare host')
  })
})
