/**
 * The content of a link transaction: the state of one flow, from the arrival of a session token to the person's answer. A
 * cookie holds it, so repeated names are short and defaults are left out.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import { RIGHTS_KINDS } from '@/core/rights/rights'
import { AuthorizationAttempt } from '../oidc/authorization-attempt'

const Candidate = z.object({
  userId: z.string(),
  connection: z.string(),
  /** Which account becomes the primary if this candidate is linked. */
  stays: z.enum(['current', 'candidate']),
  /** How many metadata fields are carried over; absent if the token did not say. */
  carried: z.number().optional(),
  /** The names of the carried fields, as many of them as the token lists. */
  fields: z.array(z.string()).optional(),
  /** Which rights of the secondary account the primary gets, and which may be lost; absent if the token did not say. */
  rights: z
    .object({
      roles: z.array(z.string()).optional(),
      organizations: z.array(z.string()).optional(),
      permissions: z.number().optional(),
      more: z.number().optional(),
      enroll: z.boolean().optional(),
      lost: z.array(z.enum(RIGHTS_KINDS)).optional(),
    })
    .optional(),
  /** Whether proving this account needs a second factor. */
  mfa: z.boolean().optional(),
  /** Further identities of this account, each as a provider or `strategy:connection`. `more` says how many are not listed. */
  also: z.array(z.string()).optional(),
  more: z.number().optional(),
  /** When the account was created, in seconds since the epoch. */
  since: z.number().optional(),
})

const Attempt = AuthorizationAttempt.extend({
  /** Index into `candidates`. */
  candidate: z.number(),
  /** Whether a session token from the login of this authorization has already arrived at `/link`. */
  passed: z.boolean().optional(),
})

/** One run of the redirect flow, as sealed into its cookie. Times are seconds since the epoch. */
export const TransactionShape = z.object({
  /** The id of the flow in URLs and in its cookie's name: a hash of `state`. */
  handle: z.string(),
  state: z.string(),
  sub: z.string(),
  /** The connection of the current account, from the session token. */
  connection: z.string(),
  /** Whether `connection` belongs to another identity of the current account than the one that `sub` names. */
  isOtherConnection: z.boolean().optional(),
  transactionId: z.string().optional(),
  /** Identifies the session token that opened the flow. */
  replayKey: z.string(),
  key: z.enum(['current', 'previous']),
  /** Host of the domain at which the login runs. */
  domain: z.string(),
  email: z.string().optional(),
  clientId: z.string().optional(),
  clientName: z.string().optional(),
  uiLocales: z.string().optional(),
  /** Id of the organization that the person signs in to. */
  organization: z.string().optional(),
  /** Whether one of Auth0's published sample Actions opened the flow. These do not remember "Don't ask again". */
  isDocumented: z.boolean().optional(),
  previous: z.object({ result: z.enum(['failed', 'unknown']), at: z.number() }).optional(),
  candidates: z.array(Candidate),
  csrf: z.string(),
  openedAt: z.number(),
  touchedAt: z.number(),
  /** A second authorization that was started and whose callback has not arrived. */
  attempt: Attempt.optional(),
  /** The candidate that was proven, and the `state` of the authorization that proved it. */
  proof: z
    .object({
      candidate: z.number(),
      state: z.string(),
      /**
       * When the person proved it, by our clock, in milliseconds since the epoch. A flow that an older version of this
       * service opened lacks this field and those below.
       */
      at: z.number().optional(),
      /** When the person signed in to prove it, by the tenant's clock, and the `sid` of the tenant session that this started. */
      authTime: z.number().optional(),
      sid: z.string().optional(),
      /** Whether that sign-in used a second factor. */
      hasUsedMfa: z.boolean().optional(),
      /** The email address in that sign-in's ID token. */
      email: z.string().optional(),
    })
    .optional(),
  /** The account that the person signed in to instead of the candidate that they chose. The email address is masked. */
  wrong: z
    .object({
      candidate: z.number(),
      isCurrent: z.boolean(),
      provider: z.string(),
      email: z.string().optional(),
    })
    .optional(),
})

/** One run of the redirect flow. */
export type LinkTransaction = z.infer<typeof TransactionShape>
/** An account that may be linked in this flow. */
export type FlowCandidate = z.infer<typeof Candidate>
/** A second authorization under way. */
export type CandidateAttempt = z.infer<typeof Attempt>
