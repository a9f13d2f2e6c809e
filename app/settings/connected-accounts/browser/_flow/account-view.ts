import type { AccountView } from '@/components/ui/account-tile'
import { markOf } from '@/components/ui/provider-mark'
import type { KnownAccount } from './flow'

/** The words that name an account. */
export interface AccountWords {
  /** The usual name of a provider, by its name at the tenant. */
  providers: Record<string, string>
}

/** Longest name and longest address that the page shows, in characters. */
const MAX_NAME = 48
const MAX_EMAIL = 320

/**
 * An account as its owner knows it, with its whole address: they have just signed in to it, and only the address shows a mix-up at
 * the provider.
 *
 * @param account - From an ID token.
 */
export function toAccountView({ provider, email }: KnownAccount, { providers }: AccountWords): AccountView {
  const name = Object.hasOwn(providers, provider) ? providers[provider] : undefined
  return {
    provider: name ?? plainText(provider),
    mark: markOf(provider),
    label: email && visibleText(email).slice(0, MAX_EMAIL).join(''),
  }
}

/** As in `lib/messages/mask-email.ts`, which is for servers only. */
function plainText(text: string): string {
  const visible = visibleText(text)
  return visible.length > MAX_NAME ? `${visible.slice(0, MAX_NAME - 1).join('')}…` : visible.join('')
}

const visibleText = (text: string): string[] => [...text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')]
