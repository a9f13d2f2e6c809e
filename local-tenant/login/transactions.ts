/**
 * What the tenant stores between the requests of a login.
 * @module
 */
import { randomBytes } from 'node:crypto'
import type {
  AuthenticationMethod,
  AuthorizationRequest,
  Door,
  Grant,
  LoginOrganization,
  StoredClient,
  StoredSession,
} from '../model'
import type { TenantState } from '../state'

/** A login in which the user still has to authenticate or to enroll a second factor. */
export interface LoginTransaction {
  id: string
  door: Door
  /** Value of the cookie that identifies the browser that started the login. */
  browser: string
  client: StoredClient
  request: AuthorizationRequest
  /** Set after the first factor, if the user must prove a second factor before the Actions run. */
  identified?: { identity: StoredSession['identity']; method: AuthenticationMethod }
  /** Set if the Actions have run and only the second factor is missing. */
  ran?: PostLogin
  /** Set after an Action has asked the user to enroll one of these factors, until the user has done so. */
  enrolling?: { login: PostLogin; factors: string[] }
  /** Set while the passwordless connection waits for a one-time code. */
  passwordless?: { email: string; code: string }
}

/** A login that is running its post-login Actions. It is plain data, so that a suspended login can be stored as a copy. */
export interface PostLogin {
  transactionId: string
  door: Door
  protocol: string
  client: StoredClient
  scopes: string[]
  /** Set for browser logins. */
  request?: AuthorizationRequest
  /** Value of the cookie that identifies the browser; set for browser logins. */
  browser?: string
  /** The organization that the login is for, if any. */
  organization?: LoginOrganization | undefined
  /** The user of the login. It changes if an Action switches the primary user. */
  userId: string
  /** The identity that was used to log in. */
  identity: StoredSession['identity']
  session?: StoredSession
  /** Whether the user who logged in has a second factor, or the application asks for one. */
  needsFactor?: boolean
  methods: AuthenticationMethod[]
  /** The transaction metadata that Actions set. */
  metadata: Record<string, string | number | boolean>
  idTokenClaims: Record<string, unknown>
  accessTokenClaims: Record<string, unknown>
  /** Changes of metadata that Actions asked for and that are not stored yet. */
  userMetadata: Record<string, unknown>
  appMetadata: Record<string, unknown>
  switched: boolean
  /** Index of the next Action to run. */
  next: number
}

/** Returns the fields of a login before any Action has run. */
export const initialLoginState = () => ({
  metadata: {},
  idTokenClaims: {},
  accessTokenClaims: {},
  userMetadata: {},
  appMetadata: {},
  switched: false,
  next: 0,
})

/** A login that an Action has suspended by a redirect. */
export interface SuspendedLogin {
  state: string
  /** The URL that the user was redirected to. */
  url: string
  /** Milliseconds since the epoch. */
  startedAt: number
  login: PostLogin
}

/** Pending logins, suspended logins and codes, in memory. A reset of the tenant clears them. */
export class Transactions {
  readonly logins = new Map<string, LoginTransaction>()
  readonly suspended = new Map<string, SuspendedLogin>()
  readonly codes = new Map<string, Grant>()

  /** @param state - The tenant. Its control API lists the logins that are suspended here. */
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

/** Returns an unguessable value that is safe in URLs and cookies. */
export function randomToken(): string {
  return randomBytes(24).toString('base64url')
}
