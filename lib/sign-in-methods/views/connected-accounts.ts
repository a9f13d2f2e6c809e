import 'server-only'
import type { ConnectedAccount } from '@/components/accounts/connected-account-list'
import { dateView } from '@/components/ui/date-view'
import { hash12 } from '@/core'
import type { Account, AccountIdentity } from '@/lib/auth0/account'
import type { Messages } from '@/lib/messages/en'
import { isolatedName } from '@/lib/messages/mask-email'
import type { NamedConnection } from '@/lib/messages/way-name'
import { undoObstacle } from '@/lib/sign-in-methods/disconnect/undo-obstacle'
import { linkedSnapshots, type StoredSnapshot } from '@/lib/sign-in-methods/snapshots'
import type { Services } from '../../link-flow/services'
import { disconnectPath } from '../paths'
import { accountName } from './account-name'

/**
 * Makes the rows of the page from an account, the primary identity first.
 *
 * @param account - Freshly read from the tenant.
 * @param connections - The tenant's known connections, and the names of those that were deleted or are not enabled.
 * @param keep - Adds to the URL of one of our pages the parameters that it should keep, such as the return link.
 */
export async function connectedAccounts(
  services: Pick<Services, 'linkingAuthority' | 'undoPeriod'>,
  messages: Messages,
  account: Account,
  connections: Connections = { known: [], off: [] },
  keep: KeepAddress = (path) => path,
): Promise<ConnectedAccount[]> {
  const snapshots = await linkedSnapshots(account)
  const rows = await Promise.all(
    account.identities.map((identity, index) =>
      index === 0
        ? primaryRow(messages, account, identity, connections)
        : linkedRow(
            services,
            messages,
            account,
            identity,
            snapshots.find(({ snapshot }) => snapshot.user_id === identity.user_id),
            connections,
            keep,
          ),
    ),
  )
  return withUniqueNames(rows)
}

type KeepAddress = (path: `/${string}`) => string

interface Connections {
  known: NamedConnection[]
  off: string[]
}

/**
 * Makes the accessible names of links unique, so that a screen reader does not read two links alike. Adds the date of the
 * row, and a number if the dates are the same.
 */
function withUniqueNames(rows: ConnectedAccount[]): ConnectedAccount[] {
  const seen = new Map<string, number>()
  const numbered = (name: string) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name} (${count})`
  }
  const all = rows.flatMap(({ links }) => links.map(({ name }) => name))
  const isTwice = (name: string) => all.indexOf(name) !== all.lastIndexOf(name)
  return rows.map((row) => ({
    ...row,
    links: row.links.map((link) => {
      const dated = isTwice(link.name) && row.since ? `${link.name}, ${row.since}` : link.name
      return { ...link, name: numbered(dated) }
    }),
  }))
}

function remarksOn(
  { settings }: Messages,
  { connection, profile }: AccountIdentity,
  off: string[],
): string[] {
  return [
    ...(profile.blocked ? [settings.blockedThere] : []),
    ...(off.includes(connection) ? [settings.offThere] : []),
  ]
}

function primaryRow(
  messages: Messages,
  account: Account,
  identity: AccountIdentity,
  { known, off }: Connections,
): ConnectedAccount {
  const { settings } = messages
  const createdAt = Date.parse(account.created_at ?? '') / 1000
  return {
    key: 'primary',
    account: accountName(messages, identity, identity.profile, account, known),
    since: Number.isNaN(createdAt)
      ? undefined
      : settings.since({ date: dateView(messages, createdAt, 'day').text }),
    remarks: [settings.primaryMeans, ...remarksOn(messages, { ...identity, profile: {} }, off)],
    badge: settings.primary,
    links: [],
  }
}

async function linkedRow(
  services: Pick<Services, 'linkingAuthority' | 'undoPeriod'>,
  messages: Messages,
  account: Account,
  identity: AccountIdentity,
  stored: StoredSnapshot | undefined,
  { known, off }: Connections,
  keep: KeepAddress,
): Promise<ConnectedAccount> {
  const { settings } = messages
  const key = await hash12(identity.user_id)
  const name = accountName(messages, identity, identity.profile, account, known)
  const link = (label: string, isUndo: boolean) => ({
    label,
    name: settings.actOn({ act: label, account: `${name.provider}, ${name.label}` }),
    href: keep(disconnectPath(key, isUndo)),
  })
  return {
    key,
    account: name,
    since: stored ? howLinked(messages, stored) : settings.ways.unknown,
    remarks: remarksOn(messages, identity, off),
    badge: undefined,
    links: [
      link(settings.disconnect, false),
      ...((await undoObstacle(services, account, identity.user_id, stored))
        ? []
        : [link(settings.undo, true)]),
    ],
  }
}

function howLinked(messages: Messages, { snapshot }: StoredSnapshot): string {
  const { ways } = messages.settings
  const date = dateView(messages, snapshot.at, 'day').text
  const { way, client_id, client_name } = snapshot.proof
  return way === 'login'
    ? ways.login({ date, application: isolatedName(client_name ?? client_id) })
    : ways.here({ date })
}
