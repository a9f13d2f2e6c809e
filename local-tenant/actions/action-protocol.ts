/**
 * Messages between the tenant and the child process its Actions run in: plain JSON.
 * @module
 */

/** The handlers of a post-login Action. */
export type ActionHandler = 'onExecutePostLogin' | 'onContinuePostLogin'

/** What the child needs to know to answer an Action's synchronous calls by itself. */
export interface RedirectContext {
  canRedirect: boolean
  /** `iss` of `encodeToken`. */
  issuer: string
  /** `sub` of `encodeToken`, and what `validateToken` wants. */
  subject: string
  ip: string
  /** Milliseconds the tenant's clock is ahead. */
  clockOffset: number
  /** The redirect being answered; there in `onContinuePostLogin` only. */
  answered?: { state: string; host: string }
  /** `validateToken` compares `sub`, and `iss`. */
  checkSubject: boolean
  checkIssuer: boolean
  /** The parameter `validateToken` reads when the Action names none. */
  tokenParameter: string | null
}

/** Tenant to child: run a handler. */
export interface ActionRun {
  type: 'run'
  id: number
  /** Absolute path, or a name that is new for every deployment of code. */
  file: string
  /** What to run in place of what the file holds. */
  code?: string
  handler: ActionHandler
  event: Record<string, unknown>
  /** An Action of this login has called `setPrimaryUser` before. */
  switched: boolean
  redirect: RedirectContext
}

/** Tenant to child: forget what `api.cache` holds. */
export interface ClearCache {
  type: 'clear_cache'
}

/** Child to tenant, at the moment of the call: `setPrimaryUser`. */
export interface PrimaryUserCalled {
  type: 'primary_user'
  id: number
  userId: string
}

/** What a handler asked for. */
export interface ActionEffects {
  denied?: string
  redirect?: string
  primaryUser?: string
  recordedMethods: string[]
  idTokenClaims: Record<string, unknown>
  accessTokenClaims: Record<string, unknown>
  userMetadata: Record<string, unknown>
  appMetadata: Record<string, unknown>
  transactionMetadata: Record<string, string | number | boolean>
}

/** The effects of a handler that asked for nothing. */
export const noEffects = (): ActionEffects => ({
  recordedMethods: [],
  idTokenClaims: {},
  accessTokenClaims: {},
  userMetadata: {},
  appMetadata: {},
  transactionMetadata: {},
})

/** Child to tenant: a handler has ended. */
export interface ActionResult {
  type: 'result'
  id: number
  effects: ActionEffects
  logs: string[]
  /** The message of what the handler threw. */
  error?: string
}
