/**
 * What the operator's rules say about accounts.
 * @module
 */

import { isNamed, mayBeNamed, type Source } from './connection-list'
import type { LinkPolicy } from './policy-options'

/** The rules for connecting an account on the page "Sign-in methods". */
export interface ConnectPolicy extends LinkPolicy {
  /** Whether both accounts need the same verified email address. */
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
