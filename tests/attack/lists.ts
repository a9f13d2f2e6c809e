/**
 * Variants that are expanded from lists and generators, by name.
 * @module
 */
import { sixtyAccounts } from './lists/many-accounts'

/** Sets of values for the `$names` of a case. */
export const LISTS: Record<string, () => Record<string, unknown>[]> = {
  'sixty accounts': sixtyAccounts,
  'sixty long accounts': () => sixtyAccounts('x'.repeat(160)),
}
