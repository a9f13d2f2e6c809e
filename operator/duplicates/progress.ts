/**
 * Prints the progress of a long command to standard error. It names no account.
 * @module
 */

/** How often a progress line is printed at most, in milliseconds. */
const EVERY_MS = 5_000

/** Counts what was done, and prints a progress line now and then. */
export class Progress {
  /** How many pairs or accounts are done, by outcome. */
  readonly counts = new Map<string, number>()
  readonly #since = performance.now()
  #said = performance.now()

  /**
   * @param total - How many pairs or accounts there are to do.
   * @param say - Prints a line.
   * @param what - The plural noun for what is counted.
   */
  constructor(
    readonly total: number,
    private readonly say: (line: string) => void = (line) => console.error(line),
    private readonly what = 'pairs',
  ) {}

  get done(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0)
  }

  /** Counts a pair or account that is done. */
  count(outcome: string): void {
    this.counts.set(outcome, (this.counts.get(outcome) ?? 0) + 1)
    if (performance.now() - this.#said < EVERY_MS) return
    this.#said = performance.now()
    this.say(this.line())
  }

  /** The progress line: what was done, how fast, and the time left. */
  line(): string {
    const perSecond = this.done / ((performance.now() - this.#since) / 1000)
    const left = Math.max(0, this.total - this.done)
    const rest = left > 0 && perSecond > 0 ? `, ${durationInWords(left / perSecond)} left` : ''
    return `${this.done} of ${this.total} ${this.what} (${formatCounts(this.counts)}), ${perSecond.toFixed(1)} a second${rest}`
  }
}

/** Counts as text, the largest first, such as `linked 20, changed 2`. */
export const formatCounts = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')

/**
 * A duration in the largest unit that fits, such as `3 h`.
 *
 * @param seconds - The duration.
 */
export function durationInWords(seconds: number): string {
  const units: [number, string][] = [
    [86_400, 'days'],
    [3_600, 'h'],
    [60, 'min'],
  ]
  const [size, name] = units.find(([length]) => seconds >= 2 * length) ?? [1, 's']
  return `${Math.ceil(seconds / size)} ${name}`
}
