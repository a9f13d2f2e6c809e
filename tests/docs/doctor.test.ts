import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CATALOGUE } from '@/operator/doctor/catalogue'
import { tableOf, withBlock } from '../support/docs/written-block'

const PAGE = 'docs/doctor.md'
const page = readFileSync(PAGE, 'utf8')

/** The fix for a code: the last cell of its row in the page, and the only one that is written by hand. */
const fixOf = (code: string) =>
  page
    .split('\n')
    .find((line) => line.startsWith(`| \`${code}\` |`))
    ?.split('|')
    .at(-2)
    ?.trim() ?? ''

describe(PAGE, () => {
  // To write the page again: npx vitest run --project units tests/docs/doctor.test.ts -u
  it('has every code of the catalogue, with its severity and why it matters', async () => {
    const rows = Object.entries(CATALOGUE).map(([code, { severity, why }]) => [
      `\`${code}\``,
      severity,
      why.replace(/\.$/, ''),
      fixOf(code),
    ])
    const table = tableOf(['code', 'severity', 'why it matters', 'fix'], rows)
    await expect(withBlock(page, "the doctor's catalogue", table)).toMatchFileSnapshot(`../../${PAGE}`)
  })

  it('has a fix for every code', () => {
    expect(Object.keys(CATALOGUE).filter((code) => fixOf(code) === '')).toEqual([])
  })
})
