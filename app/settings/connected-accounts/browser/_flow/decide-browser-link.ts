import type { LinkingUser } from '@/core/identity'
import { decideConnect } from '@/core/rules/decide-connect'
import type { ConnectPolicy } from '@/core/rules/policy'
import { POLICY_OPTIONS } from '@/core/rules/policy-options'
import { readOptions } from '@/core/rules/read-options'
import type { BrowserLinkingCode } from './code'
import type { ProvenAccount } from './proven-account'

/** Those of the operator's rules that an ID token is enough for. */
export type BrowserLinkRules = Pick<ConnectPolicy, 'sameEmail' | 'blocked'>

/** What needs more than an ID token holds by default: provisioning, which account stays, what is carried over. */
const OTHER_RULES = readOptions(POLICY_OPTIONS, () => undefined).values
const TELLABLE = ['same_account', 'unverified', 'email_mismatch', 'untrusted_connection'] as const

/**
 * Decides whether two accounts that were both just signed in to may be linked, by the same rules as on the settings page.
 * Which of them stays is not decided: in a browser it is always the first.
 *
 * @param first - The account that stays.
 * @param other - The account that becomes part of it.
 * @param rules - Of the operator. A connection is known by its provider only: an ID token names no other.
 * @returns Why not, or undefined.
 */
export function decideBrowserLink(
  first: ProvenAccount,
  other: ProvenAccount,
  rules: BrowserLinkRules,
): BrowserLinkingCode | undefined {
  const { reason } = decideConnect(toUser(first), toUser(other), { ...OTHER_RULES, ...rules })
  return reason && (TELLABLE.find((code) => code === reason) ?? 'link_refused')
}

function toUser({ userId, provider, email, isEmailVerified }: ProvenAccount): LinkingUser {
  return {
    user_id: userId,
    ...(email !== undefined && { email }),
    email_verified: isEmailVerified,
    identities: [{ user_id: userId, provider, connection: provider }],
    user_metadata: {},
    app_metadata: {},
    bytes: 0,
  }
}
