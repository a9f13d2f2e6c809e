/**
 * Messages between the tenant and the child process that runs its Actions. They are plain JSON.
 * @module
 */

/** The handlers of a post-login Action. */
export type ActionHandler = 'onExecutePostLogin' | 'onContinuePostLogin'

/** What the child process needs to run the methods of `api.redirect`, which are synchronous, without asking the tenant. */
export interface RedirectContext {
  canRedirect: boolean
  /** The claim `iss` that `encodeToken` sets. */
  issuer: string
  /** The claim `sub` that `encodeToken` sets, and with which `validateToken` compares the token's `sub`. */
  subject: string
  ip: string
  /** How far the tenant's clock is ahead of the machine's, in milliseconds. */
  clockOffset: number
  /**
   * The redirect from which the browser has just returned: its `state`, and the host that it led to. Set for
   * `onContinuePostLogin` only.
   */
  answered?: { state: string; host: string }
  /** Whether `validateToken` checks the claim `sub` (`checkSubject`), and the claim `iss` (`checkIssuer`). */
  checkSubject: boolean
  checkIssuer: boolean
  /** The parameter that `validateToken` reads if the Action names none. If null, the Action must name one. */
  tokenParameter: string | null
}

/** Tenant to child: run a handler. */
export interface ActionRun {
  type: 'run'
  id: number
  /** Absolute path of the Action's file. Deployed code has no file; here it has the id of its version instead. */
  file: string
  /** The deployed code. If it is absent, the code of `file` runs. */
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
  /** The types of the second factors; the user must enroll one of them. */
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
