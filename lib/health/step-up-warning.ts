/**
 * Keeps a warning for the operator: we asked the tenant for a second factor, and the tenant did not ask the person for one.
 * @module
 */
import 'server-only'
import { memoizeFor } from '../store/memoize-for'
import { fallBackIfStoreDown } from '../store/or-fallback'
import type { Store } from '../store/store-contract'

const STEP_UP_KEY = 'noted:step_up_without_factor'
/** How long the store keeps the warning, in seconds. */
const STEP_UP_NOTE_SECONDS = 7 * 86_400
/** How long this process caches whether there is a warning, in milliseconds. */
const STEP_UP_CACHE_MS = 5_000

/**
 * Records the outcome of a step-up: stores the warning for a week if a person came back twice without a second factor, and
 * deletes it once someone comes back with one.
 */
export async function noteStepUp(store: Store, { hasFactor }: { hasFactor: boolean }): Promise<void> {
  const done = hasFactor ? store.delete(STEP_UP_KEY) : store.set(STEP_UP_KEY, '1', STEP_UP_NOTE_SECONDS)
  await fallBackIfStoreDown(done, undefined)
}

/** Whether the warning is stored. Reads the store at most once in five seconds. If the store is down, the result is false. */
export function findsStepUpWithoutFactor(store: Store): Promise<boolean> {
  return memoizeFor('step-up-warning', STEP_UP_CACHE_MS, async () =>
    Boolean(await fallBackIfStoreDown(store.get(STEP_UP_KEY), undefined)),
  )
}
