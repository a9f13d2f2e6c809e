import 'server-only'
import type { ConnectedAccount } from '@/components/accounts/connected-account'
import { canUndo } from '@/lib/accounts/return-account'
import { linkedSnapshots, type StoredSnapshot } from '@/lib/accounts/snapshots'
import type { Account, AccountIdentity } from '@/lib/auth0/account'
import { config } from '@/lib/config'
import { hash12 } from '@/lib/linking'
import { dateView } from '@/lib/messages/date-view'
import type { Messages } from '@/lib/messages/en'
import { plainText } from '@/lib/messages/mask-email'
import { disconnectPath } from '../paths'
import { accountName } from './account-name'

/**
 * Reshapes an account into the rows of the page, primary first.
 *
 * @param account - As just read.
 */
export async function connectedAccounts(messages: Messages, account: Account): Promise<ConnectedAccount[]> {
  const snapshots = await linkedSnapshots(account)
  return Promise.all(
    account.identities.map((identity, index) =>
      index === 0
        ? primaryRow(messages, account, identity)
        : linkedRow(
            messages,
            account,
            identity,
            snapshots.find(({ snapshot }) => snapshot.user_id === identity.user_id),
          ),
    ),
  )
}

function primaryRow(messages: Messages, account: Account, identity: AccountIdentity): ConnectedAccount {
  const { settings } = messages
  const createdAt = Date.parse(account.created_at ?? '') / 1000
  return {
    key: 'primary',
    account: accountName(messages, identity, identity.profile, account),
    since: Number.isNaN(createdAt) ? undefined : dateView(messages, createdAt, 'day'),
    how: undefined,
    remarks: [settings.primaryMeans],
    badge: settings.primary,
    links: [],
  }
}

async function linkedRow(
  messages: Messages,
  account: Account,
  identity: AccountIdentity,
  stored: StoredSnapshot | undefined,
): Promise<ConnectedAccount> {
  const { settings } = messages
  const key = await hash12(identity.user_id)
  const name = accountName(messages, identity, identity.profile, account)
  const link = (label: string, isUndo: boolean) => ({
    label,
    name: `${label} ${name.provider}, ${name.label}`,
    href: disconnectPath(key, isUndo),
  })
  return {
    key,
    account: name,
    since: stored && dateView(messages, stored.snapshot.at, 'day'),
    how: stored ? howLinked(messages, stored) : settings.ways.unknown,
    remarks: identity.profile.blocked ? [settings.blockedThere] : [],
    badge: undefined,
    links: [
      link(settings.disconnect, false),
      ...(stored && canUndo(stored) && config().linkingAuthority !== 'user'
        ? [link(settings.undo, true)]
        : []),
    ],
  }
}

function howLinked({ settings }: Messages, { snapshot }: StoredSnapshot): string {
  const { way, client_id, client_name } = snapshot.proof
  return way === 'login' ? settings.ways.login(plainText(client_name ?? client_id)) : settings.ways.here
}
