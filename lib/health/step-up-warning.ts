/**
 * What the operator has to be told of step-ups: the tenant was asked for a second factor, and did not ask the person for it.
 * @module
 */
import 'server-only'
import { memoizeFor } from '../store/memoize-for'
import { orFallback } from '../store/or-fallback'
import { store } from '../store/store'

const STEP_UP_KEY = 'noted:step_up_without_factor'
/** How long it is remembered, in seconds. */
const STEP_UP_NOTE_SECONDS = 7 * 86_400
/** How long a finding is kept in this process, in milliseconds. */
const STEP_UP_CACHE_MS = 5_000

/** Remembers for a week that a person came back without the factor twice, or forgets it: the last one came back with it. */
export async function noteStepUp({ hasFactor }: { hasFactor: boolean }): Promise<void> {
  const done = hasFactor ? store().delete(STEP_UP_KEY) : store().set(STEP_UP_KEY, '1', STEP_UP_NOTE_SECONDS)
  await orFallback(done, undefined)
}

/** Whether that is remembered. Looked at once in five seconds, however many ask; what cannot be read is not remembered. */
export function findsStepUpWithoutFactor(): Promise<boolean> {
  return memoizeFor('step-up-warning', STEP_UP_CACHE_MS, async () =>
    Boolean(await orFallback(store().get(STEP_UP_KEY), undefined)),
  )
}
