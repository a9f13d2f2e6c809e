import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Answers } from '@/tenant/world/options'
import { tableOf, withBlock } from '../support/written-block'

const PAGE = 'docs/local-tenant.md'
const questions = Object.entries(Answers.shape)

describe(PAGE, () => {
  // To write it again: npx vitest run --project units tests/docs/local-tenant.test.ts -u
  it('has every open question of the tenant, with its default', async () => {
    const rows = questions.map(([name, schema]) => [
      `\`${name}\``,
      `\`${JSON.stringify(schema.parse(undefined))}\``,
      schema.description ?? '',
    ])
    const table = tableOf(['answer', 'default', 'question'], rows)
    const written = withBlock(readFileSync(PAGE, 'utf8'), 'the options of the local tenant', table)
    await expect(written).toMatchFileSnapshot(`../../${PAGE}`)
  })

  it('says what each of them is', () => {
    expect(questions.filter(([, { description }]) => !description)).toEqual([])
  })
})
