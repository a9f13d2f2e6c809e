import { afterAll, describe, expect, it } from 'vitest'
import { attack } from '../attack/attack'
import { groupsOf, isRunnable, readCorpus } from '../attack/corpus'
import { Targets } from '../attack/targets'

/** Of each case; `npm run attack` plays all. */
const VARIANTS = 2

describe.each(groupsOf(readCorpus()))('attacks of group $name', ({ cases }) => {
  const targets = new Targets()
  afterAll(() => targets.close())

  it.each(cases.filter(isRunnable))('$id $threat', { timeout: 60_000 }, async (one) => {
    expect((await attack(targets, one, VARIANTS)).failures).toEqual([])
  })
})
