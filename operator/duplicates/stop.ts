/**
 * Stops a command before it is done: on Ctrl-C, or if every pair fails.
 * @module
 */

/** Outcomes that are not about the pair: the tenant, the store or the setup failed. */
const OUTAGES: readonly string[] = [
  ...['management_failed', 'missing_scope', 'tenant_unreachable', 'store_unavailable', 'rate_limited'],
  // A worker refuses a queued pair if its environment has operator links off, another tenant or other rules.
  ...['operator_links_off', 'other_policy'],
]
/** After this many such outcomes in a row the command stops, because the other pairs would fail too. */
const MOST_OUTAGES = 10

/** Whether to stop, and why. */
export class Stop {
  /** Why the command stops, as a sentence; undefined if it continues. */
  reason: string | undefined
  #outages = 0
  readonly #onSignal = () => {
    this.reason ??= 'Stopped on request.'
    console.error('Finishing what is at hand.')
  }

  /** Starts to listen for Ctrl-C and SIGTERM. */
  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, this.#onSignal)
  }

  /** Counts the outcome of a pair or account, and decides whether to stop. */
  recordOutcome(outcome: string): void {
    this.#outages = OUTAGES.includes(outcome) ? this.#outages + 1 : 0
    if (this.#outages >= MOST_OUTAGES)
      this.reason ??= `Stopped: ${this.#outages} pairs in a row ended with ${outcome}.`
  }

  /** Stops listening for signals. */
  end(): void {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, this.#onSignal)
  }
}

/** Exit statuses: done, some pairs were refused, stopped before the end. */
const STATUS = { done: 0, refused: 1, stopped: 2 }

/** Prints why a command stopped early, if it did, and returns the exit status. */
export function conclude({ reason }: Stop, isAnyRefused: boolean): number {
  if (reason) console.error(reason)
  return reason ? STATUS.stopped : isAnyRefused ? STATUS.refused : STATUS.done
}
