/**
 * The facts about an installation that the checks judge. A fact that could not be read is undefined, and `unread` names
 * it.
 * @module
 */
import type { Correction } from '../../lib/brand/colors'
import type { Config } from '../../lib/config/config'
import type { SmtpFailure } from '../../lib/mail/smtp'
import type { ActualAction, ActualApi, ActualBinding, ActualClient, ActualConnection } from '../shared/actual'
import type { Desired } from '../shared/desired'
import type { Finding } from './catalogue'

/** The deployed service, as it answers. */
export interface ServiceFacts {
  /** Whether it offers links. */
  isOffering: boolean
  /** What it reports as unreachable: `tenant`, `redis`. */
  down: string[]
  /** What it reports for the operator to look at: `step_up_without_factor`. */
  warnings: string[]
  /** Whether it accepts tokens signed with the shared secret, and with the previous one if there is one. */
  takesSecret: boolean
  takesPrevious: boolean | undefined
  /** The highest version of snapshots that it can read. */
  snapshots: number
  /** Its version; undefined for one before 0.2.0. */
  version: string | undefined
  /** Whether it sends `strict-transport-security`. */
  isStrict: boolean
  /** The address to which the sign-in of its page redirects, with the cookies it sets; or what it answers instead. */
  login: SignIn | BrokenSignIn
  /** How far its clock is ahead of ours, in seconds. */
  clock: number | undefined
}

/** A working sign-in of the page: it redirects to the tenant. */
export interface SignIn {
  url: URL
  cookies: string[]
}

/** A sign-in that does not redirect. Without a status, the service did not answer. */
export interface BrokenSignIn {
  status: number | undefined
}

/** What Redis says of itself, as far as it does. */
export interface RedisFacts {
  version: string | undefined
  /** `maxmemory-policy`: what it does when it is full. */
  policy: string | undefined
}

/** Something that could not be read. */
export interface Unread {
  what: string
  /** The reason, in a sentence. */
  reason: string
  /** How to fix that, in a sentence. */
  fix: string
}

/** The result of asking for a token with the service's own credentials. */
export type Granted = { scopes: string[] } | { status: number | undefined }

/** The tenant's brand, as the service reads it. */
export interface BrandFacts {
  /** What could not be read, and the code that the service logs. */
  unread: { what: string; code: string }[]
  /** Colors that pages show otherwise. */
  corrections: Correction[]
}

/** A connection, and whether SCIM or directory sync feeds it. */
export interface ConnectionFacts extends ActualConnection {
  isProvisioned: boolean
}

/** An organization, and the connections through which its members sign in. */
export interface OrganizationFacts {
  name: string
  connections: { name: string; strategy: string }[]
}

/** A profile of more bytes is near the limit: Auth0 allows 10 kB, and a link needs room for a snapshot. */
export const LARGE_PROFILE_BYTES = 8_000

/** How large the profiles of a sample are. */
export interface ProfileFacts {
  sampled: number
  /** How many have more than {@link LARGE_PROFILE_BYTES}. */
  large: number
}

/** What came of trying the server that sends mails. */
export interface MailFacts {
  /** Undefined if it takes them. */
  failure: SmtpFailure | undefined
}

/** How the application at `ADOPTION_URL` answers: statuses, undefined without an answer. */
export interface AdoptionFacts {
  /** To a ping that the service's key signs. */
  signed: number | undefined
  /** To one that another key signs. */
  forged: number | undefined
}

/** The facts that the checks judge. */
export interface Facts {
  config: Config
  /** What `auth0/` describes, filled in from the service's environment. */
  desired: Desired
  /** Fingerprints of the Action's secrets as `npm run provision` set them last, by name. */
  fingerprints: Record<string, string>
  /** Issuers of those sign-in domains whose discovery document names another issuer or cannot be read. */
  wrongLoginIssuers: string[]
  /** Whether the canonical domain names itself as issuer. */
  isCanonicalIssuer: boolean
  /** How far the tenant's clock is ahead of ours, in seconds. */
  clock: number | undefined
  /** The burst of calls that the Management API allows. */
  burst: number | undefined
  /** Undefined if the service links without credentials of its own. */
  granted: Granted | undefined
  /** Undefined if the service does not read the tenant's brand. */
  brand: BrandFacts | undefined
  /** Whether the tenant accepts the secrets of the two applications; undefined if its answer did not show it. */
  takesSecret: { settings: boolean | undefined; proof: boolean | undefined }
  /** Undefined if the service does not answer. */
  service: ServiceFacts | undefined
  /** Undefined if there is none, or if it does not answer here. */
  redis: RedisFacts | undefined
  /** Undefined if no application moves its own data with a link. */
  adoption: AdoptionFacts | undefined
  /** Undefined if no mails are sent. */
  mail: MailFacts | undefined
  clients: ActualClient[] | undefined
  /** The APIs of the tenant. */
  apis: ActualApi[] | undefined
  connections: ConnectionFacts[] | undefined
  /** The first of them; undefined if no membership is carried over. */
  organizations: OrganizationFacts[] | undefined
  /** Undefined if the service reads no accounts with credentials of its own. */
  profiles: ProfileFacts | undefined
  actions: ActualAction[] | undefined
  /** In the order of the trigger. */
  bindings: ActualBinding[] | undefined
  /** Names of the Rules that are turned on. */
  rules: string[] | undefined
  unread: Unread[]
}

/** Judges facts. Makes no calls, and uses neither a clock nor randomness. */
export type Check = (facts: Facts) => Finding[]
