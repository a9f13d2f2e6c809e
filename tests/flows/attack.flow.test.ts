import { afterAll, describe, expect, it } from 'vitest'
import { attempt } from '../attack/attack'
import { groupsOf, isRunnable, readCorpus, variantsOf } from '../attack/corpus'
import { Targets } from '../attack/targets'

/** Tokens and answers, the first variant of each case; `npm run attack` plays everything. */
const groups = groupsOf(readCorpus()).filter(({ name }) => 'AD'.includes(name))

describe.each(groups)('attacks of group $name', ({ cases }) => {
  const targets = new Targets()
  afterAll(() => targets.close())

  it.each(cases.filter(isRunnable))('$id $threat', async (one) => {
    const [variant] = variantsOf(one)
    expect(variant).toBeDefined()
    if (variant) await attempt(await targets.of(one), variant)
  })
})
