/**
 * Work on accounts, as jobs ask for it. It is handed in: what it takes is loaded only if there is such a job.
 * @module
 */
import 'server-only'
import { z } from 'zod'

/** A link that was under way. */
export const LinkUnderWay = z.object({
  primaryId: z.string(),
  secondaryId: z.string(),
  /** When it may have begun, in seconds since the epoch. */
  at: z.number(),
})
export type LinkUnderWay = z.infer<typeof LinkUnderWay>

/** What has to end at the tenant, and the note of an account that says so. */
export const EndingUnderWay = z.object({
  accountId: z.string(),
  ending: z.object({
    before: z.number(),
    accounts: z.array(z.string()),
    tokens: z.array(z.string()).optional(),
    kept: z.array(z.string()).optional(),
    second: z.number().optional(),
  }),
  /** The `before` of the note: a note with another one was written by other code since. */
  noted: z.number(),
})
export type EndingUnderWay = z.infer<typeof EndingUnderWay>

/** A pair that an operator approved. */
export const PairToLink = z.object({
  /** User ids of the account that stays and of the one that ends. */
  primary: z.string(),
  secondary: z.string(),
  /** `accountState` of both, as they may be. */
  approved: z.object({ primary: z.array(z.string()), secondary: z.string() }),
  /** Whether an earlier try has begun it. */
  wasBegun: z.boolean(),
  /** Whether no other account is to be linked with the one that stays. */
  isLast: z.boolean(),
  /** `rulesMark` of the environment in which it was approved. */
  rules: z.string(),
  /** In whose name it is linked. */
  by: z.object({ client_id: z.string(), client_name: z.string() }),
  /** The share of the tenant's rate limit that it may use. */
  share: z.number().positive().max(1),
})
export type PairToLink = z.infer<typeof PairToLink>

/** What came of a pair. */
export const PairResult = z.object({
  /** Why the two are not linked; undefined if they are. */
  refused: z.string().optional(),
  /** Calls to the tenant that it took. */
  calls: z.number().int().nonnegative(),
  /** How long as many take at the pace of the share, in milliseconds. */
  milliseconds: z.number().nonnegative(),
  /** How long the tenant asked to wait, if it turned a call away, in milliseconds. */
  waitMs: z.number().nonnegative(),
  /** `accountState` of the account that stays, if another one is to be linked with it. */
  state: z.string().optional(),
})
export type PairResult = z.infer<typeof PairResult>

/** What jobs do with accounts. */
export interface AccountWork {
  /**
   * Looks whether a link was made, tells the application that moves its own data, and takes back what was given for a link that was
   * not made. Never throws.
   *
   * @returns Whether nothing is left to do.
   */
  settleLink(link: LinkUnderWay): Promise<boolean>
  /**
   * Ends what an account notes. Never throws.
   *
   * @param isFirst - Whether the note was written just now, by the caller.
   * @returns Whether nothing is left.
   */
  goOnEnding(ending: EndingUnderWay, isFirst: boolean): Promise<boolean>
  /** Links a pair that an operator approved. Never throws because of the tenant. */
  linkPair(pair: PairToLink): Promise<PairResult>
}

/** Loads it. */
export type LoadAccountWork = () => Promise<AccountWork>
