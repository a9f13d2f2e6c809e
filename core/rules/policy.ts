/**
 * What the operator decides about linking, and what holds where nothing was decided.
 * @module
 */

import type { LinkingUser } from '../identity'
import { isNamed, mayBeNamed, type Source } from './connection-list'

/** Everything the linking rules ask the operator. */
export interface LinkPolicy {
  /** Providers and connections whose word on an e-mail address is believed. This and the three below: as `connection-list` reads them. */
  trusted: string[]
  /** Those that are left out although trusted. */
  blocked: string[]
  /** Those fed by SCIM or directory sync: their accounts must stay. */
  provisioned: string[]
  /**
   * Which account stays, if provisioning and the number of identities do not decide: providers and connections in order of
   * preference, or `most_used` alone. If it does not decide either, the account that was there first stays.
   */
  primary: string[]
  /** `app_metadata` keys that keep an account from being linked, on whichever side, as long as they are there and not null. */
  refuseKeys: string[]
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

/** Words that {@link LinkPolicy.primary} may hold and that name no connection. */
export const PRIMARY_WORDS = ['oldest', 'most_used']

/**
 * Whether the operator trusts the verified e-mail of an identity.
 *
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/user-profiles/verified-email-usage Verified Email Usage}
 */
export const isTrusted = (
  identity: Source,
  { trusted, blocked }: Pick<LinkPolicy, 'trusted' | 'blocked'>,
): boolean => isNamed(identity, trusted) && !mayBeNamed(identity, blocked)

/** Whether an account has one of the `app_metadata` keys with which the operator keeps accounts from being linked. */
export const isRestricted = (
  { app_metadata }: Pick<LinkingUser, 'app_metadata'>,
  { refuseKeys }: Pick<LinkPolicy, 'refuseKeys'>,
): boolean => refuseKeys.some((key) => Object.hasOwn(app_metadata, key) && app_metadata[key] != null)
