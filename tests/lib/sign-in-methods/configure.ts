import type { Config } from '@/lib/config/config'
import { configure, settings } from '../../support/services'

export { configure }

/** Adds to the operator's rules until the test ends. */
export const configurePolicy = (changes: Partial<Config['policy']>): void =>
  configure({ policy: { ...settings().policy, ...changes } })
