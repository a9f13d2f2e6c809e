/**
 * Gets the commands access to the Management API: with the operator's credentials if they are set, otherwise with the
 * service's own.
 * @module
 */
import { ManagementClient } from 'auth0'
import type { Config } from '../../../lib/config/config'
import { tokenFor } from '../../shared/connect'
import type { Variables } from '../../shared/env-file'
import { credentialsIn } from '../../shared/settings'

/** How often an API call is retried after a 429 or a 5xx. */
const MAX_RETRIES = 6

/** Access to the Management API of a tenant. */
export interface TenantAccess {
  api: ManagementClient
  token: string
  /** Origin of the tenant's canonical domain: `https://`, without a slash at the end. */
  origin: string
  /** Host of the tenant's canonical domain. */
  host: string
}

/**
 * Gets an access token for the Management API.
 *
 * @throws {OperatorError} `tenant_unreachable` or `not_authorized`.
 */
export async function openTenant(config: Config, env: Variables): Promise<TenantAccess> {
  const { auth0Domain: login, managementDomain: management } = config
  const token = await tokenFor({ login, management, credentials: credentialsIn(env) })
  const { host, origin } = management
  const api = new ManagementClient({ domain: host, token, maxRetries: MAX_RETRIES, telemetry: false })
  return { api, token, origin, host }
}
