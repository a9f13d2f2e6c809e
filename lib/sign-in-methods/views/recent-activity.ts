import 'server-only'
import type { ActivityView } from '@/components/accounts/recent-activity'
import { dateView } from '@/components/ui/date-view'
import type { Messages } from '@/lib/messages/en'
import { plainText } from '@/lib/messages/mask-email'
import { type NamedConnection, type SignInMethod, wayOfProvider } from '@/lib/messages/way-name'
import type { HistoryEntry } from '@/lib/sign-in-methods/history'
import { wayView } from '../../link-flow/views/account-views'

/**
 * The history of an account's sign-in methods, as the page shows it.
 *
 * @param known - The tenant's connections; empty if they could not be listed.
 */
export function recentActivity(
  messages: Messages,
  entries: HistoryEntry[],
  known: NamedConnection[] = [],
): ActivityView[] {
  const { history } = messages.settings
  return entries.map((entry, index) => ({
    key: String(index),
    what:
      entry.event === 'declined'
        ? history.declined({ count: entry.count ?? 1 })
        : history[entry.event]({ provider: wayView(messages, wayOf(entry, known), known).provider }),
    application: applicationOf(entry),
    date: dateView(messages, entry.at, 'minute'),
  }))
}

/** The sign-in method of an entry. Entries about ended links have a provider but no connection. */
const wayOf = ({ provider = '', connection }: HistoryEntry, known: NamedConnection[]): SignInMethod =>
  connection === undefined ? wayOfProvider(provider, known) : { provider, connection }

/** Name of the application at which something happened. Undefined if it happened on the page. */
function applicationOf({ event, way, client }: HistoryEntry): string | undefined {
  const isAtLogin = event === 'declined' || way === 'login'
  return isAtLogin && client !== undefined ? plainText(client) : undefined
}
