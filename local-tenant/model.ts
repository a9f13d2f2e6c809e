/**
 * Everything the local tenant knows, in memory. One object per tenant; endpoints read and change it directly.
 * Shapes are those of Auth0's Management API, in snake_case, because that is what the tenant speaks.
 * @module
 */

/** One entry of `user.identities`, as stored. `profileData` is there on linked (non-first) identities. */
export interface StoredIdentity {
  provider: string
  /** The part after the first bar of a user id; may hold bars itself. */
  user_id: string
  /** Connection name. */
  connection: string
  isSocial: boolean
  profileData?: Record<string, unknown>
  /** Of a linked database account; that of a user's own identity is `StoredUser.password`. Never leaves the tenant but by the world export. */
  password?: string
}

/** A user. `identities[0]` is its own; `user_id` is `provider|identities[0].user_id`. */
export interface StoredUser {
  user_id: string
  email?: string
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
  /** Database connections only; never leaves the tenant but by the world export. */
  password?: string
  /** Asked for a one-time code (`000000`) at login; shown as `multifactor: ["otp"]` by the Management API. */
  mfa?: boolean
  created_at: string
  updated_at: string
  last_login?: string
  last_ip?: string
  last_password_reset?: string
  /** 0 before the first login, and not shown then. */
  logins_count: number
  user_metadata: Record<string, unknown>
  /** Set once an empty object has cleared `user_metadata`: it is then shown empty. `app_metadata` is not. */
  user_metadata_cleared?: boolean
  app_metadata: Record<string, unknown>
  identities: StoredIdentity[]
}

/** A registered application. */
export interface StoredClient {
  client_id: string
  /** Absent for public clients. */
  client_secret?: string
  name: string
  callbacks: string[]
  allowed_logout_urls: string[]
  /** Origins whose scripts may call the tenant. */
  web_origins: string[]
  client_metadata: Record<string, string>
  grant_types: string[]
  /** What else the Management API keeps of it and the tenant does nothing with. */
  settings?: Record<string, unknown>
}

/** What a client may ask of an API: for itself by client credentials, or for people. */
export interface StoredClientGrant {
  id: string
  /** Absent if the grant is a default. */
  client_id?: string | undefined
  /** For which clients it is the default. */
  default_for?: 'third_party_clients' | undefined
  audience: string
  subject_type: 'client' | 'user'
  /** Absent if it is every scope. */
  scope?: string[] | undefined
  allow_all_scopes?: boolean | undefined
  allow_any_organization?: boolean | undefined
  organization_usage?: string | undefined
  authorization_details_types?: string[] | undefined
}

/** An API, as the Management API shows it. */
export interface StoredResourceServer {
  id: string
  /** The audience of tokens for it. */
  identifier: string
  scopes?: { value: string; description?: string | undefined }[]
  /** Whether it is the Management API. */
  is_system?: boolean
  [setting: string]: unknown
}

/** A configured connection. `clients` absent: enabled for every client. */
export interface StoredConnection {
  id: string
  name: string
  strategy: string
  display_name?: string
  clients?: string[]
  /** Whether it can log anyone in. */
  authentication: { active: boolean }
  /** Whether it is for Connected Accounts (Token Vault), which is another feature than linking. */
  connected_accounts: { active: boolean }
  /** Of the provider; shown to callers with the scope for it. */
  options: Record<string, unknown>
  /** There where SCIM feeds it: what differs from the usual. */
  scim_configuration?: Record<string, unknown>
  /** The same of directory sync. */
  directory_provisioning?: Record<string, unknown>
}

/** A Rule, to be read: none is run. */
export interface StoredRule {
  id: string
  name: string
  script: string
  /** Lower ones come first. */
  order: number
  enabled: boolean
  stage: 'login_success' | 'login_failure' | 'pre_authorize'
}

