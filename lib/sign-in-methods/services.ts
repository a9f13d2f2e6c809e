/**
 * What the page "Sign-in methods" works with: the services of the redirect flow, and the Management API. They are apart because the
 * redirect flow does not load the SDK.
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
   * A client of the Management API, under one deadline: make one for each request.
   *
   * @param authority - Whose token the calls carry; our own by default.
   * @param beforeCall - Runs before each call.
   */
  managementApi(authority?: Authority, beforeCall?: (subject: CallSubject) => Promise<void>): ManagementApi
}

/** What calls of the Management API for a session, and ending what is open elsewhere, need. */
export type CallServices = Pick<
  SignInServices,
  'authorities' | 'jobs' | 'linkingAuthority' | 'managementApi' | 'store'
>

/**
 * Makes the services of one process. It opens no connection.
 *
 * @param accountWork - Loads what background work does with accounts.
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
