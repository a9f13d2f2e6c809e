/**
 * The services of the page "Sign-in methods" for tests.
 * @module
 */
import { loadAccountWork } from '@/app/_account-work'
import { services as ofApp } from '@/app/settings/_services'
import { createSignInServices, type SignInServices } from '@/lib/sign-in-methods/services'
import { onConfigure, settings } from './services'

export { configure, configurePolicy } from './services'

/**
 * Services for the functions under test.
 *
 * @param environment - Variables that override the environment: see `settings` in `services.ts`.
 */
export const services = (environment: Record<string, string | undefined> = {}): SignInServices =>
  createSignInServices(settings(environment), loadAccountWork)

onConfigure(() => Object.assign(ofApp(), services()))
