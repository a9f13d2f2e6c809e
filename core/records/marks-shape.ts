/**
 * The shape of the marks: what is remembered of an account between logins, in one key of `app_metadata`.
 * @module
 */

/** Expiry value meaning "never". */
export const NEVER = Number.MAX_SAFE_INTEGER

/** How the last attempt ended, for the next prompt and the settings page. */
export interface LastOutcome {
  result: 'failed' | 'unknown'
  /** A {@link LinkRefusal} or {@link LinkFailure}. */
  reason: string
  /** Seconds since the epoch. */
  at: number
}

/** An offer that a person declined. */
export interface Decline {
  /** When it expires; {@link NEVER} if it does not. Seconds since the epoch. */
  until: number
  /** When the person said so. Seconds since the epoch. */
  at: number
  /** Name of the application at whose login, or on whose page. */
  client?: string
  /** Not said by the person: the link was tried, and would fail again. */
  failed?: true
  /** The owner of one of the accounts said that a link of the two was not theirs: no list and no operator may link them again. */
  disputed?: true
}

/** The marks of one user. Times are seconds since the epoch. */
export interface Marks {
  /** Nothing is to be looked up before `until`, as long as `key` still describes the user and the lists. */
  looked?: { until: number; key: string }
  /** By pair. */
  declined?: Record<string, Decline>
  last?: LastOutcome
  /**
   * The last link or unlink on the settings page, by our clock, and a hash of the session it was made in: that one goes on.
   * `before`: sign-ins earlier than this, by the tenant's clock, no longer count: an identity was taken out then.
   */
  changed?: { at: number; by?: string; before?: number }
  /** Sessions and refresh tokens from before a change that still have to end. */
  ending?: Ending
  /** What remains of that note once they have ended. */
  ended?: Ended
  /** A link took the factors of the account `of`: while it is part of this one, the person is asked for a new one at each login. */
  enroll?: { at: number; of: string; factors: string[] }
}

/**
 * What still has to end, stored under `ending` in an account's marks. While it is there, nothing is linked with that account.
 */
export interface Ending {
  /** Sessions that were authenticated earlier than this end. Seconds since the epoch, by the tenant's clock. */
  before: number
  /** User ids whose sessions are to be ended. One leaves the list when a look at the tenant shows none that is to end. */
  accounts: string[]
  /** The accounts among them whose refresh tokens still have to be revoked. */
  tokens?: string[]
  /** {@link hash12} of the ids of sessions that stay open: the login's own, the proof's, the one of the page. */
  kept?: string[]
  /** Sessions authenticated in this second stay open: the proof's is among them if the tenant did not name its session. */
  second?: number
}

/**
 * What remains of a note once everything it names has ended: which sign-ins the page accepts from then on. Our cookies live for
 * hours, so without it a cookie made in the moment before the end would stay valid.
 */
export type Ended = Pick<Ending, 'before' | 'kept' | 'second'>
