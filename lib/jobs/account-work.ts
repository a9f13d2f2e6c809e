/**
 * The background jobs that work on accounts: their data, and an interface for the code that runs them. That code is loaded only when
 * there is such a job, so a function that responds to logins does not contain it.
 * @module
 */
import 'server-only'
import { z } from 'zod'

/** A link that may have been interrupted, for a job that checks it. */
export const LinkUnderWay = z.object({
  primaryId: z.string(),
  secondaryId: z.string(),
  /** When the job was planned, shortly before the link, in seconds since the epoch. */
  at: z.number(),
})
export type LinkUnderWay = z.infer<typeof LinkUnderWay>

/** The sessions and refresh tokens that have to end at the tenant. A note in the account's `app_metadata` lists them, too. */
export const EndingUnderWay = z.object({
  accountId: z.string(),
  ending: z.object({
    before: z.number(),
    accounts: z.array(z.string()),
    tokens: z.array(z.string()).optional(),
    kept: z.array(z.string()).optional(),
    second: z.number().optional(),
  }),
  /**
   * The `before` that the account's note may have instead of the one of `ending`. If the note has any other, it is about another
   * change.
   */
  noted: z.number(),
})
export type EndingUnderWay = z.infer<typeof EndingUnderWay>

/** An account whose identities someone else may have changed, for a job that reads it again. It names ids only, no email address. */
export const ForeignChange = z.object({
  accountId: z.string(),
  /** When it changed, by the event of the tenant, in seconds since the epoch. */
  at: z.number(),
  /** The identities that it may have got or lost, as `provider|id`. `wasHeld`: whether an earlier event showed it with the identity. */
  identities: z.array(z.object({ id: z.string(), wasHeld: z.boolean() })),
})
export type ForeignChange = z.infer<typeof ForeignChange>

/** A pair that an operator approved, for a job that links it. */
export const PairToLink = z.object({
  /** User ids of the primary and the secondary account. */
  primary: z.string(),
  secondary: z.string(),
  /** `accountState` of both as approved. The primary account may have any of the listed ones. */
  approved: z.object({ primary: z.array(z.string()), secondary: z.string() }),
  /** Whether an earlier attempt started this link, so that it may exist already. */
  wasBegun: z.boolean(),
  /** Whether the plan links no further account to the primary one, so that its state after the link is not needed. */
  isLast: z.boolean(),
  /** `rulesMark` of the environment of the command that applies the plan. */
  rules: z.string(),
  /** The application that snapshots and events name as the one that made the link. */
  by: z.object({ client_id: z.string(), client_name: z.string() }),
  /** The share of the tenant's rate limit that the API calls may use, above 0. */
  share: z.number().positive().max(1),
})
export type PairToLink = z.infer<typeof PairToLink>

/** The result of a pair: linked, or refused, and what it cost. */
export const PairResult = z.object({
  /** Why the two are not linked; undefined if they are. */
  refused: z.string().optional(),
  /** API calls that the pair took. */
  calls: z.number().int().nonnegative(),
  /** How long these API calls take if they use the whole share, in milliseconds. */
  milliseconds: z.number().nonnegative(),
  /** How long the tenant asked us to wait, if it refused an API call with 429, in milliseconds; otherwise 0. */
  waitMs: z.number().nonnegative(),
  /** `accountState` of the primary account after the link. Set only if the plan links another account to it. */
  state: z.string().optional(),
})
export type PairResult = z.infer<typeof PairResult>

/** The handlers of the jobs that work on accounts. */
export interface AccountWork {
  /**
   * Checks whether a link was made, and tells the application that moves its own data (adoption). If the link was not made, also takes
   * back the rights (roles, permissions, memberships) that the primary account was given for it. Never throws.
   *
   * @returns Whether nothing is left to do.
   */
  settleLink(link: LinkUnderWay): Promise<boolean>
  /**
   * Ends the sessions and refresh tokens in an account's note. Never throws.
   *
   * @param isFirst - Whether this is the first attempt, so that `ending` is up to date. Later attempts read from the note what is left.
   * @returns Whether no session or token is left to end.
   */
  goOnEnding(ending: EndingUnderWay, isFirst: boolean): Promise<boolean>
  /**
   * Reads an account again whose identities someone else may have changed, and does what follows a link or an unlink.
   *
   * @returns Whether nothing is left to do. Never throws.
   */
  followForeignChange(change: ForeignChange): Promise<boolean>
  /** Links a pair that an operator approved. If the tenant fails, the result says so, and nothing is thrown. */
  linkPair(pair: PairToLink): Promise<PairResult>
}

/** Loads the code that works on accounts. */
export type LoadAccountWork = () => Promise<AccountWork>
