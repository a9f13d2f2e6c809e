import type { ManagementClient } from 'auth0'
import type { ActualClient } from '../provision/actual'
import { ProvisionError } from '../provision/provision-error'
import { readClients } from '../provision/tenant-reads'

/**
 * The applications with what the checks look at; `read:clients`.
 *
 * @throws {ProvisionError} As `readClients`; `missing_scope` if the token may read names alone: with `read:client_summary`
 *   Auth0 answers without addresses and algorithms, which would look as if the applications had none.
 * @see {@link https://auth0.com/docs/api/management/v2/clients/get-clients Get clients}
 */
export async function readWholeClients(api: ManagementClient): Promise<ActualClient[]> {
  const clients = await readClients(api)
  // Every application has grant types, be they none.
  if (clients.length > 0 && clients.every((client) => client.grant_types === undefined))
    throw new ProvisionError(
      'missing_scope',
      'The token lacks read:clients: it shows names of applications only.',
    )
  return clients
}
