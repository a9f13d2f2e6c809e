import { onTestFinished } from 'vitest'
import { type Config, config } from '@/lib/config/config'

/**
 * Lays settings over the configuration until the test has ended: reading it anew would take a new copy of every module.
 *
 * @param changes - What matters to the test.
 */
export function configure(changes: Partial<Config>): void {
  const before = { ...config() }
  Object.assign(config(), changes)
  onTestFinished(() => {
    Object.assign(config(), before)
  })
}

/** Adds to the operator's rules until the test has ended. */
export const configurePolicy = (changes: Partial<Config['policy']>): void =>
  configure({ policy: { ...config().policy, ...changes } })
