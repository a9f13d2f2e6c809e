/**
 * The reasons not to link two accounts, one check each. {@link decideLink} and {@link decideConnect} each use some of them,
 * in their own order.
 * @module
 */
import type { LinkRefusal } from '../errors'
import { hasIdentity, type LinkingUser, normalizeEmail } from '../identity'
import { hasField } from '../json-values'
import { parseEnding } from '../records/ending'
import { isGivingBack } from '../records/metadata'
import type { RightsKind } from '../rights/rights'
import { mayBeNamed } from './connection-list'
import { type ConnectPolicy, isTrusted } from './policy'
import type { LinkPolicy } from './policy-options'
import { lacksRightsScope } from './rights'

/**
 * A check of two accounts. `ofEither` checks each account, `ofPair` both together; true means that the two must not be
 * linked.
 */
export interface LinkCheck<Terms = unknown> {
  /** The refusal code if the check returns true. */
  readonly reason: LinkRefusal
  readonly ofEither?: (user: LinkingUser, terms: Terms) => boolean
  readonly ofPair?: (current: LinkingUser, other: LinkingUser, terms: Terms) => boolean
}
/** A check that uses some of the operator's rules. */
type RuleCheck<Field extends keyof ConnectPolicy> = LinkCheck<{ policy: Pick<ConnectPolicy, Field> }>

/**
 * Finds the first reason against linking two accounts.
 *
 * @param checks - In the order in which they run.
 * @param current - The user who has just logged in, or is signed in.
 * @param other - The other user.
 * @param terms - What else the checks need.
 * @returns Undefined if every check allows the link.
 */
export const findRefusal = <Terms>(
  checks: readonly LinkCheck<Terms>[],
  current: LinkingUser,
  other: LinkingUser,
  terms: Terms,
): LinkRefusal | undefined =>
  checks.find(
    ({ ofEither, ofPair }) =>
      ofPair?.(current, other, terms) || [current, other].some((user) => ofEither?.(user, terms)),
  )?.reason

/** The two are one account already. */
export const sameAccount: LinkCheck = {
  reason: 'same_account',
  ofPair: (current, other) => hasIdentity(current, other.user_id),
}

/** The tenant has blocked one of the two accounts. */
export const blocked: LinkCheck = { reason: 'blocked', ofEither: (user) => Boolean(user.blocked) }

/** One of the two accounts has an `app_metadata` key by which the operator forbids linking. */
export const restricted: RuleCheck<'refuseKeys'> = {
  reason: 'restricted',
  ofEither: ({ app_metadata }, { policy }) => policy.refuseKeys.some((key) => hasField(app_metadata, key)),
}

/**
 * One of the two accounts has no verified email address. Without this check, anyone who signs up with another person's email
 * address could claim that person's account.
 */
export const unverified: LinkCheck = {
  reason: 'unverified',
  ofEither: ({ email, email_verified }) => !email || email_verified !== true,
}

/** One of the two accounts has an email address that must be verified first: {@link isUnconfirmed}. */
export const unconfirmed: RuleCheck<'sameEmail'> = {
  reason: 'unverified',
  ofEither: (user, { policy }) => isUnconfirmed(user, policy),
}

/** The two accounts have different email addresses. */
export const emailMismatch: LinkCheck = { reason: 'email_mismatch', ofPair: hasOtherEmail }

/** The two accounts have different email addresses, and the operator forbids connecting such accounts. */
export const forbiddenEmailMismatch: RuleCheck<'sameEmail'> = {
  reason: 'email_mismatch',
  ofPair: (current, other, { policy }) => policy.sameEmail && hasOtherEmail(current, other),
}

/** One of the two accounts has an untrusted connection: that of its first identity, where its email address comes from. */
export const untrustedConnection: LinkCheck<{ policy: Pick<LinkPolicy, 'trusted' | 'blocked'> }> = {
  reason: 'untrusted_connection',
  ofEither: ({ identities: [first] }, { policy }) => !first || !isTrusted(first, policy),
}

/** The other account has an identity from a connection that the operator blocks. */
export const blockedConnection: RuleCheck<'blocked'> = {
  reason: 'untrusted_connection',
  ofPair: (_current, other, { policy }) =>
    other.identities.some((identity) => mayBeNamed(identity, policy.blocked)),
}

/**
 * The checks that keep an account from being linked at a login, whatever the other account is. The Action runs them, and the
 * doctor explains them, in this order.
 */
export const ACCOUNT_CHECKS = { unverified, untrustedConnection, restricted }

/** One of the two accounts is still restoring data to an unlinked one. A link could overwrite or lose that data. */
export const givingBack: LinkCheck<{ now: number }> = {
  reason: 'busy',
  ofEither: (user, { now }) => isGivingBack(user, now),
}

/** One of the two accounts has sessions that must end but are still open. Such a session must not link. */
export const endingSessions: LinkCheck = {
  reason: 'busy',
  ofEither: (user) => parseEnding(user) !== undefined,
}

/** The operator set a rule about a kind of rights, but granted no scope to read it. */
export const rightsUnread: RuleCheck<RightsKind> = {
  reason: 'rights_unread',
  ofEither: (user, { policy }) => lacksRightsScope(user, policy),
}

function hasOtherEmail(current: LinkingUser, other: LinkingUser): boolean {
  return normalizeEmail(current.email) !== normalizeEmail(other.email)
}

/**
 * Whether a user's email address has to be verified before the person connects any account.
 *
 * @param user - Either account.
 * @param policy - With `sameEmail`, both need a verified email address.
 */
export function isUnconfirmed(user: LinkingUser, { sameEmail }: Pick<ConnectPolicy, 'sameEmail'>): boolean {
  const isConfirmed = user.email !== undefined && user.email_verified === true
  return isOpenToStrangers(user) || (sameEmail && !isConfirmed)
}

/**
 * Whether the account has a password and an unverified email address. The address's owner could reset that password, and
 * so get into every account linked with this one.
 */
function isOpenToStrangers({ email, email_verified, identities }: LinkingUser): boolean {
  return identities[0]?.provider === 'auth0' && email !== undefined && email_verified !== true
}
