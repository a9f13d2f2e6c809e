import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Answers } from '@/local-tenant/world/answers'
import { KINDS } from '@/local-tenant/world/fill-kinds'
import { OptionsChange } from '@/local-tenant/world/options'
import { tableOf, withBlock } from '../support/docs/written-block'

const PAGE = 'docs/local-tenant.md'
const questions = Object.entries(Answers.shape)
const options = Object.entries(OptionsChange.shape)

describe(PAGE, () => {
  // To write the page again: npx vitest run --project units tests/docs/local-tenant.test.ts -u
  it('has every option of the tenant, and every open question with its default', async () => {
    const rows = questions.map(([name, schema]) => [
      `\`${name}\``,
      `\`${JSON.stringify(schema.parse(undefined))}\``,
      schema.description ?? '',
    ])
    const answers = tableOf(['answer', 'default', 'question'], rows)
    const meanings = tableOf(
      ['option', 'meaning'],
      options.map(([name, schema]) => [`\`${name}\``, schema.description ?? '']),
    )
    const kinds = tableOf(
      ['kind', 'group', 'accounts', 'share of the users'],
      Object.entries(KINDS).map(([name, { meaning, isGroup, share }]) => [
        `\`${name}\``,
        isGroup ? 'yes' : 'no',
        meaning,
        `${share / 100} %`,
      ]),
    )
    const page = readFileSync(PAGE, 'utf8')
    const written = [
      ['the options of the local tenant', answers] as const,
      ['what the options of the local tenant mean', meanings] as const,
      ['the kinds of people of the local tenant', kinds] as const,
    ].reduce((text, [name, block]) => withBlock(text, name, block), page)
    await expect(written).toMatchFileSnapshot(`../../${PAGE}`)
  })

  it('describes each of them', () => {
    expect([...questions, ...options].filter(([, { description }]) => !description)).toEqual([])
  })
})
