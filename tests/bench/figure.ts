/**
 * What is measured, and what it is held against.
 * @module
 */

/** One measured figure. */
export interface Figure {
  name: string
  /** What we reach, in {@link Figure.unit}. */
  ours: number
  unit: string
  /** What it is compared with, measured in the same run where it can be. */
  other?: { name: string; value: number }
  target?: Target
}

/** What a figure is to reach: of itself, or of its ratio to what it is compared with. Both ends count as reached. */
export type Target = { of: 'ours' | 'ratio' } & ({ most: number } | { least: number })

/** How a cost grows with the size of something. */
export interface Curve {
  name: string
  /** What grows. */
  of: string
  unit: string
  /** Sizes with their costs. */
  points: [size: number, cost: number][]
}

/** Everything that one part of the benchmark found out. */
export interface Findings {
  figures?: Figure[]
  curves?: Curve[]
  /** What the time under load goes to, as shares of it, the largest first. */
  shares?: [phase: string, share: number][]
}

/** Ours, as a share of what it is compared with; undefined where that is nothing. */
export const ratioOf = ({ ours, other }: Figure): number | undefined =>
  other && other.value > 0 ? ours / other.value : undefined

/** Whether a figure reaches its target; undefined where it has none. */
export function isMet(figure: Figure): boolean | undefined {
  const { target } = figure
  if (!target) return undefined
  const value = target.of === 'ours' ? figure.ours : ratioOf(figure)
  if (value === undefined) return false
  return 'most' in target ? value <= target.most : value >= target.least
}

/** The value in the middle. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/**
 * Does something several times, in turns with something else, so that both have the same weather. Once more than `times`,
 * because what is done for the first time takes longer.
 *
 * @returns The value in the middle of each.
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

/** Milliseconds that something takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
