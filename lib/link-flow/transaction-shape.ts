/**
 * The content of a link transaction. It travels in a cookie, so names that repeat are short and defaults are left out.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import { RIGHTS_KINDS } from '@/core/rights/rights'
import { AuthorizationAttempt } from '../oidc/authorization-attempt'

const Candidate = z.object({
  userId: z.string(),
  connection: z.string(),
  /** Which account stays if this one is linked. */
  stays: z.enum(['current', 'candidate']),
  /** Metadata fields carried over; absent if the token did not say. */
  carried: z.number().optional(),
  /** Names of those fields that the token names. */
  fields: z.array(z.string()).optional(),
  /** What becomes of the rights of the account that ends; absent if the token did not say. */
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
  /** Whether its proof needs a second factor. */
  mfa: z.boolean().optional(),
  /** Further ways into it, each as a provider or `strategy:connection`, and how many more there are. */
  also: z.array(z.string()).optional(),
  more: z.number().optional(),
  /** When it was created, in seconds since the epoch. */
  since: z.number().optional(),
})

const Attempt = AuthorizationAttempt.extend({
  /** Index into `candidates`. */
  candidate: z.number(),
  /** Whether the one nested arrival of the second authorization has passed. */
  passed: z.boolean().optional(),
})

/** One run of the redirect flow, as sealed into its cookie. Times are seconds since the epoch. */
export const TransactionShape = z.object({
  /** Names the flow in addresses and in its cookie: a hash of `state`. */
  handle: z.string(),
  state: z.string(),
  sub: z.string(),
  /** Connection of the current identity, as the token says. */
  connection: z.string(),
  /** Whether that is the connection of another identity of the same account. */
  isOtherConnection: z.boolean().optional(),
  transactionId: z.string().optional(),
  /** Names the session token that opened the flow. */
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
  /** Whether one of the published Actions opened it: they store no decline. */
  isDocumented: z.boolean().optional(),
  previous: z.object({ result: z.enum(['failed', 'unknown']), at: z.number() }).optional(),
  candidates: z.array(Candidate),
  csrf: z.string(),
  openedAt: z.number(),
  touchedAt: z.number(),
  /** A second authorization that was started and has not come back. */
  attempt: Attempt.optional(),
  /** The candidate that was proven, and the `state` of the authorization that proved it. */
  proof: z
    .object({
      candidate: z.number(),
      state: z.string(),
      /** When, by our clock, in milliseconds since the epoch. Flows from before an upgrade have none of these fields. */
      at: z.number().optional(),
      /** When the person signed in for it, by the tenant's clock, and the tenant's name of the session that began with it. */
      authTime: z.number().optional(),
      sid: z.string().optional(),
      /** The address that the tenant named at that sign-in. */
      email: z.string().optional(),
    })
    .optional(),
  /** The account that was signed in to instead, as it may be shown. */
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
