import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const runbook = read('docs/runbook.md')
const [unions = ''] = read('core/errors.ts').split('export class')
const codes = [...unions.matchAll(/'(\w+)'/g)].map(([, code = '']) => code)
const tableOf = (heading: string) => runbook.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''

describe('docs/runbook.md', () => {
  it('has advice for every code', () => {
    expect(codes).toEqual(
      expect.arrayContaining(['same_account', 'last_way_in', 'internal', 'missing_scope', 'busy']),
    )
    const explained = tableOf('Codes')
    expect(codes.filter((code) => !explained.includes(`\`${code}\``))).toEqual([])
  })

  it('names the key that the command sets', () => {
    const [, key] = /const KEY = '(account-linking:[\w:]+)'/.exec(read('scripts/offer.mjs')) ?? []
    expect(tableOf('Switch offers off at once')).toContain(`SET ${key} off`)
  })

  it('names every step that is counted', () => {
    const [, steps = ''] = /step: ((?:'\w+'(?: \| )?)+)/.exec(read('lib/observability/funnel-step.ts')) ?? []
    const names = [...steps.matchAll(/'(\w+)'/g)].map(([, name]) => name)
    expect(names).toHaveLength(6)
    expect(names.filter((name) => !tableOf('Counters').includes(`| \`${name}\` |`))).toEqual([])
  })
})
