import { describe, expect, it } from 'vitest'
import { en } from '@/lib/messages/en'
import { carryOver } from '@/operator/migrate/carry-over'
import { parseExport } from '@/operator/migrate/parse-export'
import { toReport } from '@/operator/migrate/report'
import { SENTENCES } from '@/operator/migrate/sentences'
import { LOCALES, SETTINGS } from './exports'

function reportOf(settings: unknown, locales?: unknown): string {
  const exported = parseExport(settings, locales)
  return toReport(carryOver(exported.settings), exported)
}
/** The lines below a title. */
const section = (report: string, title: string) =>
  report.split('\n\n').find((part) => part.startsWith(`${title}\n`)) ?? ''

describe('toReport', () => {
  const report = reportOf({ ...SETTINGS, greeting: 'very-private' }, LOCALES)

  it.each([
    ['Carried over', ['title -> BRAND_NAME', 'color -> BRAND_COLOR', 'customDomain -> AUTH0_DOMAIN']],
    ['To fill in by hand', ['logoPath -> BRAND_LOGO', 'customDomain -> AUTH0_MANAGEMENT_DOMAIN']],
    ['No counterpart', ['locale', 'template', 'removeOverlay']],
    ['Unknown, and ignored', ['greeting']],
  ])('lists the right entries under "%s"', (title, entries) => {
    const [, ...lines] = section(report, title).split('\n')
    expect(lines.filter((line) => /^ {2}\S/.test(line)).map((line) => line.trim())).toEqual(entries)
  })

  it('tells available languages from missing ones, and says where their sentences belong', () => {
    const languages = section(report, 'Languages')
    expect(languages).toMatch(/Available, .*: en \(English\)\n/)
    expect(languages).toMatch(/Not available: ca \(Catalan \(Custom\)\)\n/)
    for (const name of Object.keys(SENTENCES)) expect(languages).toContain(`${name} `)
  })

  it('does not mention sentences if every language is available', () => {
    expect(section(reportOf(SETTINGS, { en: LOCALES.en }), 'Languages')).not.toContain('Not available')
  })

  it('has no section without content', () => {
    const short = reportOf({ title: 'Example' })
    expect(short).not.toMatch(/Languages|Not known|Has no counterpart/)
  })

  it('names connections, since the extension had no list of them', () => {
    expect(section(report, 'Not in the settings')).toContain('google-oauth2')
  })

  it('repeats no value of an unknown field', () => {
    expect(report).not.toContain('very-private')
  })
})

describe('SENTENCES', () => {
  it('names only keys of sentences that exist', () => {
    const at = (path: string) =>
      path.split('.').reduce((part: unknown, name) => Object(part)[name], en as unknown)
    const missing = Object.values(SENTENCES).filter((path) => path !== undefined && at(path) === undefined)
    expect(missing).toEqual([])
  })
})
