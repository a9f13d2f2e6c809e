import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ZodType } from 'zod'
import { readSettings } from '@/action/settings'
import { Environment } from '@/lib/config/environment'
import { tableOf, withBlock } from '../support/written-block'

const PAGE = 'docs/configuration.md'
const HEAD = ['variable', 'default', 'values', 'meaning']
const page = readFileSync(PAGE, 'utf8')

/** What the schema says of its variables, a row for each. */
const rowsOf = (shape: Record<string, ZodType>) =>
  Object.entries(shape).map(([name, schema]) => [
    `\`${name}\``,
    needOf(schema),
    valuesOf(schema),
    schema.description ?? '',
  ])

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

/** The names of all secrets that the Action reads. */
function secretsRead(): string[] {
  const names = new Set<string>()
  const secrets = new Proxy<Record<string, string>>(
    {},
    {
      get: (_secrets, name) => {
        names.add(String(name))
        return 'x'
      },
    },
  )
  readSettings(secrets)
  return [...names]
}

describe('docs/configuration.md', () => {
  // To write it again: npx vitest run --project units tests/docs/configuration.test.ts -u
  it('is what the schema says', async () => {
    const table = tableOf(HEAD, rowsOf(Environment.shape))
    const written = withBlock(page, 'the schema of the environment', table)
    await expect(written).toMatchFileSnapshot(`../../${PAGE}`)
  })

  it('says what every variable is for', () => {
    const silent = Object.entries(Environment.shape).filter(([, schema]) => !schema.description)
    expect(silent.map(([name]) => name)).toEqual([])
  })

  it('names every secret that the Action reads', () => {
    expect(secretsRead()).toEqual(expect.arrayContaining(['MANAGEMENT_API_DOMAIN', 'ACCOUNT_LINKING_MODE']))
    expect(secretsRead().filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })
})
