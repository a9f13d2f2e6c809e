/**
 * Messages between the tenant and the child process that runs its Actions. They are plain JSON.
 * @module
 */

/** The handlers of a post-login Action. */
export type ActionHandler = 'onExecutePostLogin' | 'onContinuePostLogin'

/** What the child process needs to answer an Action's synchronous calls without asking the tenant. */
export interface RedirectContext {
  canRedirect: boolean
  /** `iss` of `encodeToken`. */
  issuer: string
  /** `sub` of `encodeToken`, and the `sub` that `validateToken` requires. */
  subject: string
  ip: string
  /** How far the tenant's clock is ahead, in milliseconds. */
  clockOffset: number
  /** The redirect that this run resumes; set for `onContinuePostLogin` only. */
  answered?: { state: string; host: string }
  /** Whether `validateToken` compares `sub`, and `iss`. */
  checkSubject: boolean
  checkIssuer: boolean
  /** The parameter that `validateToken` reads if the Action names none. If null, the Action must name one. */
  tokenParameter: string | null
}

/** Tenant to child: run a handler. */
export interface ActionRun {
  type: 'run'
  id: number
  /** Absolute path; or, for deployed code, a name that differs with every deployment. */
  file: string
  /** Code to run instead of the file's. */
  code?: string
  handler: ActionHandler
  event: Record<string, unknown>
  /** Whether an earlier Action of this login called `setPrimaryUser`. */
  switched: boolean
  redirect: RedirectContext
}

/** Tenant to child: clear `api.cache`. */
export interface ClearCache {
  type: 'clear_cache'
}

/** Child to tenant, sent while the handler runs: the Action called `setPrimaryUser`. */
export interface PrimaryUserCalled {
  type: 'primary_user'
  id: number
  userId: string
}

/** What a handler asked the tenant to do. */
export interface ActionEffects {
  denied?: string
  redirect?: string
  primaryUser?: string
  /** The types of the factors that the user is to enroll one of. */
  enroll?: string[]
  recordedMethods: string[]
  idTokenClaims: Record<string, unknown>
  accessTokenClaims: Record<string, unknown>
  userMetadata: Record<string, unknown>
  appMetadata: Record<string, unknown>
  transactionMetadata: Record<string, string | number | boolean>
}

/** Returns the effects of a handler that asked for nothing. */
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
  /** The message of the error that the handler threw. */
  error?: string
}
