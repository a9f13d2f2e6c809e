/**
 * The services of the page "Sign-in methods" for tests.
 * @module
 */
import { loadAccountWork } from '@/app/_account-work'
import { signInServices as ofApp } from '@/app/settings/_services'
import { createSignInServices, type SignInServices } from '@/lib/sign-in-methods/services'
import { onConfigure, testConfig } from './services'

export { configure, configurePolicy } from './services'

/**
 * Services for the functions under test.
 *
 * @param environment - Variables that override the environment: see `settings` in `services.ts`.
 */
export const services = (environment: Record<string, string | undefined> = {}): SignInServices =>
  createSignInServices(testConfig(environment), loadAccountWork)

onConfigure(() => Object.assign(ofApp(), services()))