/** An SSO session: one per browser and door. */
export interface StoredSession {
  id: string
  user_id: string
  /** The identity used for the login. */
  identity: { provider: string; user_id: string; connection: string }
  /** Seconds since the epoch. */
  auth_time: number
  amr: string[]
  created_at: string
  /** When it last answered an application; when it was authenticated where it never did. */
  updated_at?: string
  client_ids: string[]
  /** What was done to authenticate, as `event.authentication.methods` shows it. */
  methods?: AuthenticationMethod[]
}

/** What a refresh token stands for. The token itself is a secret, and the key it is kept under. */
export interface StoredRefreshToken {
  /** Names it in the Management API. */
  id: string
  created_at: string
  grant: Grant
}

/** One entry of `event.authentication.methods`. */
export interface AuthenticationMethod {
  /** `pwd`, `federated`, `email`, `mfa`, or the URL an Action recorded. */
  name: string
  /** ISO date. */
  timestamp: string
  /** Of `mfa` only. */
  type?: string
}

/** One call the tenant got, as the control API shows it. Secrets are masked before it is stored. */
export interface LedgerEntry {
  n: number
  at: string
  method: string
  /** As sent: ids in it are percent-encoded. */
  path: string
  query: Record<string, string>
  body: unknown
  /** 0 while unanswered, and for good when the connection was dropped. */
  status: number
  client_id: string | null
  sub: string | null
  effect: 'link' | 'unlink' | 'patch' | 'create' | 'delete' | null
}

/** A fault to play, as the control API takes it. */
export interface FaultRule {
  match: { method?: string; path?: string; nth?: number }
  effect: {
    status?: number
    headers?: Record<string, string>
    body?: unknown
    delay_ms?: number
    drop?: 'before' | 'after'
    truncate?: boolean
  }
  times?: number
}

/** A fault being played, and how far it got. */
export interface ActiveFault {
  rule: FaultRule
  /** Calls that matched method and path so far. */
  seen: number
  /** Times the effect was played so far. */
  played: number
}

/** A suspended login, as the control API lists it. */
export interface ListedTransaction {
  state: string
  sub: string
  client_id: string
  session_token: string | null
}

/** A line of an Action's console, or an error it threw. */
export interface ActionLog {
  at: string
  action: string
  handler: string
  user_id: string
  line: string
}

/** What an application reported to the tenant as its events webhook. */
export interface ReceivedEvent {
  at: string
  /** Those of Standard Webhooks that came along: `webhook-id`, `webhook-timestamp` and `webhook-signature`. */
  headers: Record<string, string>
  body: unknown
}

/** A mail that asks for proof of an address. It goes nowhere: it is kept here. */
export interface SentMail {
  at: string
  type: 'verification_email'
  to: string
  user_id: string
  /** The identity whose address is to be verified. */
  identity: { provider: string; user_id: string }
  /** Of the application that the caller named. */
  client_id: string | null
  /** The link in the mail; it works once. */
  url: string
  /** Whether the link was used. */
  used?: boolean
}

/** A job of the Management API. */
export interface StoredJob {
  type: 'verification_email'
  status: 'pending' | 'completed'
  created_at: string
  id: string
}

/** A one-time code sent to an address by the passwordless connection. */
export interface SentCode {
  email: string
  code: string
  at: string
}

/** The address a request came in by. Everything answered or issued through it carries its issuer. */
export interface Door {
  name: 'login' | 'canonical'
  /** Without a trailing slash. */
  origin: string
  /** `origin` with a trailing slash. */
  issuer: string
}

/** In which part of the callback's address the answer is put, or the document that hands it over instead. */
export type ResponseMode = 'query' | 'fragment' | 'form_post' | 'web_message'

/** Parameters of an accepted authorization request. */
export interface AuthorizationRequest {
  /** All parameters as they came, for Actions. */
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
  /** Seconds. */
  maxAge?: number
  loginHint?: string
  connection?: string
  audience?: string
  organization?: string
}

/** What an authorization code or a refresh token stands for. */
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
  redirectUri?: string
  codeChallenge?: string
  /** Milliseconds since the epoch. */
  issuedAt: number
}
