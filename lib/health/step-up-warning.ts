/**
 * What the operator has to be told of step-ups: the tenant was asked for a second factor, and did not ask the person for it.
 * @module
 */
import 'server-only'
import { keptFor } from '../store/memoize-for'
import { unlessUnavailable } from '../store/or-fallback'
import { store } from '../store/store'

const KEY = 'noted:step_up_without_factor'
/** How long it is remembered, in seconds. */
const REMEMBERED = 7 * 86_400
/** How long a finding is kept in this process, in milliseconds. */
const KEPT = 5_000

/** Remembers for a week that a person came back without the factor twice, or forgets it: the last one came back with it. */
export async function noteStepUp({ hasFactor }: { hasFactor: boolean }): Promise<void> {
  const done = hasFactor ? store().delete(KEY) : store().set(KEY, '1', REMEMBERED)
  await unlessUnavailable(done, undefined)
}

/** Whether that is remembered. Looked at once in five seconds, however many ask; what cannot be read is not remembered. */
export function findsStepUpWithoutFactor(): Promise<boolean> {
  return keptFor('step-up-warning', KEPT, async () =>
    Boolean(await unlessUnavailable(store().get(KEY), undefined)),
  )
}
