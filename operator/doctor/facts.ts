/**
 * The facts about an installation that the checks use. A fact that could not be read is undefined, and `unread` names it.
 * @module
 */
import type { Correction } from '../../lib/brand/colors'
import type { Config } from '../../lib/config/config'
import type { SmtpFailure } from '../../lib/mail/smtp'
import type {
  ActualAction,
  ActualApi,
  ActualBinding,
  ActualClient,
  ActualConnection,
  ActualEventStream,
} from '../shared/actual'
import type { Desired } from '../shared/desired'
import type { Finding } from './catalogue'

/** What the deployed service's responses show. */
export interface ServiceFacts {
  /** Whether the service offers links. */
  isOffering: boolean
  /** What the service reports as unreachable: `tenant`, `redis`. */
  down: string[]
  /** Warnings that the service reports to the operator: `step_up_without_factor`. */
  warnings: string[]
  /** Whether the service accepts tokens signed with `SESSION_TOKEN_SHARED_SECRET`. */
  isSharedSecretAccepted: boolean
  /** Whether the service accepts tokens signed with `SESSION_TOKEN_SHARED_SECRET_PREVIOUS`; undefined if that is not set. */
  isPreviousSecretAccepted: boolean | undefined
  /** The highest version of snapshots that the service can read. */
  snapshots: number
  /** The service's version; undefined if older than 0.2.0. */
  version: string | undefined
  /** Whether the service sends the header `strict-transport-security`. */
  isStrict: boolean
  /** The response of `/auth/login`: the redirect with its cookies, or the status if it does not redirect. */
  login: SignIn | BrokenSignIn
  /** How far the service's clock is ahead of ours, in seconds. */
  clock: number | undefined
}

/** A working sign-in: it redirects to the tenant. */
export interface SignIn {
  url: URL
  cookies: string[]
}

/** A sign-in that does not redirect. Without a status, there was no response. */
export interface BrokenSignIn {
  status: number | undefined
}

/** What Redis reports about itself. */
export interface RedisFacts {
  version: string | undefined
  /** `maxmemory-policy`: what Redis does if its memory is full. */
  policy: string | undefined
}

/** Something that could not be read. */
export interface Unread {
  what: string
  /** The reason, as a sentence. */
  reason: string
  /** How to fix the problem, as a sentence. */
  fix: string
}

/** The result of asking for a token with the service's own credentials. */
export type Granted = { scopes: string[] } | { status: number | undefined }

/** The tenant's brand, as the service reads it. */
export interface BrandFacts {
  /** What could not be read, and the code that the service logs for it. */
  unread: { what: string; code: string }[]
  /** Colors that pages change for contrast. */
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

/** A profile with more bytes than this is near the limit: Auth0 allows 10 kB, and a link needs room for a snapshot. */
export const LARGE_PROFILE_BYTES = 8_000

/** How many profiles of a sample are large. */
export interface ProfileFacts {
  sampled: number
  /** Number of profiles with more than {@link LARGE_PROFILE_BYTES}. */
  large: number
}

/** Whether the server that sends mails takes them. */
export interface MailFacts {
  /** Why it does not take mails; undefined if it does. */
  failure: SmtpFailure | undefined
}

/** HTTP statuses of the application at `ADOPTION_URL`; undefined if it did not respond. */
export interface AdoptionFacts {
  /** Response to a ping signed with the service's key. */
  signed: number | undefined
  /** Response to a ping signed with another key. */
  forged: number | undefined
}

/** The facts that the checks use. */
export interface InstallationFacts {
  config: Config
  /** What `auth0/` describes, filled in from the service's environment. */
  desired: Desired
  /** Fingerprints of the values that `npm run provision` last set as the Action's secrets, by name. */
  fingerprints: Record<string, string>
  /** Issuers of those sign-in domains whose discovery document names another issuer or cannot be read. */
  wrongLoginIssuers: string[]
  /** Whether the canonical domain names itself as issuer. */
  isCanonicalIssuer: boolean
  /** How far the tenant's clock is ahead of ours, in seconds. */
  clock: number | undefined
  /** The burst of API calls that the Management API's rate limit allows. */
  burst: number | undefined
  /** Undefined if the service has no credentials of its own for the Management API. */
  granted: Granted | undefined
  /** Undefined if the service does not read the tenant's brand, or gets no token to read it. */
  brand: BrandFacts | undefined
  /** Whether the tenant accepts the secrets of the two applications; undefined if the tenant's response did not show it. */
  isClientSecretAccepted: { settings: boolean | undefined; proof: boolean | undefined }
  /** Undefined if the service does not respond. */
  service: ServiceFacts | undefined
  /** Undefined if `REDIS_URL` is not set, or Redis cannot be reached from here. */
  redis: RedisFacts | undefined
  /** Undefined if `ADOPTION_URL` is not set. */
  adoption: AdoptionFacts | undefined
  /** Undefined if `AUTH0_EVENTS_SECRET` is not set. */
  eventStreams: ActualEventStream[] | undefined
  /** Undefined if `SMTP_URL` is not set: then the service sends no mails. */
  mail: MailFacts | undefined
  clients: ActualClient[] | undefined
  /** The APIs of the tenant. */
  apis: ActualApi[] | undefined
  connections: ConnectionFacts[] | undefined
  /** The first page of the tenant's organizations; undefined if no rule carries memberships over. */
  organizations: OrganizationFacts[] | undefined
  /** Undefined if the service has no credentials of its own for the Management API, or gets no token. */
  profiles: ProfileFacts | undefined
  actions: ActualAction[] | undefined
  /** The Actions bound to the post-login trigger, in their order. */
  bindings: ActualBinding[] | undefined
  /** Names of the Rules that are turned on. */
  rules: string[] | undefined
  unread: Unread[]
}

/** Returns the problems that the facts show. Makes no requests, and uses neither a clock nor randomness. */
export type DoctorCheck = (facts: InstallationFacts) => Finding[]
