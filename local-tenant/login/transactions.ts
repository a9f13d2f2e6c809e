/**
 * What a tenant remembers between two requests of one login.
 * @module
 */
import { randomBytes } from 'node:crypto'
import type {
  AuthenticationMethod,
  AuthorizationRequest,
  Door,
  Grant,
  StoredClient,
  StoredSession,
} from '../model'
import type { TenantState } from '../state'

/** A login that waits for its user to authenticate. */
export interface LoginTransaction {
  id: string
  door: Door
  /** Value of the cookie of the browser it started in. */
  browser: string
  client: StoredClient
  request: AuthorizationRequest
  /** Set between the first and the second factor. */
  identified?: { identity: StoredSession['identity']; method: AuthenticationMethod }
  /** Set while the second factor is awaited of a login whose Actions have run. */
  ran?: PostLogin
  /** Set while a one-time code is awaited by the passwordless connection. */
  passwordless?: { email: string; code: string }
}

/** A login on its way through the post-login Actions. Plain data: a suspended one is kept as a copy. */
export interface PostLogin {
  transactionId: string
  door: Door
  protocol: string
  client: StoredClient
  scopes: string[]
  /** Of browser flows. */
  request?: AuthorizationRequest
  /** Value of the browser's cookie, of browser flows. */
  browser?: string
  /** The user the login is for; another one once an Action has switched. */
  userId: string
  /** The identity that was used to log in. */
  identity: StoredSession['identity']
  session?: StoredSession
  /** Whether the user who logged in has a second factor, or the application asked for one. */
  wantsFactor?: boolean
  methods: AuthenticationMethod[]
  /** Transaction metadata. */
  metadata: Record<string, string | number | boolean>
  idTokenClaims: Record<string, unknown>
  accessTokenClaims: Record<string, unknown>
  /** Requested and not yet written. */
  userMetadata: Record<string, unknown>
  appMetadata: Record<string, unknown>
  switched: boolean
  /** Index of the Action that runs next. */
  next: number
}

/** What a login holds before any Action has run. */
export const untouched = () => ({
  metadata: {},
  idTokenClaims: {},
  accessTokenClaims: {},
  userMetadata: {},
  appMetadata: {},
  switched: false,
  next: 0,
})

/** A login an Action has sent elsewhere. */
export interface SuspendedLogin {
  state: string
  /** The address the user was sent to. */
  url: string
  /** Milliseconds since the epoch. */
  startedAt: number
  login: PostLogin
}

/** Transactions, suspended logins and codes, in memory; a reset of the tenant clears them. */
export class Transactions {
  readonly logins = new Map<string, LoginTransaction>()
  readonly suspended = new Map<string, SuspendedLogin>()
  readonly codes = new Map<string, Grant>()

  /** @param state - The tenant whose control API is to list what is suspended here. */
  constructor(state: TenantState) {
    state.onReset(() => {
      for (const map of [this.logins, this.suspended, this.codes]) map.clear()
    })
    state.listTransactions = () =>
      [...this.suspended.values()].map(({ state, url, login }) => ({
        state,
        sub: login.userId,
        client_id: login.client.client_id,
        session_token: new URL(url).searchParams.get('session_token'),
      }))
  }
}

/** An unguessable value, safe in URLs and cookies. */
export function opaque(): string {
  return randomBytes(24).toString('base64url')
}
