/**
 * What the operator's rules say of accounts.
 * @module
 */

import { isNamed, mayBeNamed, type Source } from './connection-list'
import type { LinkPolicy } from './policy-options'

/** The rules that hold if a person connects an account on their own page. */
export interface ConnectPolicy extends LinkPolicy {
  /** Whether both accounts have to have the same verified address. */
  sameEmail: boolean
}

/**
 * Whether the operator trusts the verified email of an identity.
 *
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/user-profiles/verified-email-usage Verified Email Usage}
 */
export const isTrusted = (
  identity: Source,
  { trusted, blocked }: Pick<LinkPolicy, 'trusted' | 'blocked'>,
): boolean => isNamed(identity, trusted) && !mayBeNamed(identity, blocked)
