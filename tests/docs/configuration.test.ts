import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ZodType } from 'zod'
import { readSettings } from '@/action/settings'
import { LOGIN_OPTIONS, OPTION_WORDS, POLICY_OPTIONS, type PolicyOption, SECRET_PREFIX } from '@/core'
import { Environment } from '@/lib/config/environment'
import { tableOf, withBlock } from '../support/docs/written-block'

const PAGE = 'docs/configuration.md'
const RULES: readonly PolicyOption[] = Object.values(POLICY_OPTIONS)
const page = readFileSync(PAGE, 'utf8')

/** A table row for each variable of a schema. */
const variables = (shape: Record<string, ZodType>) =>
  Object.entries(shape).map(([name, schema]) => [
    `\`${name}\``,
    needOf(name, schema),
    valuesOf(name, schema),
    linked(schema.description ?? ''),
  ])

/** A table row for each option of the Action. */
const secrets = () =>
  Object.values({ ...POLICY_OPTIONS, ...LOGIN_OPTIONS }).map((option) => [
    `\`${SECRET_PREFIX}${option.name}\``,
    defaultOf(option),
    wordsOf(option),
    linked(OPTION_WORDS[option.name]),
    unreadableAs(option),
  ])

/** The description of an option, with links to the section about lists of connections and to the page about rights. */
const linked = (words: string): string =>
  words
    .replace(/^(which account stays|providers and connections)/, '[$1](#lists-of-connections)')
    .replace(/^(what becomes of roles)/, '[$1](reference/rights.md)')

const defaultOf = ({ default: usual }: PolicyOption): string => (usual ? `\`${usual}\`` : 'none')
const wordsOf = ({ values = [] }: PolicyOption): string => values.map((value) => `\`${value}\``).join(', ')

/** How the Action treats text that it cannot read in an option. */
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

/** The names of all secrets that the Action reads, recorded while it reads its settings. */
function secretsRead(): string[] {
  const names = new Set<string>()
  const recording = new Proxy<Record<string, string>>(
    {},
    {
      get: (_secrets, name) => {
        names.add(String(name))
        return 'x'
      },
    },
  )
  readSettings(recording)
  return [...names]
}

describe('docs/configuration.md', () => {
  // To write the page again: npx vitest run --project units tests/docs/configuration.test.ts -u
  it('has the tables that follow from the schema and the rules', async () => {
    const environment = tableOf(['variable', 'default', 'values', 'meaning'], variables(Environment.shape))
    const options = tableOf(['secret', 'default', 'values', 'meaning', 'text that cannot be read'], secrets())
    const written = withBlock(
      withBlock(page, 'the schema of the environment', environment),
      'core/rules/policy-options.ts',
      options,
    )
    await expect(written).toMatchFileSnapshot(`../../${PAGE}`)
  })

  it('describes every variable', () => {
    const silent = Object.entries(Environment.shape).filter(([, schema]) => !schema.description)
    expect(silent.map(([name]) => name)).toEqual([])
  })

  it('names every secret that the Action reads', () => {
    expect(secretsRead()).toEqual(expect.arrayContaining(['MANAGEMENT_API_DOMAIN', 'ACCOUNT_LINKING_MODE']))
    expect(secretsRead().filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })
})
