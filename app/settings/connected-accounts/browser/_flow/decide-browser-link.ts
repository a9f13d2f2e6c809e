import type { LinkingUser } from '@/core/identity'
import { decideConnect } from '@/core/rules/decide-connect'
import type { ConnectPolicy } from '@/core/rules/policy'
import { POLICY_OPTIONS } from '@/core/rules/policy-options'
import { readOptions } from '@/core/rules/read-options'
import type { BrowserLinkingCode } from './code'
import type { ProvenAccount } from './proven-account'

/** The operator's rules that can be checked with ID tokens alone. */
export type BrowserLinkRules = Pick<ConnectPolicy, 'sameEmail' | 'blocked'>

/**
 * The other rules, with their defaults, because they need more than an ID token: carry-over, for example, or which account stays.
 */
const OTHER_RULES = readOptions(POLICY_OPTIONS, () => undefined).values
const TELLABLE = ['same_account', 'unverified', 'email_mismatch', 'untrusted_connection'] as const

/**
 * Decides whether two accounts may be linked. The person has just signed in to both. The rules are those of the settings page,
 * except that the first account always becomes the primary.
 *
 * @param first - The account that stays (primary).
 * @param other - The account that becomes part of it (secondary).
 * @param rules - The operator's rules. Connections are compared by provider only, because an ID token does not name the
 *   connection.
 * @returns Why the accounts may not be linked; undefined if they may.
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
