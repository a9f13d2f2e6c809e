/**
 * What is known of an installation when it is judged. What could not be read is undefined, and named in `unread`.
 * @module
 */
import type { Config } from '../../lib/config/config'
import type { ActualAction, ActualBinding, ActualClient, ActualConnection } from '../shared/actual'
import type { Desired } from '../shared/desired'
import type { Finding } from './catalogue'

/** The deployed service, as it answers. */
export interface ServiceFacts {
  /** Whether it offers links. */
  isOffering: boolean
  /** What it says that it cannot reach: `tenant`, `redis`. */
  down: string[]
  /** What it says that the operator has to look at: `step_up_without_factor`. */
  warnings: string[]
  /** Whether it takes tokens signed with the shared secret, and with the one before it where there is one. */
  takesSecret: boolean
  takesPrevious: boolean | undefined
  /** Up to which version it reads snapshots. */
  snapshots: number
  /** Its version; undefined for one before 0.2.0. */
  version: string | undefined
  /** Whether it tells browsers to stay with TLS. */
  isStrict: boolean
  /** Where the sign-in of its page leads, and the cookies that come with that; or what it answers instead. */
  login: SignIn | BrokenSignIn
  /** How far its clock goes ahead of this one, in seconds. */
  clock: number | undefined
}

/** The page's sign-in as it should be: it leads to the tenant. */
export interface SignIn {
  url: URL
  cookies: string[]
}

/** A sign-in that leads nowhere; without a status it did not answer. */
export interface BrokenSignIn {
  status: number | undefined
}

/** Something that could not be read. */
export interface Unread {
  what: string
  /** A sentence: why not. */
  reason: string
  /** A sentence: what to do about it. */
  fix: string
}

/** What came of asking for a token with the service's own credentials. */
export type Granted = { scopes: string[] } | { status: number | undefined }

/** A connection, and whether SCIM or directory sync feeds it. */
export interface ConnectionFacts extends ActualConnection {
  isProvisioned: boolean
}

/** What the checks judge. */
export interface Facts {
  config: Config
  /** What `auth0/` describes, filled with the service's environment. */
  desired: Desired
  /** Of the Action's secrets as `npm run provision` set them last, by name. */
  fingerprints: Record<string, string>
  /** Issuers of the domains at which people sign in, those alone that do not say that they are that domain. */
  wrongLoginIssuers: string[]
  /** The same of the canonical domain. */
  isCanonicalIssuer: boolean
  /** How far the tenant's clock goes ahead of this one, in seconds. */
  clock: number | undefined
  /** Calls that the Management API takes at once. */
  burst: number | undefined
  /** Undefined where nobody links with credentials of the service. */
  granted: Granted | undefined
  /** Whether the tenant takes the secrets of the two applications; undefined where it did not say. */
  takesSecret: { settings: boolean | undefined; proof: boolean | undefined }
  /** Undefined where the service does not answer. */
  service: ServiceFacts | undefined
  clients: ActualClient[] | undefined
  connections: ConnectionFacts[] | undefined
  actions: ActualAction[] | undefined
  /** In the order of the trigger. */
  bindings: ActualBinding[] | undefined
  /** Names of Rules that are switched on. */
  rules: string[] | undefined
  unread: Unread[]
}

/** Judges facts; without calls, clocks or chance. */
export type Check = (facts: Facts) => Finding[]
