/**
 * What the session token and the response token have in common: names, and the format of an identity. Their claims are in
 * `contract-session-token.ts` and `contract-response-token.ts`. Only these three files translate between snake_case on the
 * wire and camelCase in our code.
 * @module
 */
import { type Identity, isObject, isString, splitUserId } from './identity'

/** `purpose` of a token from the Action to the service. */
export const REQUEST_PURPOSE = 'account-link.request'
/** `purpose` of a token from the service to the Action. */
export const RESULT_PURPOSE = 'account-link.result'
/** Name of the query or body parameter that carries either token. */
export const TOKEN_PARAMETER = 'session_token'

/** An identity in a token, parsed. */
export interface TokenIdentity {
  /** `provider|id` */
  userId: string
  provider: string
  /** As the token says; not reliable if {@link TokenIdentity.isOtherConnection}. */
  connection: string
  /**
   * Whether `connection` does not belong to `userId`. The published Actions send the login's connection, which belongs to
   * another identity if the person signs in with a linked one: do not rely on it.
   */
  isOtherConnection?: boolean
}

/** Converts an identity to the wire format. */
export function toWireIdentity(identity: TokenIdentity): Identity {
  return { user_id: identity.userId, provider: identity.provider, connection: identity.connection }
}

/** Returns the value if it is a non-empty string, otherwise undefined. */
export const optionalString = (value: unknown): string | undefined =>
  isString(value) && value !== '' ? value : undefined

/** Parses an identity of a token; undefined if a field is missing or `user_id` is no user id. */
export function parseWireIdentity(raw: unknown): TokenIdentity | undefined {
  if (!isObject(raw) || typeof raw.user_id !== 'string' || !splitUserId(raw.user_id)) return undefined
  const { provider, connection } = raw
  if (typeof provider !== 'string' || typeof connection !== 'string' || connection === '') return undefined
  return { userId: raw.user_id, provider, connection }
}
