/**
 * A warning for the operator about step-ups: we asked the tenant for a second factor, and it did not ask the person for it.
 * @module
 */
import 'server-only'
import { memoizeFor } from '../store/memoize-for'
import { orFallback } from '../store/or-fallback'
import type { Store } from '../store/store-contract'

const STEP_UP_KEY = 'noted:step_up_without_factor'
/** How long that is remembered, in seconds. */
const STEP_UP_NOTE_SECONDS = 7 * 86_400
/** How long a result is cached in this process, in milliseconds. */
const STEP_UP_CACHE_MS = 5_000

/** Remembers for a week that a person came back twice without the factor; forgets it once someone comes back with it. */
export async function noteStepUp(store: Store, { hasFactor }: { hasFactor: boolean }): Promise<void> {
  const done = hasFactor ? store.delete(STEP_UP_KEY) : store.set(STEP_UP_KEY, '1', STEP_UP_NOTE_SECONDS)
  await orFallback(done, undefined)
}

/** Whether that is remembered. Reads the store once in five seconds at most; if it does not answer, the result is false. */
export function findsStepUpWithoutFactor(store: Store): Promise<boolean> {
  return memoizeFor('step-up-warning', STEP_UP_CACHE_MS, async () =>
    Boolean(await orFallback(store.get(STEP_UP_KEY), undefined)),
  )
}
