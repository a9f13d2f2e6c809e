/**
 * The background jobs that work on accounts: their data, and the interface of the code that runs them. That code is imported
 * only when such a job runs, so that handling a login does not load it.
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

/**
 * The sessions and refresh tokens that have to end at the tenant after a link or an unlink. The account's note lists them,
 * too: that is the entry `ending` of its marks, which are what we record about it in one key of its `app_metadata`.
 */
export const EndingUnderWay = z.object({
  /** The account that has the note. */
  accountId: z.string(),
  /** The fields are those of `Ending` in `core/records/marks-shape.ts`. */
  ending: z.object({
    before: z.number(),
    accounts: z.array(z.string()),
    tokens: z.array(z.string()).optional(),
    kept: z.array(z.string()).optional(),
    second: z.number().optional(),
  }),
  /**
   * The `before` of the note, if it was written earlier than `ending` and so differs. A note whose `before` is neither this
   * one nor that of `ending` belongs to another change. The job leaves it alone.
   */
  noted: z.number(),
})
export type EndingUnderWay = z.infer<typeof EndingUnderWay>

/**
 * An account whose identities someone other than this project may have changed, for example in Auth0's dashboard. The job
 * reads the account again. Its data holds ids only, no email address.
 */
export const ForeignChange = z.object({
  accountId: z.string(),
  /** When the account changed according to the tenant's event, in seconds since the epoch. */
  at: z.number(),
  /** The identities that the account may have gained or lost, by `provider|id`. `wasHeld`: an earlier event listed it. */
  identities: z.array(z.object({ id: z.string(), wasHeld: z.boolean() })),
})
export type ForeignChange = z.infer<typeof ForeignChange>

/** A pair of accounts to link. An operator approved it as part of a plan of `npm run duplicates`. */
export const PairToLink = z.object({
  /** User ids of the primary and the secondary account. */
  primary: z.string(),
  secondary: z.string(),
  /**
   * `accountState` (a hash) of both accounts when the operator approved the pair. The primary account has a second one if an
   * earlier link of the plan changed it, and may match either.
   */
  approved: z.object({ primary: z.array(z.string()), secondary: z.string() }),
  /** Whether an earlier attempt started this link, so that it may exist already. */
  wasBegun: z.boolean(),
  /** Whether the plan links no further account to the primary one, so that its state after the link is not needed. */
  isLast: z.boolean(),
  /** `rulesMark`: a hash of the command's tenant and linking rules. A worker with other ones refuses the pair. */
  rules: z.string(),
  /** The application that snapshots and events name as the one that made the link. */
  by: z.object({ client_id: z.string(), client_name: z.string() }),
  /** The share of the tenant's rate limit that the API calls may use, above 0 and at most 1. */
  share: z.number().positive().max(1),
})
export type PairToLink = z.infer<typeof PairToLink>

/** The result of a pair: linked, or refused, and what it cost. */
export const PairResult = z.object({
  /** Why the two are not linked; undefined if they are. */
  refused: z.string().optional(),
  /** API calls that the pair took. */
  calls: z.number().int().nonnegative(),
  /** How long these API calls would take if nothing else used the share of the rate limit, in milliseconds. */
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
   * Checks whether a link was made, and tells the operator's application (see `lib/events/adoptions.ts`). If it was not, it
   * also takes back the rights (roles, permissions, memberships) that the primary account was given for it. Never throws.
   *
   * @returns Whether nothing is left to do.
   */
  settleLink(link: LinkUnderWay): Promise<boolean>
  /**
   * Ends the sessions and refresh tokens in an account's note. Never throws.
   *
   * @param isFirst - Whether this is the first attempt: then `ending` is up to date. Later attempts read the note instead.
   * @returns Whether no session or token is left to end.
   */
  goOnEnding(ending: EndingUnderWay, isFirst: boolean): Promise<boolean>
  /**
   * Reads an account whose identities someone other than this project may have changed. If they were changed, records the
   * link or unlink, and tells the person and the operator's application.
   *
   * @returns Whether nothing is left to do. Never throws.
   */
  followForeignChange(change: ForeignChange): Promise<boolean>
  /** Links a pair that an operator approved. If the tenant fails, the result says so, and nothing is thrown. */
  linkPair(pair: PairToLink): Promise<PairResult>
}

/** Loads the code that works on accounts. */
export type LoadAccountWork = () => Promise<AccountWork>
