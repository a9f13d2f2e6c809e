/**
 * When a command stops before it is done: on Ctrl-C, or because nothing works any more.
 * @module
 */

/** Failures of this kind say nothing about the pair. */
const OUTAGES: readonly string[] = [
  ...['management_failed', 'missing_scope', 'tenant_unreachable', 'store_unavailable', 'rate_limited'],
  // Of the process that does the jobs of the queue.
  ...['operator_links_off', 'other_policy'],
]
/** So many in a row, and the command stops: it would refuse every pair. */
const MOST_OUTAGES = 10

/** Whether to stop, and why. */
export class Stop {
  /** In words; undefined if the command goes on. */
  reason: string | undefined
  #outages = 0
  readonly #onSignal = () => {
    this.reason ??= 'Stopped on request.'
    console.error('Finishing what is at hand.')
  }

  /** Listens to Ctrl-C and SIGTERM. */
  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, this.#onSignal)
  }

  /** Looks at what came of a pair. */
  look(outcome: string): void {
    this.#outages = OUTAGES.includes(outcome) ? this.#outages + 1 : 0
    if (this.#outages >= MOST_OUTAGES)
      this.reason ??= `Stopped: ${this.#outages} pairs in a row ended with ${outcome}.`
  }

  /** Listens no longer. */
  end(): void {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, this.#onSignal)
  }
}

/** Exit statuses: done, some pairs were refused, stopped before the end. */
const STATUS = { done: 0, refused: 1, stopped: 2 }

/** Says why a command stopped, if it did, and gives its exit status. */
export function conclude({ reason }: Stop, isAnyRefused: boolean): number {
  if (reason) console.error(reason)
  return reason ? STATUS.stopped : isAnyRefused ? STATUS.refused : STATUS.done
}
