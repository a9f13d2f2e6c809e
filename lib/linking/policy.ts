/**
 * What the operator decides about linking, and what holds where nothing was decided.
 * @module
 */
import type { Identity } from './identity'

/** Everything the linking rules ask the operator. */
export interface LinkPolicy {
  /** Providers or connection names whose word on an e-mail address is believed. */
  trusted: string[]
  /** Providers or connection names that are left out although trusted. */
  blocked: string[]
  /** Connections fed by SCIM or directory sync: their accounts must stay. */
  provisioned: string[]
  /**
   * Which account stays, once provisioning and the number of identities have not told: providers or connections in order of
   * preference, or `most_used` alone. Whatever it leaves open goes to the account that was there first.
   */
  primary: string[]
  /** Whether missing `user_metadata` keys are filled in from the account that ends. */
  fillUserMetadata: boolean
  /** `app_metadata` keys that are carried over too. Roles and plans live there, so none by default. */
  appMetadataKeys: string[]
}

/** What is asked beside it where a person connects an account on their own page. */
export interface ConnectPolicy extends LinkPolicy {
  /** Whether both accounts have to have the same verified address. */
  sameEmail: boolean
}

/** Connections whose operators let nobody in under an address they do not control. */
export const DEFAULT_TRUSTED = ['auth0', 'email', 'google-oauth2', 'apple', 'github']

/** Where an identity comes from. */
type Source = Pick<Identity, 'provider' | 'connection'>

/** Whether an identity is of one of the named providers or connections. */
export const isOf = ({ provider, connection }: Source, names: string[]): boolean =>
  names.includes(provider) || names.includes(connection)

/**
 * Whether the operator trusts the verified e-mail of an identity.
 *
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/user-profiles/verified-email-usage Verified Email Usage}
 */
export const isTrusted = (
  identity: Source,
  { trusted, blocked }: Pick<LinkPolicy, 'trusted' | 'blocked'>,
): boolean => isOf(identity, trusted) && !isOf(identity, blocked)
