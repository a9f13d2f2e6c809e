/**
 * The reasons not to link two accounts, one named check each. {@link decideLink} and {@link decideConnect}
 * each choose from them, in an order of their own.
 * @module
 */
import type { LinkRefusal } from '../errors'
import { holds, type LinkingUser, normalizeEmail } from '../identity'
import { hasField } from '../json-values'
import { parseEnding } from '../records/ending'
import { isGivingBack } from '../records/metadata'
import type { RightsKind } from '../rights/rights'
import { mayBeNamed } from './connection-list'
import { type ConnectPolicy, isTrusted } from './policy'
import type { LinkPolicy } from './policy-options'
import { isUnread } from './rights'

/**
 * A check of two accounts. `ofEither` is asked of each of them, and `ofPair` of both together; true means that the two must
 * not be linked.
 */
export interface Check<Terms = unknown> {
  /** What the two are refused with. */
  readonly reason: LinkRefusal
  readonly ofEither?: (user: LinkingUser, terms: Terms) => boolean
  readonly ofPair?: (current: LinkingUser, other: LinkingUser, terms: Terms) => boolean
}
/** A check that needs some of the operator's rules. */
type RuleCheck<Field extends keyof ConnectPolicy> = Check<{ policy: Pick<ConnectPolicy, Field> }>

/**
 * Finds the first reason against linking two accounts.
 *
 * @param checks - In the order in which they are asked.
 * @param current - The user who has just logged in, or is signed in.
 * @param other - The other user.
 * @param terms - What the checks need beside the two.
 * @returns Nothing if every check allows it.
 */
export const findRefusal = <Terms>(
  checks: readonly Check<Terms>[],
  current: LinkingUser,
  other: LinkingUser,
  terms: Terms,
): LinkRefusal | undefined =>
  checks.find(
    ({ ofEither, ofPair }) =>
      ofPair?.(current, other, terms) || [current, other].some((user) => ofEither?.(user, terms)),
  )?.reason

/** They are one account already. */
export const sameAccount: Check = {
  reason: 'same_account',
  ofPair: (current, other) => holds(current, other.user_id),
}

/** The tenant has blocked one of them. */
export const blocked: Check = { reason: 'blocked', ofEither: (user) => Boolean(user.blocked) }

/** The operator keeps one of them from being linked, by a key of `app_metadata`. */
export const restricted: RuleCheck<'refuseKeys'> = {
  reason: 'restricted',
  ofEither: ({ app_metadata }, { policy }) => policy.refuseKeys.some((key) => hasField(app_metadata, key)),
}

/**
 * One of them has no verified address. A person who signed up under an address without proving it could otherwise claim its
 * owner's account.
 */
export const unverified: Check = {
  reason: 'unverified',
  ofEither: ({ email, email_verified }) => !email || email_verified !== true,
}

/** One of them has an address that must be confirmed before the person connects anything: {@link isUnconfirmed}. */
export const unconfirmed: RuleCheck<'sameEmail'> = {
  reason: 'unverified',
  ofEither: (user, { policy }) => isUnconfirmed(user, policy),
}

/** They have different addresses. */
export const emailMismatch: Check = { reason: 'email_mismatch', ofPair: hasOtherEmail }

/** They have different addresses, and the operator forbids connecting such accounts. */
export const forbiddenEmailMismatch: RuleCheck<'sameEmail'> = {
  reason: 'email_mismatch',
  ofPair: (current, other, { policy }) => policy.sameEmail && hasOtherEmail(current, other),
}

/** The connection of one of them is not trusted. The address is the word of the first identity, so that one's counts. */
export const untrustedConnection: Check<{ policy: Pick<LinkPolicy, 'trusted' | 'blocked'> }> = {
  reason: 'untrusted_connection',
  ofEither: ({ identities: [own] }, { policy }) => !own || !isTrusted(own, policy),
}

/** The other account has an identity of a connection that the operator leaves out. */
export const blockedConnection: RuleCheck<'blocked'> = {
  reason: 'untrusted_connection',
  ofPair: (_current, other, { policy }) =>
    other.identities.some((identity) => mayBeNamed(identity, policy.blocked)),
}

/**
 * What keeps one account from being linked at a login, whatever the other account is like. In the order in which the Action asks,
 * and the doctor explains it.
 */
export const ACCOUNT_CHECKS = { unverified, untrustedConnection, restricted }

/** One of them is still restoring metadata. A link would overwrite it, or it would be lost with the account that ends. */
export const givingBack: Check<{ now: number }> = {
  reason: 'busy',
  ofEither: (user, { now }) => isGivingBack(user, now),
}

/** One of them has sessions that must end but are still open. Such a session must not link anything. */
export const endingSessions: Check = {
  reason: 'busy',
  ofEither: (user) => parseEnding(user) !== undefined,
}

/** The operator has a rule about something that one of them may hold, and granted no scope to read it. */
export const rightsUnread: RuleCheck<RightsKind> = {
  reason: 'rights_unread',
  ofEither: (user, { policy }) => isUnread(user, policy),
}

function hasOtherEmail(current: LinkingUser, other: LinkingUser): boolean {
  return normalizeEmail(current.email) !== normalizeEmail(other.email)
}

/**
 * Whether the address of a user has to be confirmed before the person connects anything, whatever the other account is like.
 *
 * @param user - Of either side.
 * @param policy - With `sameEmail` both sides need a confirmed address.
 */
export function isUnconfirmed(user: LinkingUser, { sameEmail }: Pick<ConnectPolicy, 'sameEmail'>): boolean {
  const isConfirmed = user.email !== undefined && user.email_verified === true
  return isOpenToStrangers(user) || (sameEmail && !isConfirmed)
}

/**
 * Whether the owner of an address could reset the password of an account that another person made under it, and so get
 * into every account that it is linked with.
 */
function isOpenToStrangers({ email, email_verified, identities }: LinkingUser): boolean {
  return identities[0]?.provider === 'auth0' && email !== undefined && email_verified !== true
}
