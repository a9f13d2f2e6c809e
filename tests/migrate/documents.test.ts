import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Environment } from '@/lib/config/environment'
import { parseFlags } from '@/migrate/main'
import { parseExport } from '@/migrate/parse-export'

const EXTENSION = 'docs/migrate-from-account-link-extension.md'
const DOCUMENTS = [EXTENSION, 'docs/migrate-from-sample-action.md', 'docs/migrate-from-rules.md']
const read = (path: string) => readFileSync(path, 'utf8')
const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, first = '']) => first)
/** The id that a heading gets. */
const idOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

describe('the pages on migrating', () => {
  it.each(DOCUMENTS)('%s leads to pages and headings that are there', (document) => {
    const links = found(read(document), /\]\((?!https?:)([^)]+)\)/g)
    expect(links.length).toBeGreaterThan(3)
    const broken = links.filter((link) => {
      const [path, heading] = link.split('#')
      const file = path ? join(dirname(document), path) : document
      if (!existsSync(file)) return true
      return (
        heading !== undefined &&
        !found(read(file), /^#+ (.+)$/gm)
          .map(idOf)
          .includes(heading)
      )
    })
    expect(broken).toEqual([])
  })

  it('have commands whose flags there are', () => {
    const commands = found(read(EXTENSION), /^npm run migrate:extension -- (.+)$/gm)
    expect(commands.map((command) => parseFlags(command.split(' ')))).toEqual([
      { settings: 'settings.json', locales: 'locales.json', out: undefined },
      { settings: 'settings.json', locales: 'locales.json', out: '.env.local' },
    ])
  })

  it('have commands that are scripts of package.json', () => {
    const { scripts } = JSON.parse(read('package.json'))
    const names = DOCUMENTS.flatMap((document) => found(read(document), /npm run ([\w:-]+)/g))
    expect(names).toContain('provision')
    expect(names.filter((name) => !(name in scripts))).toEqual([])
  })

  it('show settings that are taken', () => {
    const [example = ''] = found(read(EXTENSION), /```json\n([\s\S]*?)```/g)
    expect(parseExport(JSON.parse(example)).unknown).toEqual([])
  })

  it('name every refusal, and no other', () => {
    const codes = found(read('migrate/migration-error.ts'), /^ {2}\| '(\w+)'$/gm)
    const [table = ''] = found(read(EXTENSION), /\| refusal \|.*\n([\s\S]*?)\n\n/g)
    const rows = table.split('\n').map((row) => row.split('|')[1] ?? '')
    expect(found(rows.join(), /`(\w+)`/g).sort()).toEqual(codes)
  })

  it.each(DOCUMENTS)('%s names variables that are read', (document) => {
    const secrets = read('docs/configuration.md')
    const names = found(read(document), /`((?:ACCOUNT_LINKING|AUTH0|BRAND|LINK|TRUSTED|BLOCKED)_[A-Z_]+)`/g)
    const ofExtension = /^AUTH0_ACCOUNT_LINKING_EXTENSION_/
    expect(
      names.filter(
        (name) => !(name in Environment.shape) && !ofExtension.test(name) && !secrets.includes(`\`${name}\``),
      ),
    ).toEqual([])
  })
})
