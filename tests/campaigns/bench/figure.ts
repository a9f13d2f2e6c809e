/**
 * Measured figures, their comparisons and their targets.
 * @module
 */

/** One measured figure. */
export interface Figure {
  name: string
  /** Our value, in {@link Figure.unit}. */
  ours: number
  unit: string
  /** The value to compare with, measured in the same run if possible. */
  other?: { name: string; value: number }
  target?: Target
}

/**
 * The target of a figure: for its own value, or for the ratio to the value it is compared with. A value equal to the
 * target meets it.
 */
export type Target = { of: 'ours' | 'ratio' } & ({ most: number } | { least: number })

/** How a cost grows with the size of something. */
export interface Curve {
  name: string
  /** What is counted in the sizes, such as `users`. */
  of: string
  unit: string
  /** Sizes with their costs. */
  points: [size: number, cost: number][]
}

/** The results of one part of the benchmark. */
export interface Findings {
  figures?: Figure[]
  curves?: Curve[]
  /** What the process spends its time on under load, as shares, the largest first. */
  shares?: [phase: string, share: number][]
}

/** Our value divided by the one it is compared with; undefined if that is zero or missing. */
export const ratioOf = ({ ours, other }: Figure): number | undefined =>
  other && other.value > 0 ? ours / other.value : undefined

/** Whether a figure meets its target; undefined if it has none. */
export function isMet(figure: Figure): boolean | undefined {
  const { target } = figure
  if (!target) return undefined
  const value = target.of === 'ours' ? figure.ours : ratioOf(figure)
  if (value === undefined) return false
  return 'most' in target ? value <= target.most : value >= target.least
}

/** The median. Of an even number of values, it is the larger of the two in the middle. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/**
 * Runs several functions in turns, so that all of them have the same conditions. Runs each once more than `times` and
 * leaves the first run out, because it takes longer.
 *
 * @returns The median of each.
 */
export async function inTurns<Name extends string>(
  times: number,
  works: Record<Name, () => Promise<number>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(works) as Name[]
  const found = new Map(names.map((name) => [name, [] as number[]]))
  for (let time = 0; time <= times; time += 1)
    for (const name of names) {
      const value = await works[name]()
      if (time > 0) found.get(name)?.push(value)
    }
  return Object.fromEntries(names.map((name) => [name, median(found.get(name) ?? [])])) as Record<
    Name,
    number
  >
}

/** The time that a function takes, in milliseconds. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
