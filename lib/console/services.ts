import 'server-only'
import type { Config, ConsoleSettings } from '../config/config'
import { type AccessTokenVerifier, createAccessTokenVerifier } from '../oidc/verify-access-token'
import { accountWork } from '../sign-in-methods/account-work'
import { toOperatorProof } from '../sign-in-methods/link-proof'
import { createSignInServices, type SignInServices } from '../sign-in-methods/services'

/** What the console works with: the services of the page "Sign-in methods", and who may use the console. */
export interface ConsoleServices extends SignInServices {
  console: ConsoleSettings
  accessTokens: AccessTokenVerifier
}

/** Makes the services of one process, or undefined if the operator has not turned the console on. */
export function createConsoleServices(settings: Config): ConsoleServices | undefined {
  const { console } = settings
  if (!console) return undefined
  const services = createSignInServices(settings, async (all) => accountWork(all))
  const linkProof = toOperatorProof(settings)
  return { ...services, linkProof, console, accessTokens: createAccessTokenVerifier(settings) }
}
