/**
 * The services for repairing accounts and ending their sessions, on the page "Sign-in methods" and in background jobs.
 * @module
 */
import 'server-only'
import { AccountApi } from '../auth0/account-api'
import type { Services } from '../link-flow/services'
import { type PageProof, toPageProof } from './link-proof'

/** The settings of this installation, and the services made from them. */
export interface AccountServices extends Services {
  /** Recorded with each link and unlink: how ownership was proven, and the application. By default, those of the page. */
  linkProof: PageProof
  /** Makes a client of the Management API. All its calls share one deadline, so make one for each piece of work. */
  managementApi(): AccountApi
  /** How long locks on accounts last, in seconds, if the work may take longer than a request; 20 by default. */
  lockSeconds?: number
}

/** Makes the services of background jobs. These use the service's own token, never a person's. */
export const toAccountServices = (services: Services): AccountServices => ({
  ...services,
  linkProof: toPageProof(services),
  managementApi: () => new AccountApi(services.authorities.server()),
})
