import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ZodType } from 'zod'
import { LOGIN_OPTIONS, OPTION_WORDS, POLICY_OPTIONS, type PolicyOption, SECRET_PREFIX } from '@/core'
import { Environment } from '@/lib/config/environment'

const PAGE = 'docs/configuration.md'
const ENVIRONMENT = '<!-- written from lib/config/environment.ts -->'
const OPTIONS = '<!-- written from core/rules/policy-options.ts -->'
const END = '<!-- end -->'
const RULES: readonly PolicyOption[] = Object.values(POLICY_OPTIONS)

/** What the schema says of its variables, as a table in Markdown. */
function tableOf(shape: Record<string, ZodType>): string {
  const rows = Object.entries(shape).map(([name, schema]) =>
    [`\`${name}\``, needOf(name, schema), valuesOf(name, schema), linked(schema.description ?? '')].join(
      ' | ',
    ),
  )
  return inMarkdown(['variable | default | values | meaning', '--- | --- | --- | ---', ...rows])
}

/** The options of the Action, as a table in Markdown. */
function tableOfOptions(): string {
  const options = Object.values({ ...POLICY_OPTIONS, ...LOGIN_OPTIONS })
  const rows = options.map((option) =>
    [
      `\`${SECRET_PREFIX}${option.name}\``,
      defaultOf(option),
      wordsOf(option),
      linked(OPTION_WORDS[option.name]),
      unreadableAs(option),
    ].join(' | '),
  )
  return inMarkdown([
    'secret | default | values | meaning | text that cannot be read',
    '--- | --- | --- | --- | ---',
    ...rows,
  ])
}

const inMarkdown = (rows: string[]): string =>
  rows.map((row) => `| ${row} |`.replace(/ {2,}/g, ' ')).join('\n')

/** The words of an option, with a link to how lists of connections are written. */
const linked = (words: string): string =>
  words.replace(/^(which account stays|providers and connections)/, '[$1](#lists-of-connections)')

const defaultOf = ({ default: usual }: PolicyOption): string => (usual ? `\`${usual}\`` : 'none')
const wordsOf = ({ values = [] }: PolicyOption): string => values.map((value) => `\`${value}\``).join(', ')

/** What the Action makes of text that it cannot read. */
function unreadableAs(option: PolicyOption): string {
  switch (option.kind) {
    case 'allow':
      return 'such an entry grants nothing'
    case 'deny':
      return 'such an entry forbids whatever it may mean'
    case 'keys':
    case 'text':
      return ''
    default:
      return `\`${option.unknown ?? option.default}\``
  }
}

function needOf(name: string, schema: ZodType): string {
  const rule = RULES.find((each) => each.name === name)
  if (rule) return defaultOf(rule)
  const { success, data } = schema.safeParse(undefined)
  if (!success) return '**needed**'
  if (data === undefined) return ''
  const value = String(data)
  return value === '' ? 'none' : `\`${value}\``
}

/** The values that a variable may have, if they can be listed. */
function valuesOf(name: string, schema: ZodType): string {
  const rule = RULES.find((each) => each.name === name)
  if (rule) return wordsOf(rule)
  const inner = 'unwrap' in schema && typeof schema.unwrap === 'function' ? schema.unwrap() : schema
  return 'options' in inner ? inner.options.map((option: string) => `\`${option}\``).join(', ') : ''
}

/** A page with a table in place of what stands between a mark and the end after it. */
function withTable(page: string, mark: string, table: string): string {
  const [before = '', rest = ''] = page.split(mark)
  return `${before}${mark}\n${table}\n${rest.slice(rest.indexOf(END))}`
}

describe('docs/configuration.md', () => {
  // Write it again with: npx vitest run --project units tests/docs/configuration.test.ts -u
  it('is what the schema and the table of rules say', async () => {
    const page = readFileSync(PAGE, 'utf8')
    const written = withTable(
      withTable(page, ENVIRONMENT, tableOf(Environment.shape)),
      OPTIONS,
      tableOfOptions(),
    )
    await expect(written).toMatchFileSnapshot(`../../${PAGE}`)
  })

  it('says of every variable what it is for', () => {
    const silent = Object.entries(Environment.shape).filter(([, schema]) => !schema.description)
    expect(silent.map(([name]) => name)).toEqual([])
  })
})
