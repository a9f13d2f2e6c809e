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
 * Records the outcome of a step-up, that is, of a sign-in for which we asked the tenant for a second factor. With
 * `hasFactor`, it deletes the warning. Without, it stores the warning for a week: callers do that only after the same person
 * came back twice without one.
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
