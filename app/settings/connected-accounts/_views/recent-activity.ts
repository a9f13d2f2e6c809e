import 'server-only'
import type { ActivityView } from '@/components/accounts/recent-activity'
import type { HistoryEntry } from '@/lib/accounts/history'
import { dateView } from '@/lib/messages/date-view'
import type { Messages } from '@/lib/messages/en'
import { plainText } from '@/lib/messages/mask-email'
import { providerView } from './account-name'

/** What happened to the ways into an account, in words. */
export function recentActivity(messages: Messages, entries: HistoryEntry[]): ActivityView[] {
  const { history } = messages.settings
  return entries.map((entry, index) => ({
    key: String(index),
    what:
      entry.event === 'declined'
        ? history.declined
        : history[entry.event](
            providerView(messages, { provider: entry.provider ?? '', connection: entry.provider ?? '' })
              .provider,
          ),
    where: whereOf(messages, entry),
    date: dateView(messages, entry.at, 'minute'),
  }))
}

function whereOf(
  { settings: { history } }: Messages,
  { event, way, client }: HistoryEntry,
): string | undefined {
  const isAtLogin = event === 'declined' ? client !== undefined : way === 'login'
  if (isAtLogin) return client && history.at(plainText(client))
  return way && history.here
}
