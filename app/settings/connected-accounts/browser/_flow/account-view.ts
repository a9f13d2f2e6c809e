import type { AccountView } from '@/components/linking/account-name'
import type { KnownAccount } from './flow'

/** The words that name an account. */
export interface AccountWords {
  /** The usual name of a provider, by its name at the tenant. */
  providers: Record<string, string>
  /** Between provider and address. */
  as: string
}

/** Longest part of a name or address that a page shows, in characters. */
const MAX_SHOWN = 48

/**
 * An account as its owner knows it, and nothing else.
 *
 * @param account - From an ID token, which this page is the first to see: nothing was masked on a server.
 * @param isWhole - Whether the address is shown whole: at the last question, where a mix-up at the provider has to show.
 */
export function toAccountView(
  { provider, email }: KnownAccount,
  { providers, as }: AccountWords,
  isWhole = false,
): AccountView {
  const name = Object.hasOwn(providers, provider) ? providers[provider] : undefined
  return {
    provider: name ?? plainText(provider),
    email: email && (isWhole ? wholeEmail(email) : maskEmail(email)),
    as,
  }
}

/** As in `lib/messages/mask-email.ts`, which is for servers only. */
function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  if (at < 1) return '•••'
  const [first = ''] = plainText(email.slice(0, at))
  return `${first}••@${plainText(email.slice(at + 1))}`
}

/** As there. */
function wholeEmail(email: string): string {
  return visibleText(email).slice(0, 320).join('')
}

const visibleText = (text: string): string[] => [...text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')]

function plainText(text: string): string {
  const visible = visibleText(text)
  return visible.length > MAX_SHOWN ? `${visible.slice(0, MAX_SHOWN - 1).join('')}…` : visible.join('')
}
