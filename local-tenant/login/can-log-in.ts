import type { StoredClient, StoredConnection } from '../model'

/**
 * Says whether users can log in to an application through a connection. The connection must be enabled for the application,
 * and must not be for Connected Accounts only.
 *
 * @see https://auth0.com/docs/secure/call-apis-on-users-behalf/token-vault/connected-accounts-for-token-vault
 */
export function canLogIn({ authentication, clients }: StoredConnection, client: StoredClient): boolean {
  return authentication.active && (clients?.includes(client.client_id) ?? true)
}
