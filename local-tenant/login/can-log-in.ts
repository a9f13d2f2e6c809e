import type { StoredClient, StoredConnection } from '../model'

/**
 * Says whether a connection logs people in to an application: it is enabled for it, and not for Connected Accounts only.
 *
 * @see https://auth0.com/docs/secure/call-apis-on-users-behalf/token-vault/connected-accounts-for-token-vault
 */
export function canLogIn({ authentication, clients }: StoredConnection, client: StoredClient): boolean {
  return authentication.active && (clients?.includes(client.client_id) ?? true)
}
