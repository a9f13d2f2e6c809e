/**
 * Lists of variants, by name.
 * @module
 */
import { sixtyAccounts } from './lists/many-accounts'
import { sixHundredConnections } from './lists/many-connections'
import { oddMetadata, tooMuchMetadata } from './lists/metadata'
import { fewRedirects, redirects } from './lists/redirects'
import { scripts } from './lists/scripts'
import { longStates, states } from './lists/states'
import { waysBack } from './lists/ways-back'

/** Sets of values for the `$names` of a case. */
export const LISTS: Record<string, () => Record<string, unknown>[]> = {
  fewRedirects,
  'long states': longStates,
  oddMetadata,
  redirects,
  scripts,
  'six hundred connections': sixHundredConnections,
  'sixty accounts': sixtyAccounts,
  'sixty long accounts': () => sixtyAccounts('x'.repeat(160)),
  states,
  tooMuchMetadata,
  'ways back': waysBack,
}
