/**
 * Settings and services for tests, as the environment says at that moment, with nothing remembered in between.
 * @module
 */
import { onTestFinished } from 'vitest'
import { services as ofLinkFlow } from '@/app/_services'
import { services as ofPage } from '@/app/settings/_services'
import { type Config, parseConfig } from '@/lib/config/config'
import { createSignInServices, type SignInServices } from '@/lib/sign-in-methods/services'
import { APP_ENVIRONMENT } from './app-environment'

let changes: Partial<Config> = {}

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
export const services = (environment: Record<string, string | undefined> = {}): SignInServices =>
  createSignInServices(settings(environment))

/**
 * Lays settings over those of the environment until the test ends, for the routes and pages of the application as well.
 *
 * @param fields - What matters to the test.
 */
export function configure(fields: Partial<Config>): void {
  const before = changes
  const lay = (all: Partial<Config>) => {
    changes = all
    Object.assign(ofLinkFlow(), services())
    Object.assign(ofPage(), services())
  }
  lay({ ...changes, ...fields })
  onTestFinished(() => lay(before))
}
