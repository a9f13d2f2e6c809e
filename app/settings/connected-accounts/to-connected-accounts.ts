import type { ConnectedAccount, ProviderMarkName } from '@/components/accounts/connected-account'
import type { Account, AccountIdentity } from '@/lib/auth0/account'
import { snapshotKeyOf } from '@/lib/linking'

const PROVIDERS: Record<string, { name: string; mark: ProviderMarkName }> = {
  auth0: { name: 'E-mail and password', mark: 'password' },
  email: { name: 'E-mail code', mark: 'email' },
  sms: { name: 'Text message code', mark: 'phone' },
  'google-oauth2': { name: 'Google', mark: 'google' },
  github: { name: 'GitHub', mark: 'github' },
  apple: { name: 'Apple', mark: 'apple' },
}

/**
 * Reshapes a user into the rows of the page, primary first.
 *
 * @param account - The user as just read.
 */
export function toConnectedAccounts(account: Account): Promise<ConnectedAccount[]> {
  return Promise.all(
    account.identities.map(async (identity, index) => {
      const isPrimary = index === 0
      // A provider without a name of its own is a company's: people know it by the connection's name.
      const provider = PROVIDERS[identity.provider] ?? {
        name: identity.connection,
        mark: 'enterprise' as const,
      }
      const names = isPrimary ? account : identity.profileData
      return {
        key: String(index),
        providerName: provider.name,
        mark: provider.mark,
        label: names?.email ?? names?.username ?? names?.phone_number ?? names?.nickname ?? names?.name,
        since: isPrimary ? validDate(account.created_at) : await linkedAt(account, identity),
        isPrimary,
      }
    }),
  )
}

/** When the identity was linked, by the snapshot the link left; an identity linked by other means has none. */
async function linkedAt(account: Account, identity: AccountIdentity): Promise<string | undefined> {
  const snapshot = account.app_metadata[await snapshotKeyOf(`${identity.provider}|${identity.user_id}`)]
  if (typeof snapshot !== 'object' || snapshot === null || !('at' in snapshot)) return undefined
  return typeof snapshot.at === 'number' ? validDate(snapshot.at * 1000) : undefined
}

function validDate(time: string | number | undefined): string | undefined {
  if (time === undefined) return undefined
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
