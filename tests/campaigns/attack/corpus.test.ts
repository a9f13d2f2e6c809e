import { describe, expect, it } from 'vitest'
import { fill, groupsOf, isRunnable, type RunnableCase, readCorpus, type Variant, variantsOf } from './corpus'
import { LISTS } from './lists'

/** The number of rows in each group from A to P. A row is one attack; its cases are `A03`, `A03b` and so on. */
const ROWS = {
  A: 40,
  B: 24,
  C: 30,
  D: 24,
  E: 20,
  F: 32,
  G: 25,
  H: 14,
  I: 19,
  J: 14,
  K: 13,
  L: 15,
  M: 24,
  N: 6,
  O: 11,
  P: 37,
}
const corpus = readCorpus()

/** The names of the values that tell the variants of a case apart. */
function namesOf({ each = [] }: RunnableCase): string[] {
  const sets = typeof each === 'string' ? (LISTS[each]?.() ?? []) : each
  return [...new Set(sets.flatMap(Object.keys))]
}

/** Every string in a value, including the keys of objects. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) => [key, ...textsOf(each)])
}

describe('the corpus', () => {
  it.each(Object.entries(ROWS))('has a case for each row of group %s, %d of them', (name, count) => {
    const group = groupsOf(corpus).find((each) => each.name === name)
    const rows = new Set(group?.cases.map(({ id }) => id.slice(0, 3)))
    const expected = Array.from({ length: count }, (_, index) => name + String(index + 1).padStart(2, '0'))
    expect([...rows].sort()).toEqual(expected)
  })

  it('has at most 15 cases that cannot run here, each with another way to check it', () => {
    const others = corpus.filter((one) => !isRunnable(one))
    expect(others.length).toBeLessThanOrEqual(15)
  })

  it('has at least one variant of every case that can run', () => {
    for (const one of corpus.filter(isRunnable)) expect(variantsOf(one).length, one.id).toBeGreaterThan(0)
  })

  it('puts a `$name` that is only part of a text into braces, because it is not replaced otherwise', () => {
    const left = corpus.filter(isRunnable).flatMap((one) => {
      const [{ steps, expect: expected, world }] = variantsOf(one) as [Variant]
      const names = [...namesOf(one), 'N']
      const isLeft = (text: string) =>
        names.some((name) => new RegExp(`.\\$${name}\\b|\\$${name}\\b.`).test(text))
      return textsOf([steps, expected, world])
        .filter(isLeft)
        .map((text) => `${one.id}: ${text}`)
    })
    expect(left).toEqual([])
  })
})

describe('fill', () => {
  it('replaces names by values, as whole texts, within texts and in keys, and keeps names without a value', () => {
    const part = '$' + '{A}'
    const template = { [part]: ['$B', `x${part}y`, '$C', { deep: '$B' }], n: 5 }
    expect(fill(template, { A: 'a', B: { b: 1 } })).toEqual({
      a: [{ b: 1 }, 'xay', '$C', { deep: { b: 1 } }],
      n: 5,
    })
  })
})
