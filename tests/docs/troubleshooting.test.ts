import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  ACTION_REASONS,
  type CodeEntry,
  PAGE_CODES,
  SETTINGS_CODES,
  SHARED_REASONS,
} from '@/operator/shared/code-catalogue'
import { tableOf, withBlock } from '../support/written-block'

const PAGE = 'docs/troubleshooting.md'
const SOURCE = 'operator/shared/code-catalogue.ts'
const HEAD = ['code', 'what happened', 'what to do']

const rowsOf = (entries: Record<string, CodeEntry>) =>
  Object.entries(entries).map(([code, { what, fix }]) => [`\`${code}\``, what, fix])
const shared = SHARED_REASONS.map((code) => `\`${code}\``).join(', ')

describe(PAGE, () => {
  // To write it again: npx vitest run --project units tests/docs/troubleshooting.test.ts -u
  it('is what the catalogue of codes says', async () => {
    const tables = {
      pages: tableOf(HEAD, rowsOf(PAGE_CODES)),
      settings: tableOf(HEAD, [
        ...rowsOf(SETTINGS_CODES),
        [shared, "As in [the Action's log](#reasons-in-the-actions-log)", ''],
      ]),
      action: tableOf(['reason', ...HEAD.slice(1)], rowsOf(ACTION_REASONS)),
    }
    const written = Object.entries(tables).reduce(
      (text, [name, table]) => withBlock(text, `${SOURCE}: ${name}`, table),
      readFileSync(PAGE, 'utf8'),
    )
    await expect(written).toMatchFileSnapshot(`../../${PAGE}`)
  })

  it('explains every code', () => {
    for (const entries of [PAGE_CODES, SETTINGS_CODES, ACTION_REASONS])
      expect(Object.entries(entries).filter(([, { what }]) => what === '')).toEqual([])
  })
})
