/**
 * Settings, and the services of the redirect flow, for tests: made from the environment at that moment, with nothing remembered in
 * between. `page-services.ts` has those of the page "Sign-in methods", which load the SDK.
 * @module
 */

import { onTestFinished } from 'vitest'
import { loadAccountWork } from '@/app/_account-work'
import { services as ofApp } from '@/app/_services'
import { type Config, parseConfig } from '@/lib/config/config'
import { createServices, type Services } from '@/lib/link-flow/services'
import { APP_ENVIRONMENT } from './app-environment'

let changes: Partial<Config> = {}
const listeners: (() => void)[] = [() => Object.assign(ofApp(), services())]

/**
 * The configuration of an environment.
 *
 * @param environment - Variables laid over the complete environment, and over what the test has stubbed.
 */
export function settings(environment: Record<string, string | undefined> = {}): Config {
  const result = parseConfig({ ...APP_ENVIRONMENT, ...process.env, ...environment })
  if ('problems' in result) throw new Error(result.problems.join('\n'))
  return { ...result.config, ...changes }
}

/**
 * Services for the functions under test.
 *
 * @param environment - As for {@link settings}.
 */
export const services = (environment: Record<string, string | undefined> = {}): Services =>
  createServices(settings(environment), loadAccountWork)

/**
 * Lays settings over those of the environment until the test ends, for the routes and pages of the application as well.
 *
 * @param fields - What matters to the test.
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

/** Adds to the operator's rules until the test ends. */
export const configurePolicy = (fields: Partial<Config['policy']>): void =>
  configure({ policy: { ...settings().policy, ...fields } })

/** Calls a listener whenever {@link configure} has changed settings. */
export function onConfigure(listener: () => void): void {
  listeners.push(listener)
}
