/**
 * Settings and services of the linking flow for tests. Each call of a function creates new ones from the environment. The
 * services of the page "Sign-in methods" are in `page-services.ts`, because they load Auth0's SDK.
 * @module
 */

import { onTestFinished } from 'vitest'
import { loadAccountWork } from '@/app/_account-work'
import { linkFlowServices as ofApp } from '@/app/_services'
import { type Config, parseConfig } from '@/lib/config/config'
import { createServices, type Services } from '@/lib/link-flow/services'
import { APP_ENVIRONMENT } from './app-environment'

let changes: Partial<Config> = {}
const listeners: (() => void)[] = [() => Object.assign(ofApp(), services())]

/**
 * The configuration for an environment.
 *
 * @param environment - Variables that override {@link APP_ENVIRONMENT} and those that the test has stubbed.
 */
export function testConfig(environment: Record<string, string | undefined> = {}): Config {
  const result = parseConfig({ ...APP_ENVIRONMENT, ...process.env, ...environment })
  if ('problems' in result) throw new Error(result.problems.join('\n'))
  return { ...result.config, ...changes }
}

/**
 * Services for the functions under test.
 *
 * @param environment - Variables as for {@link testConfig}.
 */
export const services = (environment: Record<string, string | undefined> = {}): Services =>
  createServices(testConfig(environment), loadAccountWork)

/**
 * Overrides settings until the test ends, also for the application's routes and pages.
 *
 * @param fields - The settings that matter to the test.
 */
export function configure(fields: Partial<Config>): void {
  const before = changes
  const lay = (all: Partial<Config>) => {
    changes = all
    for (const listener of listeners) listener()
  }
  lay({ ...changes, ...fields })
  onTestFinished(() => lay(before))
}

/** Overrides some of the operator's rules until the test ends. */
export const configurePolicy = (fields: Partial<Config['policy']>): void =>
  configure({ policy: { ...testConfig().policy, ...fields } })

/** Calls a listener whenever {@link configure} has changed settings. */
export function onConfigure(listener: () => void): void {
  listeners.push(listener)
}
