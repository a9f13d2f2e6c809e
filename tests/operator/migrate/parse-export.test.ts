import { describe, expect, it } from 'vitest'
import { parseExport } from '@/operator/migrate/parse-export'
import { LOCALES, SETTINGS } from './exports'

const refusal = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) })

describe('parseExport', () => {
  it('reads the answers for settings and for languages', () => {
    const { settings, languages, unknown } = parseExport(SETTINGS, LOCALES)
    expect(settings).toEqual(SETTINGS)
    expect(languages).toEqual([
      { code: 'en', label: 'en (English)' },
      { code: 'ca', label: 'ca (Catalan (Custom))' },
    ])
    expect(unknown).toEqual([])
  })

  it('reads the languages from the settings alone', () => {
    expect(parseExport(SETTINGS).languages.map(({ code }) => code)).toEqual(['en', 'fr'])
  })

  it.each([
    ['settings', { settings: SETTINGS }, SETTINGS, 2],
    ['languages', { locales: LOCALES }, {}, 2],
    ['both', { settings: SETTINGS, locales: LOCALES }, SETTINGS, 2],
  ])('reads a whole record of the storage that holds %s', (_what, record, settings, languages) => {
    const read = parseExport(record)
    expect([read.settings, read.languages.length]).toEqual([settings, languages])
  })

  it('prefers languages from a separate file to those in the record', () => {
    const record = { settings: SETTINGS, locales: { sv: { _name: 'Swedish' } } }
    expect(parseExport(record, LOCALES).languages.map(({ code }) => code)).toEqual(['en', 'ca'])
  })

  it('names unknown fields, and does not repeat their values', () => {
    const read = parseExport(
      { ...SETTINGS, EXTENSION_SECRET: 'very-private' },
      { en: { ...LOCALES.en, greeting: 'Good day' } },
    )
    expect(read.unknown).toEqual(['EXTENSION_SECRET', 'en.greeting'])
  })

  it('shows no control character of a name', () => {
    const read = parseExport({ ...SETTINGS, 'a\u001b[2Jb': '' }, { 'x\u202e': { _name: 'X\u0007' } })
    expect([read.unknown, read.languages[0]?.label]).toEqual([['a[2Jb'], 'x (X)'])
  })

  it.each([
    ['a list', [], /expected object/],
    ['text', 'settings', /expected object/],
    ['nothing', null, /expected object/],
    ['an object of another program', { name: 'x' }, /it has no field of the extension/],
    ['nothing but an empty object', {}, /it has no field of the extension/],
    ['a title that is not text', { title: 7 }, /title: .*expected string/],
    ['a switch that is not a boolean', { removeOverlay: 'perhaps' }, /removeOverlay: .*expected boolean/],
    ['languages without codes', { availableLocales: [{}] }, /availableLocales: 0: code: /],
    ['a record whose settings are text', { settings: 'x' }, /expected object/],
  ])('refuses %s as settings', (_what, exported, message) => {
    expect(() => parseExport(exported)).toThrow(refusal('bad_settings', message))
  })

  it('names every wrong field', () => {
    expect(() => parseExport({ title: 7, color: [] })).toThrow(refusal('bad_settings', /title: .*; color: /))
  })

  it.each([
    ['settings in place of languages', SETTINGS, /title: .*expected record/],
    ['a sentence that is not text', { fr: { introduction: 7 } }, /fr: introduction: .*expected string/],
    ['a list', [], /expected record/],
  ])('refuses %s', (_what, locales, message) => {
    expect(() => parseExport(SETTINGS, locales)).toThrow(refusal('bad_locales', message))
  })

  it('repeats no value in a refusal', () => {
    expect(() => parseExport({ ...SETTINGS, title: ['very-private'] })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('very-private') }),
    )
  })
})
