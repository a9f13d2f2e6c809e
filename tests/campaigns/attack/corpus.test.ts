import { describe, expect, it } from 'vitest'
import { fill, groupsOf, isRunnable, type RunnableCase, readCorpus, type Variant, variantsOf } from './corpus'
import { LISTS } from './lists'

/** The number of rows in each group. */
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

/** Every text in something, those of objects' keys too. */
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

  it('runs nearly all of them, and says how to check the others', () => {
    const others = corpus.filter((one) => !isRunnable(one))
    expect(others.length).toBeLessThanOrEqual(15)
  })

  it('has variants in every case that names them', () => {
    for (const one of corpus.filter(isRunnable)) expect(variantsOf(one).length, one.id).toBeGreaterThan(0)
  })

  it('leaves no name of a value as it is, because within a text it needs braces', () => {
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
  it('replaces names by values, as whole texts, within texts and in keys, and leaves other names alone', () => {
    const part = '$' + '{A}'
    const template = { [part]: ['$B', `x${part}y`, '$C', { deep: '$B' }], n: 5 }
    expect(fill(template, { A: 'a', B: { b: 1 } })).toEqual({
      a: [{ b: 1 }, 'xay', '$C', { deep: { b: 1 } }],
      n: 5,
    })
  })
})
