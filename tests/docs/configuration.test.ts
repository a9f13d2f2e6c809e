import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ZodType } from 'zod'
import { Environment } from '@/lib/config/environment'

const PAGE = 'docs/configuration.md'
const BEGIN = '<!-- written from lib/config/config/environment.ts -->'
const END = '<!-- end -->'

/** The variables of a schema as a Markdown table. */
function tableOf(shape: Record<string, ZodType>): string {
  const rows = Object.entries(shape).map(([name, schema]) =>
    [`\`${name}\``, needOf(schema), valuesOf(schema), schema.description ?? ''].join(' | '),
  )
  return ['variable | default | values | meaning', '--- | --- | --- | ---', ...rows]
    .map((row) => `| ${row} |`.replace(/ {2,}/g, ' '))
    .join('\n')
}

function needOf(schema: ZodType): string {
  const { success, data } = schema.safeParse(undefined)
  if (!success) return '**needed**'
  if (data === undefined) return ''
  const value = String(data)
  return value === '' ? 'none' : `\`${value}\``
}

/** The values that a variable may have, if they can be listed. */
function valuesOf(schema: ZodType): string {
  const inner = 'unwrap' in schema && typeof schema.unwrap === 'function' ? schema.unwrap() : schema
  return 'options' in inner ? inner.options.map((option: string) => `\`${option}\``).join(', ') : ''
}

describe('docs/configuration.md', () => {
  // To rewrite it: npx vitest run --project units tests/docs/configuration.test.ts -u
  it('is the table of the schema', async () => {
    const page = readFileSync(PAGE, 'utf8')
    const [before = '', rest = ''] = page.split(BEGIN)
    const after = rest.slice(rest.indexOf(END))
    await expect(`${before}${BEGIN}\n${tableOf(Environment.shape)}\n${after}`).toMatchFileSnapshot(
      `../../${PAGE}`,
    )
  })

  it('says what every variable is for', () => {
    const silent = Object.entries(Environment.shape).filter(([, schema]) => !schema.description)
    expect(silent.map(([name]) => name)).toEqual([])
  })

  it('names every secret that the Action reads', () => {
    const source = readFileSync('action/settings.ts', 'utf8')
    const read = [...source.matchAll(/\b(?:option|list|days)\('(\w+)'/g)].map(
      ([, name]) => `ACCOUNT_LINKING_${name}`,
    )
    const page = readFileSync(PAGE, 'utf8')
    expect(read.length).toBeGreaterThan(8)
    expect(read.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })
})
