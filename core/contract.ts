/**
 * What the two signed tokens between the Action and the linking service have in common: names, and how they state an identity.
 * The claims of each: `contract-session-token.ts` and `contract-response-token.ts`. These three files are the one place that
 * translates between snake_case on the wire and camelCase in our code.
 * @module
 */
import { type Identity, isObject, isText, splitUserId } from './identity'

/** `purpose` of a token from the Action to the service. */
export const REQUEST_PURPOSE = 'account-link.request'
/** `purpose` of a token from the service to the Action. */
export const RESULT_PURPOSE = 'account-link.result'
/** The query and body parameter that carries either token. */
export const TOKEN_PARAMETER = 'session_token'

/** An identity of a token, parsed. */
export interface TokenIdentity {
  /** `provider|id` */
  userId: string
  provider: string
  /** As the token says; see {@link TokenIdentity.isOtherConnection}. */
  connection: string
  /**
   * Whether the connection is not the one of this id. The published Actions name that of the login, which is another one if a
   * person signs in by a linked identity: nothing may be concluded from it.
   */
  isOtherConnection?: boolean
}

/** The same identity on the wire. */
export function toWireIdentity(identity: TokenIdentity): Identity {
  return { user_id: identity.userId, provider: identity.provider, connection: identity.connection }
}

/** A text that is not empty, or undefined. */
export const optionalString = (value: unknown): string | undefined =>
  isText(value) && value !== '' ? value : undefined

/** An identity as a token states it, or undefined if the id is no user id or something is missing. */
export function parseWireIdentity(raw: unknown): TokenIdentity | undefined {
  if (!isObject(raw) || typeof raw.user_id !== 'string' || !splitUserId(raw.user_id)) return undefined
  const { provider, connection } = raw
  if (typeof provider !== 'string' || typeof connection !== 'string' || connection === '') return undefined
  return { userId: raw.user_id, provider, connection }
}
