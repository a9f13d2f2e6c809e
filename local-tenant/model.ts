/**
 * The records that the local tenant keeps in memory. Those that the Management API returns have its shape, in snake_case;
 * those of a login under way are in camelCase.
 * @module
 */

import type { UserRights } from './rights-model'

/** One entry of `user.identities`, as stored. Linked identities (all but the first) have `profileData`. */
export interface StoredIdentity {
  provider: string
  /** The identity's id: the part of a user id after the first bar. It may contain bars itself. */
  user_id: string
  /** Connection name. */
  connection: string
  isSocial: boolean
  profileData?: Record<string, unknown>
  /**
   * The password of a linked database account. The password of a user's own identity is `StoredUser.password`. Only `GET
   * /_tenant/world` shows passwords.
   */
  password?: string
}

/** A user. `identities[0]` is the user's own identity; `user_id` is its `provider|user_id`. */
export interface StoredUser {
  user_id: string
  /** Null if a provider sent null. */
  email?: string | null
  email_verified?: boolean
  phone_number?: string
  phone_verified?: boolean
  username?: string
  name?: string
  nickname?: string
  given_name?: string
  family_name?: string
  picture?: string
  blocked?: boolean
  /** Set on database users only. Only `GET /_tenant/world` shows it. */
  password?: string
  /**
   * Whether the user is asked for a one-time code (`000000`) at login. The Management API shows it as
   * `multifactor: ["otp"]`.
   */
  mfa?: boolean
  created_at: string
  updated_at: string
  last_login?: string
  last_ip?: string
  last_password_reset?: string
  /** 0 before the first login; the Management API then leaves it out. */
  logins_count: number
  user_metadata: Record<string, unknown>
  /**
   * True after a change to an empty object has cleared `user_metadata`. The Management API then shows an empty object; it
   * leaves out an `app_metadata` that was cleared.
   */
  user_metadata_cleared?: boolean
  app_metadata: Record<string, unknown>
  identities: StoredIdentity[]
  /**
   * The user's roles, permissions, organization memberships and authentication methods; may be absent if there are none.
   * `GET /users/{id}` does not show them.
   */
  rights?: UserRights
}

/** A registered application. */
export interface StoredClient {
  client_id: string
  /** Absent for public clients. */
  client_secret?: string
  name: string
  callbacks: string[]
  allowed_logout_urls: string[]
  /** Origins whose scripts may send requests to the tenant (CORS). */
  web_origins: string[]
  client_metadata: Record<string, string>
  grant_types: string[]
  /** Further properties that the Management API shows. At a login, the tenant uses only `jwt_configuration.alg` of them. */
  settings?: Record<string, unknown>
}

/** A client grant: the scopes of an API that a client may request, either for itself (client credentials) or for users. */
export interface StoredClientGrant {
  id: string
  /** Absent if the grant is a default for several clients. */
  client_id?: string | undefined
  /** The clients that the grant is the default for. */
  default_for?: 'third_party_clients' | undefined
  audience: string
  subject_type: 'client' | 'user'
  /** Absent if the grant allows every scope. */
  scope?: string[] | undefined
  allow_all_scopes?: boolean | undefined
  allow_any_organization?: boolean | undefined
  organization_usage?: string | undefined
  authorization_details_types?: string[] | undefined
}

/** An API, in the form that the Management API shows. */
export interface StoredResourceServer {
  id: string
  /** The audience of tokens for this API. */
  identifier: string
  scopes?: { value: string; description?: string | undefined }[]
  /** Whether this is the Management API. */
  is_system?: boolean
  [setting: string]: unknown
}

