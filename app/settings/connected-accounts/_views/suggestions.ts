import 'server-only'
import type { SuggestionForm, SuggestionView } from '@/components/accounts/suggestion-list'
import type { Suggestion } from '@/lib/accounts/suggestions'
import type { Account } from '@/lib/auth0/account'
import type { Messages } from '@/lib/messages/en'
import { declineSuggestion, takeBackDecline } from '../actions'
import { PAGE } from '../paths'
import { accountName } from './account-name'

/**
 * Accounts that may be the person's own, and what can be done about them. They were found by the account's own address, so that
 * is theirs, too.
 */
export function suggestionViews(
  messages: Messages,
  account: Account,
  suggestions: Suggestion[],
): { open: SuggestionView[]; declined: SuggestionView[]; impossible: SuggestionView[] } {
  const now = Date.now() / 1000
  const possible = suggestions.filter(({ refused }) => !refused)
  const views = possible.map((suggestion) => ({
    isDeclined: suggestion.declinedUntil > now,
    view: suggestionView(messages, account, suggestion, suggestion.declinedUntil > now),
  }))
  return {
    open: views.filter(({ isDeclined }) => !isDeclined).map(({ view }) => view),
    declined: views.filter(({ isDeclined }) => isDeclined).map(({ view }) => view),
    impossible: suggestions.flatMap((suggestion) => impossibleView(messages, account, suggestion)),
  }
}

/** An account that would be suggested, and why it cannot be connected. */
function impossibleView(messages: Messages, account: Account, suggestion: Suggestion): SuggestionView[] {
  const { handle, refused } = suggestion
  if (!refused) return []
  const name = accountName(messages, suggestion, { email: account.email }, account)
  return [{ key: handle, account: name, remark: messages.settings.refused[refused], forms: [] }]
}

function suggestionView(
  messages: Messages,
  account: Account,
  suggestion: Suggestion,
  isDeclined: boolean,
): SuggestionView {
  const { settings } = messages
  const { handle, isOwnDecline } = suggestion
  const name = accountName(messages, suggestion, { email: account.email }, account)
  const form = (
    label: string,
    action: SuggestionForm['action'],
    look: SuggestionForm['look'],
  ): SuggestionForm => ({
    label,
    name: `${label}: ${name.provider}`,
    action,
    field: { name: 'suggestion', value: handle },
    look,
  })
  const isMe = form(settings.suggestions.isMe, `${PAGE}/connect`, isDeclined ? 'plain' : 'strong')
  const other = isDeclined
    ? // What the other account keeps can only be taken back there.
      isOwnDecline && form(settings.declined.takeBack, takeBackDecline, 'plain')
    : form(settings.suggestions.isNotMe, declineSuggestion, 'plain')
  return { key: handle, account: name, forms: [isMe, ...(other ? [other] : [])] }
}
