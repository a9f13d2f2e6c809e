/**
 * The background job that ends the sessions and refresh tokens in an account's note (the entry `ending` of its marks, in
 * `app_metadata`). The process that made the change runs it, or another one if that process has stopped.
 * @module
 */
import 'server-only'
import { type Ending, parseEnding } from '../../../core'
import { ManagementApiError } from '../../auth0/management-api-error'
import type { EndingUnderWay } from '../../jobs/account-work'
import type { AccountServices } from '../account-services'
import { endInRounds, isNoteOf } from './ending-rounds'

/** How long one attempt lasts at most, in milliseconds. The first one runs after the response to a request. */
const TRY_MS = { first: 25_000, later: 4_000 }

/**
 * Ends the sessions and refresh tokens that are left, and updates the note.
 *
 * @param isFirst - Whether this is the first attempt, so that `ending` is up to date. Later attempts read from the note what
 *   is left.
 * @returns Whether nothing is left. Never throws.
 */
export async function resumeEnding(
  services: Pick<AccountServices, 'authorities' | 'managementApi' | 'store'>,
  { accountId, ending, noted: noteBefore }: EndingUnderWay,
  isFirst: boolean,
): Promise<boolean> {
  try {
    const left = isFirst
      ? (ending as Ending)
      : await leftOf(services, accountId, ending as Ending, noteBefore)
    const milliseconds = isFirst ? TRY_MS.first : TRY_MS.later
    return !left || (await endInRounds(services, accountId, left, noteBefore, milliseconds))
  } catch (error) {
    if (error instanceof ManagementApiError) return error.code === 'not_found'
    throw error
  }
}

/**
 * What is left according to the note. If the note is gone, either nothing is left or a login that had read the marks earlier
 * has overwritten it. We then end the sessions from before the change again, which does no harm. We leave refresh tokens
 * alone, because they may be newer.
 */
async function leftOf(
  services: Pick<AccountServices, 'managementApi'>,
  accountId: string,
  { tokens: _tokens, ...ending }: Ending,
  noteBefore: number,
): Promise<Ending> {
  const note = parseEnding(await services.managementApi().getUser(accountId))
  if (!isNoteOf(note, ending, noteBefore)) return ending
  return { ...note, before: ending.before }
}
