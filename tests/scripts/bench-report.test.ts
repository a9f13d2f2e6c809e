import { describe, expect, it } from 'vitest'
import { chartOf } from '../campaigns/bench/chart'
import { type Figure, inTurns, isMet, median, ratioOf } from '../campaigns/bench/figure'
import { tableOf } from '../campaigns/bench/report'

const aFigure = (fields: Partial<Figure> = {}): Figure => ({
  name: 'calls',
  ours: 2,
  unit: 'calls',
  ...fields,
})
const other = { name: 'a lookup each', value: 8 }

describe('isMet', () => {
  it.each<[string, Figure['target'], boolean | undefined]>([
    ['there is no target', undefined, undefined],
    ['it equals the most allowed', { of: 'ours', most: 2 }, true],
    ['it is more than allowed', { of: 'ours', most: 1.9 }, false],
    ['it equals the least required', { of: 'ours', least: 2 }, true],
    ['it is less than required', { of: 'ours', least: 2.1 }, false],
    ['its ratio equals the most allowed', { of: 'ratio', most: 0.25 }, true],
    ['its ratio is more than allowed', { of: 'ratio', most: 0.2 }, false],
    ['its ratio is less than required', { of: 'ratio', least: 0.3 }, false],
  ])('returns the result if %s', (_what, target, expected) => {
    expect(isMet(aFigure({ other, ...(target && { target }) }))).toBe(expected)
  })

  it('does not count a target for a ratio as met if there is nothing to compare with', () => {
    const target = { of: 'ratio', most: 1 } as const
    expect(isMet(aFigure({ target }))).toBe(false)
    expect(ratioOf(aFigure({ other: { name: 'nothing', value: 0 } }))).toBeUndefined()
  })
})

describe('tableOf', () => {
  it('shows the measured value, the value it is compared with, the target, and whether it is met', () => {
    const [, , row] = tableOf([aFigure({ other, target: { of: 'ratio', most: 0.2 } })]).split('\n')
    expect(row?.split('|').map((cell) => cell.trim())).toEqual([
      '',
      'calls',
      '2 calls',
      'a lookup each: 8 calls',
      '0.25',
      'ratio ≤ 0.2',
      'not met',
      '',
    ])
  })
})

describe('chartOf', () => {
  it('draws a bar for each comparison, and marks a target that is not met', () => {
    const missed = aFigure({ name: '<b>', other, target: { of: 'ours', most: 1 } })
    const svg = chartOf({ figures: [missed, aFigure({ other }), aFigure()], curves: [] })
    expect(svg.match(/class="(bar|missed|none)"/g)).toEqual(['class="missed"', 'class="none"'])
    expect(svg).not.toContain('<b>')
  })
})

describe('inTurns', () => {
  it('returns the median of each, without the first measurement', async () => {
    const [ours, others] = [
      [100, 1, 5, 3],
      [100, 2, 2, 9],
    ].map((values) => values.values())
    const next = (values?: Iterator<number>) => async () => values?.next().value as number
    expect(await inTurns(3, { ours: next(ours), other: next(others) })).toEqual({ ours: 3, other: 2 })
    expect(median([3, 1, 2])).toBe(2)
  })
})
