/**
 * The shape of the marks: our notes about an account between logins, in one key of its `app_metadata`.
 * @module
 */

/** Expiry value meaning "never". */
export const NEVER = Number.MAX_SAFE_INTEGER

/** How the last attempt to link ended, for the next prompt and the settings page. */
export interface LastOutcome {
  result: 'failed' | 'unknown'
  /** A {@link LinkRefusal} or {@link LinkFailure}. */
  reason: string
  /** Seconds since the epoch. */
  at: number
}

/** A pair of accounts not to offer. */
export interface Decline {
  /** When the decline expires, in seconds since the epoch; {@link NEVER} if it does not. */
  until: number
  /** When the person declined, in seconds since the epoch. */
  at: number
  /** Name of the application whose login or page it was. */
  client?: string
  /** Set if the person did not decline: the link failed, and would fail again. */
  failed?: true
  /** An owner reported the link as not theirs. `until` is then {@link NEVER}, which also binds plans and operators. */
  disputed?: true
}

/** The marks of one user. Times are seconds since the epoch. */
export interface Marks {
  /** Do not look for other accounts before `until`, as long as {@link lookupMarkHash} is still `key`. */
  looked?: { until: number; key: string }
  /** The declines, by {@link pairKey} of the two accounts. */
  declined?: Record<string, Decline>
  last?: LastOutcome
  /**
   * The last link or unlink on the settings page. `at`: by our clock. `by`: hash of the session that made it, which stays
   * signed in. `before`: set by an unlink; sign-ins before this, by the tenant's clock, are no longer valid.
   */
  changed?: { at: number; by?: string; before?: number }
  /** Sessions and refresh tokens from before a change that still have to end. */
  ending?: Ending
  /** Which sign-ins are still valid, once everything in `ending` has ended. */
  ended?: Ended
  /** A link lost the factors of account `of`. While that account is linked, each login asks the person to set up a factor. */
  enroll?: { at: number; of: string; factors: string[] }
}

/** What still has to end, stored under `ending` in an account's marks. While it is there, links are refused. */
export interface Ending {
  /** Sessions authenticated before this end. Seconds since the epoch, by the tenant's clock. */
  before: number
  /** User ids whose sessions have to end. An id is removed when the tenant lists no such session any more. */
  accounts: string[]
  /** Those of `accounts` whose refresh tokens still have to be revoked. */
  tokens?: string[]
  /** {@link hash12} of the ids of sessions that stay open: those of the login, of the proof and of the page's user. */
  kept?: string[]
  /** Sessions authenticated in this second stay open. Set to the time of the proof if its ID token has no `sid`. */
  second?: number
}

/**
 * The record that stays once everything in an {@link Ending} has ended: which sign-ins the page accepts from then on. Our cookies
 * live for hours, so without the record a cookie created just before would stay valid.
 */
export type Ended = Pick<Ending, 'before' | 'kept' | 'second'>