/** A configured connection. If `clients` is absent, the connection is enabled for every client. */
export interface StoredConnection {
  id: string
  name: string
  strategy: string
  display_name?: string
  clients?: string[]
  /** Whether users can log in through this connection. */
  authentication: { active: boolean }
  /** Whether this connection is for Connected Accounts (Token Vault), a different feature than account linking. */
  connected_accounts: { active: boolean }
  /**
   * Settings of the identity provider. The Management API shows them to callers with the scope `read:connections_options`
   * only.
   */
  options: Record<string, unknown>
  /** Present if users are provisioned by SCIM: the SCIM settings that differ from the defaults. */
  scim_configuration?: Record<string, unknown>
  /** Present if users are provisioned from a directory: the provisioning settings that differ from the defaults. */
  directory_provisioning?: Record<string, unknown>
}

/** A Rule. The tenant shows Rules but does not run them. */
export interface StoredRule {
  id: string
  name: string
  script: string
  /** Rules with a lower number come first. */
  order: number
  enabled: boolean
  stage: 'login_success' | 'login_failure' | 'pre_authorize'
}

/** An SSO session. A browser has one at each domain of the tenant. */
export interface StoredSession {
  id: string
  user_id: string
  /** The identity that the user logged in with. */
  identity: { provider: string; user_id: string; connection: string }
  /** Seconds since the epoch. */
  auth_time: number
  amr: string[]
  created_at: string
  /** When a login last used the session. If it is absent, the time of authentication counts. */
  updated_at?: string
  client_ids: string[]
  /** How the user authenticated, as `event.authentication.methods` shows it. */
  methods?: AuthenticationMethod[]
}

/** The record of a refresh token. It does not contain the token, which is the key in `TenantState.refreshTokens`. */
export interface StoredRefreshToken {
  /** The id that the Management API uses, which is not the token. */
  id: string
  created_at: string
  grant: Grant
}

/** One entry of `event.authentication.methods`. */
export interface AuthenticationMethod {
  /** `pwd`, `federated`, `email`, `mfa`, or the URL that an Action recorded. */
  name: string
  /** ISO date. */
  timestamp: string
  /** The second factor, for example `otp`. Set for `mfa` only. */
  type?: string
}

/** A job of the Management API. */
export interface StoredJob {
  type: 'verification_email'
  status: 'pending' | 'completed'
  created_at: string
  id: string
}

/**
 * One of the tenant's two domains: `login` is the custom domain, which browsers use, and `canonical` is the tenant's own
 * domain, which servers use. Responses and tokens carry the issuer of the domain that the request was sent to.
 */
export interface Door {
  name: 'login' | 'canonical'
  /** The origin, without a trailing slash. */
  origin: string
  /** `origin` with a trailing slash. */
  issuer: string
}

/**
 * How the authorization response reaches the application: in the query or fragment of the callback URL, or through an HTML
 * document.
 */
export type ResponseMode = 'query' | 'fragment' | 'form_post' | 'web_message'

/** Parameters of an accepted authorization request. */
export interface AuthorizationRequest {
  /** All parameters as sent, for Actions. */
  query: Record<string, string>
  redirectUri: string
  /** The words of `response_type`. */
  responseTypes: string[]
  responseMode: ResponseMode
  scopes: string[]
  prompt: string[]
  acrValues: string[]
  uiLocales: string[]
  state?: string
  nonce?: string
  codeChallenge?: string
  /** `max_age`, in seconds. */
  maxAge?: number
  loginHint?: string
  connection?: string
  audience?: string
  organization?: string
}

/** The organization of a login. */
export interface LoginOrganization {
  id: string
  name: string
}

/** What an authorization code or a refresh token can be exchanged for. */
export interface Grant {
  clientId: string
  userId: string
  identity: StoredSession['identity']
  door: Door
  scopes: string[]
  audience?: string
  sessionId?: string
  /** Seconds since the epoch. */
  authTime: number
  amr: string[]
  methods: AuthenticationMethod[]
  idTokenClaims: Record<string, unknown>
  accessTokenClaims: Record<string, unknown>
  nonce?: string
  /** The organization that the user logged in to, if any. */
  organization?: LoginOrganization | undefined
  redirectUri?: string
  codeChallenge?: string
  /** Milliseconds since the epoch. */
  issuedAt: number
}
