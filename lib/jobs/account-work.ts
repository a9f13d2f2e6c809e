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
}

/** Loads it. */
export type LoadAccountWork = () => Promise<AccountWork>
