import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { JOURNAL_KEY, MARKS_KEY } from '@/core'
import { readSources } from './support/docs/source-graph'

const read = (path: string) => readFileSync(path, 'utf8')
/** Names of 0.1.0 that others depend on: people search logs for them, programs use them, tenants and browsers store them. */
const { npmScripts, metadataKeys, ...names }: Record<string, string[]> = JSON.parse(
  read('tests/fixtures/versions/0.1.0/names.json'),
)

const code = readSources(['action', 'app', 'core', 'lib', 'operator'])
  .map((file) => file.code)
  .join('\n')
const inCode = (name: string) => new RegExp(`(?<![\\w.-])${name.replaceAll('.', '\\.')}(?![\\w-])`).test(code)

describe('names of 0.1.0', () => {
  it.each(Object.entries(names))('are still in the code: %s', (_kind, kept) => {
    expect(kept.length).toBeGreaterThan(0)
    expect(kept.filter((name) => !inCode(name))).toEqual([])
  })

  it('are still there: npm scripts', () => {
    const { scripts } = JSON.parse(read('package.json'))
    expect(npmScripts?.filter((name) => !(name in scripts))).toEqual([])
  })

  it('are still there: keys of app_metadata', () => {
    expect([MARKS_KEY, JOURNAL_KEY]).toEqual(metadataKeys)
  })

  it('would be reported if one was missing', () => {
    expect(inCode('no_such_code')).toBe(false)
  })
})
