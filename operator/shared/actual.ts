/**
 * What there is: at the tenant, in the service's environment, and in what earlier runs remember.
 * @module
 */
import type { Variables } from './env-file'

/** An application, as far as it is compared. */
export interface ActualClient {
  client_id: string
  name: string
  client_metadata: Record<string, string>
  [field: string]: unknown
}

/** A client grant for the application itself; what users may grant it is another grant, and none of ours. */
export interface ActualGrant {
  id: string
  client_id: string
  audience: string
  /** Empty if the grant has every scope of the API. */
  scope: string[]
  /** Whether it has every scope of the API, those that come later included. */
  hasAllScopes: boolean
}

/** A connection that logs people in, and the applications it is enabled for. */
export interface ActualConnection {
  id: string
  name: string
  strategy: string
  clients: string[]
  /** Of the provider; absent where the token may not read them. */
  options?: Record<string, unknown>
}

/** An Action. Its secrets are names; nobody can read their values. */
export interface ActualAction {
  id: string
  name: string
  code: string
  runtime: string
  dependencies: { name: string; version: string }[]
  secrets: string[]
  /** Id of the version that logins run. */
  deployedVersion: string | undefined
  /** Whether that version is the Action as it stands. */
  isDeployed: boolean
}

/** A place in the post-login trigger. */
export interface ActualBinding {
  id: string
  actionId: string
  /** Of the Action. */
  name: string
}

/** What a tenant holds. */
export interface ActualTenant {
  clients: ActualClient[]
  grants: ActualGrant[]
  connections: ActualConnection[]
  actions: ActualAction[]
  bindings: ActualBinding[]
}

/** Everything that a plan is made from beside what is desired. */
export interface Actual extends ActualTenant {
  env: Variables
  /** Fingerprints of the Action's secrets as they were set last, by name. */
  fingerprints: Record<string, string>
}
