import type { ManagementClient } from 'auth0'
import type { ActualClient } from '../shared/actual'
import { OperatorError } from '../shared/operator-error'
import { readClients } from '../shared/tenant-reads'

/**
 * Reads the applications with the fields that the checks need. Needs `read:clients`.
 *
 * @throws {OperatorError} The errors of `readClients`, and `missing_scope` if the token may read only names: with
 *   `read:client_summary` Auth0 leaves out URLs and algorithms, and the applications would look as if they had none.
 * @see {@link https://auth0.com/docs/api/management/v2/clients/get-clients Get clients}
 */
export async function readWholeClients(api: ManagementClient): Promise<ActualClient[]> {
  const clients = await readClients(api)
  // Every application has a list of grant types, even if it is empty.
  if (clients.length > 0 && clients.every((client) => client.grant_types === undefined))
    throw new OperatorError(
      'missing_scope',
      'The token lacks read:clients: Auth0 shows only the names of applications.',
    )
  return clients
}
