import type { ManagementClient } from 'auth0'
import type { ActualClient } from '../shared/actual'
import { OperatorError } from '../shared/operator-error'
import { readClients } from '../shared/tenant-reads'

/**
 * The applications with what the checks look at; `read:clients`.
 *
 * @throws {OperatorError} As `readClients`; `missing_scope` if the token may read names alone: with `read:client_summary`
 *   Auth0 answers without addresses and algorithms, which would look as if the applications had none.
 * @see {@link https://auth0.com/docs/api/management/v2/clients/get-clients Get clients}
 */
export async function readWholeClients(api: ManagementClient): Promise<ActualClient[]> {
  const clients = await readClients(api)
  // Every application has grant types, be they none.
  if (clients.length > 0 && clients.every((client) => client.grant_types === undefined))
    throw new OperatorError(
      'missing_scope',
      'The token lacks read:clients: it shows names of applications only.',
    )
  return clients
}
