/**
 * What repairs of accounts, and the ends of their sessions, work with: on the page, and as background work in any process.
 * @module
 */
import 'server-only'
import { AccountApi } from '../auth0/account-api'
import type { Services } from '../link-flow/services'
import { type PageProof, toPageProof } from './link-proof'

/** The settings of this installation, and the services made from them. */
export interface AccountServices extends Services {
  /** How accounts are proven and linked on the page. */
  linkProof: PageProof
  /** A client of the Management API, under one deadline: make one for each piece of work. */
  managementApi(): AccountApi
  /** Seconds for which locks on accounts hold, if the work may take longer than a request may. */
  lockSeconds?: number
}

/** The services of background work, which has our own authority only. */
export const toAccountServices = (services: Services): AccountServices => ({
  ...services,
  linkProof: toPageProof(services),
  managementApi: () => new AccountApi(services.authorities.server()),
})
