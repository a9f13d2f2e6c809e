/**
 * The services of the page "Sign-in methods": those of the redirect flow, and a client of the Management API. The client is
 * added here, because the redirect flow does not load Auth0's SDK.
 * @module
 */
import 'server-only'
import type { Authority } from '../auth0/authority'
import { ManagementApi } from '../auth0/management-api'
import type { CallSubject } from '../auth0/management-calls'
import type { Config } from '../config/config'
import { createServices, type LoadAccountWorkWith } from '../link-flow/services'
import type { AccountServices } from './account-services'
import { type ApiTokens, createApiTokens } from './api/access-token'
import { toPageProof } from './link-proof'

/** The settings of this installation, and the services made from them. */
export interface SignInServices extends AccountServices {
  /** Verifies the access tokens of `GET /api/sign-in-methods`. */
  apiTokens: ApiTokens
  /**
   * Makes a client of the Management API. All its calls share one deadline, so make one for each request.
   *
   * @param authority - Provides the access token of the calls; by default the service's own.
   * @param beforeCall - Runs before each API call.
   */
  managementApi(authority?: Authority, beforeCall?: (subject: CallSubject) => Promise<void>): ManagementApi
}

/** The services for Management API calls on behalf of a session, and for ending other sessions. */
export type CallServices = Pick<
  SignInServices,
  'authorities' | 'jobs' | 'linkingAuthority' | 'managementApi' | 'store'
>

/**
 * Makes the services of one process. Opens no connection.
 *
 * @param accountWork - Loads the handlers of the background jobs on accounts.
 */
export function createSignInServices(settings: Config, accountWork: LoadAccountWorkWith): SignInServices {
  const services = createServices(settings, accountWork)
  return {
    ...services,
    linkProof: toPageProof(settings),
    apiTokens: createApiTokens(settings),
    managementApi: (authority = services.authorities.server(), beforeCall) =>
      new ManagementApi(authority, beforeCall),
  }
}
