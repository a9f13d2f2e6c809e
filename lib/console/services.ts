import 'server-only'
import type { Config, ConsoleSettings } from '../config/config'
import { type AccessTokenVerifier, createAccessTokenVerifier } from '../oidc/verify-access-token'
import { accountWork } from '../sign-in-methods/account-work'
import { toOperatorProof } from '../sign-in-methods/link-proof'
import { createSignInServices, type SignInServices } from '../sign-in-methods/services'

/** The services that the console uses: those of the page "Sign-in methods", the console's settings, and its token verifier. */
export interface ConsoleServices extends SignInServices {
  console: ConsoleSettings
  accessTokens: AccessTokenVerifier
}

/** Makes the console's services, once per process. Returns undefined if the console is not turned on. */
export function createConsoleServices(settings: Config): ConsoleServices | undefined {
  const { console } = settings
  if (!console) return undefined
  const services = createSignInServices(settings, async (all) => accountWork(all))
  const linkProof = toOperatorProof(settings)
  return { ...services, linkProof, console, accessTokens: createAccessTokenVerifier(settings) }
}
