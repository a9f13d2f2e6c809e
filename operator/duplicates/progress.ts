/**
 * What a long command says while it runs, on the standard error output. It names no account.
 * @module
 */

/** How often, in milliseconds. */
const EVERY_MS = 5_000

/** Counts what was done, and says so now and then. */
export class Progress {
  /** By outcome. */
  readonly counts = new Map<string, number>()
  readonly #since = performance.now()
  #said = performance.now()

  /**
   * @param total - Pairs there are to do.
   * @param say - Prints a line.
   * @param what - What is counted.
   */
  constructor(
    readonly total: number,
    private readonly say: (line: string) => void = (line) => console.error(line),
    private readonly what = 'pairs',
  ) {}

  get done(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0)
  }

  /** Counts a pair. */
  count(outcome: string): void {
    this.counts.set(outcome, (this.counts.get(outcome) ?? 0) + 1)
    if (performance.now() - this.#said < EVERY_MS) return
    this.#said = performance.now()
    this.say(this.line())
  }

  /** What was done, how fast, and what is left. */
  line(): string {
    const perSecond = this.done / ((performance.now() - this.#since) / 1000)
    const left = Math.max(0, this.total - this.done)
    const rest = left > 0 && perSecond > 0 ? `, ${durationInWords(left / perSecond)} left` : ''
    return `${this.done} of ${this.total} ${this.what} (${inWords(this.counts)}), ${perSecond.toFixed(1)} a second${rest}`
  }
}

/** Counts by name, the largest first: `linked 20, changed 2`. */
export const inWords = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')

/** A time in the largest unit that fits: `3 h`. @param seconds - Its length. */
export function durationInWords(seconds: number): string {
  const units: [number, string][] = [
    [86_400, 'days'],
    [3_600, 'h'],
    [60, 'min'],
  ]
  const [size, name] = units.find(([length]) => seconds >= 2 * length) ?? [1, 's']
  return `${Math.ceil(seconds / size)} ${name}`
}
