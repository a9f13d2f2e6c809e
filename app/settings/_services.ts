import 'server-only'
import { loadAccountWork } from '@/app/_account-work'
import '@/app/_library'
import { config } from '@/lib/config/config'
import { createSignInServices, type SignInServices } from '@/lib/sign-in-methods/services'

let made: SignInServices | undefined

/**
 * The services of the page "Sign-in methods". They are made on first use, because there is no environment during the build.
 *
 * @throws {Error} If the environment is unusable.
 */
export function signInServices(): SignInServices {
  made ??= createSignInServices(config(), loadAccountWork)
  return made
}
