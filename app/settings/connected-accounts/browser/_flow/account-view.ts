import type { AccountView } from '@/components/ui/account-tile'
import { iconOf } from '@/components/ui/provider-icon'
import type { KnownAccount } from './flow'

/** The words that name an account. */
export interface AccountWords {
  /** Our names for providers, by Auth0's name of the provider. */
  providers: Record<string, string>
}

/** Longest name and longest email address that the page shows, in characters. */
const MAX_NAME = 48
const MAX_EMAIL = 320

/**
 * How to show an account to its owner, with the whole email address. They have just signed in to it, and only the email address
 * shows whether they chose the wrong account at the provider.
 *
 * @param account - The account, from an ID token.
 */
export function toAccountView({ provider, email }: KnownAccount, { providers }: AccountWords): AccountView {
  const name = Object.hasOwn(providers, provider) ? providers[provider] : undefined
  return {
    provider: name ?? plainText(provider),
    icon: iconOf(provider),
    label: email && visibleText(email).slice(0, MAX_EMAIL).join(''),
  }
}

/** The same as `plainText` in `lib/messages/mask-email.ts`, which only server code can import. */
function plainText(text: string): string {
  const visible = visibleText(text)
  return visible.length > MAX_NAME ? `${visible.slice(0, MAX_NAME - 1).join('')}…` : visible.join('')
}

const visibleText = (text: string): string[] => [...text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')]
