import 'server-only'
import type { SuggestionForm, SuggestionView } from '@/components/accounts/suggestion-list'
import type { AccountView } from '@/components/ui/account-tile'
import { dateView } from '@/components/ui/date-view'
import type { Account } from '@/lib/auth0/account'
import type { Messages } from '@/lib/messages/en'
import type { NamedConnection } from '@/lib/messages/way-name'
import type { Suggestion } from '@/lib/sign-in-methods/connect/suggestions'
import { accountName } from './account-name'

/** The URL of the form that connects a suggestion, and the server actions that decline it and revoke a decline. */
export interface SuggestionActions {
  connect: string
  decline: SuggestionForm['action']
  takeBack: SuggestionForm['action']
}

/**
 * The suggestions as the page shows them, each with its buttons. They were found by the email address of the person's
 * account, so all are shown with that address.
 *
 * @param actions - The targets of the buttons.
 * @param known - The tenant's connections; empty if they could not be listed.
 */
export function suggestionViews(
  messages: Messages,
  account: Account,
  suggestions: Suggestion[],
  actions: SuggestionActions,
  known: NamedConnection[] = [],
): { open: SuggestionView[]; declined: SuggestionView[]; impossible: SuggestionView[] } {
  const now = Date.now() / 1000
  const providers = [...account.identities, ...suggestions].map(({ provider }) => provider)
  const isOneOfSeveral = ({ provider }: Suggestion) =>
    providers.indexOf(provider) !== providers.lastIndexOf(provider)
  const possible = suggestions.filter(({ refused }) => !refused)
  const views = possible.map((suggestion) => ({
    isDeclined: suggestion.declinedUntil > now,
    view: suggestionView(
      messages,
      accountName(messages, suggestion, { email: account.email }, account, known),
      isOneOfSeveral(suggestion) ? furtherOf(messages, suggestion) : undefined,
      suggestion,
      suggestion.declinedUntil > now,
      actions,
    ),
  }))
  return {
    open: views.filter(({ isDeclined }) => !isDeclined).map(({ view }) => view),
    declined: views.filter(({ isDeclined }) => isDeclined).map(({ view }) => view),
    impossible: suggestions.flatMap((suggestion) => impossibleView(messages, account, suggestion, known)),
  }
}

/** Dates that distinguish an account from another one of the same provider: when it was created and last used. */
function furtherOf(messages: Messages, { since, lastUsed }: Suggestion): string | undefined {
  const { effects, settings } = messages
  const parts = [
    ...(since ? [effects.since({ date: dateView(messages, since, 'day').text })] : []),
    ...(lastUsed ? [settings.suggestions.lastUsed({ date: dateView(messages, lastUsed, 'day').text })] : []),
  ]
  return parts.length > 0 ? parts.join(' · ') : undefined
}

/** The view of a suggestion that cannot be connected, with the reason. Empty if it can be connected. */
function impossibleView(
  messages: Messages,
  account: Account,
  suggestion: Suggestion,
  known: NamedConnection[],
): SuggestionView[] {
  const { handle, refused } = suggestion
  if (!refused) return []
  const name = accountName(messages, suggestion, { email: account.email }, account, known)
  return [{ key: handle, account: name, remark: messages.settings.refused[refused], forms: [] }]
}

function suggestionView(
  messages: Messages,
  name: AccountView,
  further: string | undefined,
  suggestion: Suggestion,
  isDeclined: boolean,
  { connect, decline, takeBack }: SuggestionActions,
): SuggestionView {
  const { settings } = messages
  const { handle, isOwnDecline } = suggestion
  const form = (
    label: string,
    action: SuggestionForm['action'],
    look: SuggestionForm['look'],
  ): SuggestionForm => ({
    label,
    name: settings.actOn({ act: label, account: [name.provider, ...(further ? [further] : [])].join(', ') }),
    action,
    field: { name: 'suggestion', value: handle },
    look,
  })
  const isMe = form(settings.suggestions.isMe, connect, isDeclined ? 'plain' : 'main')
  const other = isDeclined
    ? // A decline that is recorded in the other account can only be revoked by a person who is signed in to that account.
      isOwnDecline && form(settings.declined.takeBack, takeBack, 'plain')
    : form(settings.suggestions.isNotMe, decline, 'plain')
  return {
    key: handle,
    account: { ...name, further },
    forms: [...(other ? [other] : []), isMe],
  }
}
