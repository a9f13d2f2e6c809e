/**
 * The current state of the tenant, of the service's environment, and of the journal of earlier runs.
 * @module
 */
import type { Variables } from './env-file'

/** An application, with the fields that plans compare. */
export interface ActualClient {
  client_id: string
  name: string
  client_metadata: Record<string, string>
  [field: string]: unknown
}

/** A client grant for the application itself. Grants with `subject_type` `user` (on behalf of users) are left out. */
export interface ActualGrant {
  id: string
  client_id: string
  audience: string
  /** Empty if the grant has every scope of the API. */
  scope: string[]
  /** Whether the grant has every scope of the API, including scopes that Auth0 adds later. */
  hasAllScopes: boolean
}

/** An API, with the fields that plans compare. Auth0 calls it a resource server. */
export interface ActualApi {
  id: string
  name: string
  /** The audience of the API's tokens. */
  identifier: string
  scopes: { value: string; description?: string | undefined }[]
  [field: string]: unknown
}

/** A connection that people log in with, and the ids of the applications that it is enabled for. */
export interface ActualConnection {
  id: string
  name: string
  strategy: string
  clients: string[]
  /** Options of the provider; absent if the token may not read them. */
  options?: Record<string, unknown>
}

/** An Action. `secrets` are names only, because Auth0 does not show values. */
export interface ActualAction {
  id: string
  name: string
  code: string
  runtime: string
  dependencies: { name: string; version: string }[]
  secrets: string[]
  /** Id of the version that logins run. */
  deployedVersion: string | undefined
  /** Whether the deployed version is the same as the draft. */
  isDeployed: boolean
}

/** An Action's place in the post-login trigger. */
export interface ActualBinding {
  id: string
  actionId: string
  /** Name of the Action. */
  name: string
}

/** An event stream to a webhook. Auth0 does not show its token. */
export interface ActualEventStream {
  id: string
  url: string
  isEnabled: boolean
  /** The types of events that it sends. */
  types: string[]
}

/** The contents of a tenant. */
export interface ActualTenant {
  clients: ActualClient[]
  grants: ActualGrant[]
  apis: ActualApi[]
  connections: ActualConnection[]
  actions: ActualAction[]
  bindings: ActualBinding[]
  /** Empty if they were not read, because the service does not listen to any. */
  eventStreams: ActualEventStream[]
}

/** The current state that a plan compares with the desired one. */
export interface Actual extends ActualTenant {
  env: Variables
  /** Fingerprints of the values that `apply` last set as the Action's secrets, by name. */
  fingerprints: Record<string, string>
}
