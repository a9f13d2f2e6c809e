import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { main, parseFlags } from '@/operator/migrate/main'
import { LOCALES, SETTINGS } from './exports'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'account-linking-migrate-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const path = (name: string) => join(folder, name)
function file(name: string, content: unknown): string {
  writeFileSync(path(name), typeof content === 'string' ? content : JSON.stringify(content))
  return path(name)
}
/** What a run prints to the standard output and to the standard error output. */
function run(...args: string[]): { out: string; error: string } {
  const log = vi.spyOn(console, 'log').mockReturnValue()
  const error = vi.spyOn(console, 'error').mockReturnValue()
  main(args)
  return { out: log.mock.calls.join('\n'), error: error.mock.calls.join('\n') }
}
const refusal = (code: string, what: string) => expect.objectContaining({ code, message: `${code}: ${what}` })

describe('parseFlags', () => {
  it('reads the three files', () => {
    expect(parseFlags(['--settings', 'a', '--locales=b', '--out', 'c'])).toEqual({
      settings: 'a',
      locales: 'b',
      out: 'c',
    })
  })

  it.each([
    ['without settings', ['--out', 'c']],
    ['with an unknown flag', ['--settings', 'a', '--token', 'private']],
    ['with a flag without its file', ['--settings']],
    ['with a word after no flag', ['--settings', 'a', 'b']],
  ])('refuses a command %s, and prints its usage', (_what, args) => {
    expect(() => parseFlags(args)).toThrow(
      refusal('bad_arguments', 'npm run migrate:extension -- --settings FILE [--locales FILE] [--out FILE]'),
    )
  })
})

describe('main', () => {
  it('writes the variables to a new file, and the report to the standard output', () => {
    const out = path('.env.brand')
    const { out: printed, error } = run(
      '--settings',
      file('settings.json', SETTINGS),
      '--locales',
      file('locales.json', LOCALES),
      '--out',
      out,
    )
    expect(readFileSync(out, 'utf8')).toContain('BRAND_NAME="Example Company"\n')
    expect(statSync(out).mode & 0o077).toBe(0)
    expect(printed).toMatch(/^Carried over\n[\s\S]*ca \(Catalan[\s\S]*The variables are in /)
    expect(error).toBe('')
  })

  it('prints only the variables to the standard output if no file is named', () => {
    const { out, error } = run('--settings', file('settings.json', SETTINGS))
    expect(out.split('\n').filter((line) => !/^(#.*|\w+=.*)?$/.test(line))).toEqual([])
    expect(out).toContain('BRAND_NAME="Example Company"')
    expect(error).toMatch(/^Carried over\n/)
  })

  it('reads a file that begins with a byte order mark', () => {
    const { out } = run('--settings', file('settings.json', `\uFEFF${JSON.stringify(SETTINGS)}`))
    expect(out).toContain('BRAND_NAME="Example Company"')
  })

  it('never overwrites a file', () => {
    const out = file('.env.local', 'KEPT=1\n')
    expect(() => run('--settings', file('settings.json', SETTINGS), '--out', out)).toThrow(
      refusal('file_exists', out),
    )
    expect(readFileSync(out, 'utf8')).toBe('KEPT=1\n')
  })

  it('says which file cannot be written', () => {
    const out = join(folder, 'nowhere', '.env')
    expect(() => run('--settings', file('settings.json', SETTINGS), '--out', out)).toThrow(
      refusal('file_unwritable', out),
    )
  })

  it('says which file cannot be read', () => {
    expect(() => run('--settings', path('none.json'))).toThrow(refusal('file_unreadable', path('none.json')))
  })

  it('says which file is not JSON, and repeats nothing of it', () => {
    const settings = file('settings.json', SETTINGS)
    const locales = file('locales.json', 'very-private')
    expect(() => run('--settings', settings, '--locales', locales)).toThrow(refusal('not_json', locales))
  })

  it('writes nothing if it refuses a file', () => {
    const settings = file('settings.json', { title: 7 })
    expect(() => run('--settings', settings, '--out', path('.env'))).toThrow(
      expect.objectContaining({ code: 'bad_settings' }),
    )
    expect(existsSync(path('.env'))).toBe(false)
  })
})

describe('npm run migrate:extension', () => {
  const start = (...args: string[]) =>
    spawnSync(process.execPath, ['scripts/run.mjs', 'migrate:extension', ...args], { encoding: 'utf8' })

  it('runs as package.json says, and ends with 1 if it refuses', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(scripts['migrate:extension']).toBe('exec node scripts/run.mjs migrate:extension')
    const settings = file('settings.json', SETTINGS)
    const [done, refused] = [start('--settings', settings), start('--settings', path('none.json'))]
    expect([done.status, done.stdout.includes('BRAND_COLOR="#0b5d4e"')]).toEqual([0, true])
    expect([refused.status, refused.stdout, refused.stderr]).toEqual([
      1,
      '',
      `file_unreadable: ${path('none.json')}\n`,
    ])
  }, 60_000)
})
