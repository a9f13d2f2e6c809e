/**
 * The account that a person proved ownership of in a connect flow: reads it, and checks that the sign-in is a valid proof.
 * @module
 */
import 'server-only'
import { type BothKinds, hasField, type Identity, operatorMetadata } from '../../../core'
import type { Account } from '../../auth0/account'
import type { ManagementApi } from '../../auth0/management-api'
import { ManagementApiError } from '../../auth0/management-api-error'
import { SettingsRefusedError } from '../account-refusal'
import type { ConnectFlow, ConnectProof } from './connect-flow'

/** A flow in which an account was proven. */
export type ProvenFlow = ConnectFlow & Required<Pick<ConnectFlow, 'chosen' | 'proof'>>

/** The flow, if an account was proven in it; otherwise undefined. */
export function toProvenFlow(flow: ConnectFlow | undefined): ProvenFlow | undefined {
  return flow?.chosen && flow.proof ? { ...flow, chosen: flow.chosen, proof: flow.proof } : undefined
}

/** Names of metadata fields. */
export type FieldNames = BothKinds<string[]>

/**
 * Reads the account that was proven. With `LINKING_AUTHORITY=user` only the account's own token may read it, and we no
 * longer have that token: the result is then what {@link toSeen} stored at the time of the proof.
 *
 * @throws {SettingsRefusedError} `not_available` if the account no longer exists.
 * @throws {ManagementApiError}
 */
export async function readProven(api: ManagementApi, { userId, seen }: ConnectProof): Promise<Account> {
  if (seen) return toAccount(userId, seen)
  try {
    return await api.getUser(userId)
  } catch (error) {
    const isGone = error instanceof ManagementApiError && error.code === 'not_found'
    throw isGone ? new SettingsRefusedError('not_available') : error
  }
}

/** The data of a proven account that the flow stores with `LINKING_AUTHORITY=user`: it cannot read the account later. */
export function toSeen(account: Account): NonNullable<ConnectProof['seen']> {
  return {
    email: account.email,
    isEmailVerified: account.email_verified === true,
    hasMfa: Boolean(account.multifactor?.length),
    identities: account.identities.map(({ user_id, provider, connection }) => ({
      user_id,
      provider,
      connection,
    })),
    fields: namesOf(account),
  }
}

/** The account as {@link toSeen} stored it. Metadata values are unknown, so each field is `true`. */
function toAccount(userId: string, seen: NonNullable<ConnectProof['seen']>): Account {
  return {
    user_id: userId,
    email: seen.email,
    email_verified: seen.isEmailVerified,
    multifactor: seen.hasMfa ? ['any'] : [],
    identities: seen.identities.map((identity) => ({ ...identity, profile: {} })),
    names: { email: seen.email },
    user_metadata: Object.fromEntries(seen.fields.user_metadata.map((name) => [name, true])),
    app_metadata: Object.fromEntries(seen.fields.app_metadata.map((name) => [name, true])),
    bytes: 0,
  }
}

/** Names of the metadata fields that are shown to the person: without null fields and our own keys in `app_metadata`. */
export const namesOf = ({ user_metadata, app_metadata }: BothKinds): FieldNames => ({
  user_metadata: Object.keys(user_metadata).filter((name) => hasField(user_metadata, name)),
  app_metadata: Object.keys(operatorMetadata(app_metadata)),
})

/**
 * Checks that the sign-in proves ownership of exactly this account, with the second factor if the account has one.
 *
 * @throws {SettingsRefusedError} `belongs_to_another`, `mfa_required`, `unverified`
 */
export function assertProven(other: Account, { chosen, proof }: ProvenFlow): void {
  const reason = unprovable(other, chosen)
  if (reason === 'belongs_to_another') throw new SettingsRefusedError(reason)
  if (other.multifactor?.length && !proof.hasUsedMfa) throw new SettingsRefusedError('mfa_required')
  if (reason) throw new SettingsRefusedError(reason)
}

/**
 * Why no sign-in through a connection can prove ownership of an account. Undefined if one can.
 *
 * @param chosen - The connection that the person signs in through.
 */
export function unprovable(
  { identities }: Account,
  chosen: Pick<Identity, 'provider' | 'connection'>,
): 'belongs_to_another' | 'unverified' | undefined {
  const [own, ...further] = identities
  const isChosen = (identity: Identity | undefined) =>
    identity?.provider === chosen.provider && identity.connection === chosen.connection
  // A sign-in with an identity that is part of another account proves the identity, not the account.
  if (!isChosen(own) || further.some(isChosen)) return 'belongs_to_another'
  // The owner of the unverified email address of a password identity could reset the password and sign in to the account.
  const hasUnverifiedEmail = further.some(
    ({ provider, profile }) => provider === 'auth0' && profile.email && !profile.email_verified,
  )
  return hasUnverifiedEmail ? 'unverified' : undefined
}
