/**
 * Ending what an account notes as background work: by the process that made the change, or if that has ended, by another one.
 * @module
 */
import 'server-only'
import { type Ending, parseEnding } from '../../core'
import { ManagementApiError } from '../auth0/management-api-error'
import type { EndingUnderWay } from '../jobs/account-work'
import type { AccountServices } from './account-services'
import { endInRounds } from './ending-rounds'

/** How long one try goes on, in milliseconds: the first one, after the answer to a request, and a later one. */
const TRY_MS = { first: 25_000, later: 4_000 }

/**
 * Ends what is left, and records the result.
 *
 * @param isFirst - Whether the caller wrote the note just now. Later the note says what is left.
 * @returns Whether nothing is left. Never throws.
 */
export async function resumeEnding(
  services: Pick<AccountServices, 'authorities' | 'managementApi' | 'store'>,
  { accountId, ending, noted }: EndingUnderWay,
  isFirst: boolean,
): Promise<boolean> {
  try {
    const left = isFirst ? (ending as Ending) : await leftOf(services, accountId, ending as Ending, noted)
    const milliseconds = isFirst ? TRY_MS.first : TRY_MS.later
    return !left || (await endInRounds(services, accountId, left, noted, milliseconds))
  } catch (error) {
    if (error instanceof ManagementApiError) return error.code === 'not_found'
    throw error
  }
}

/**
 * What is left by the note. If it is gone, it is all done, or a login that had read it earlier has overwritten it: sessions from
 * before the change end in either case, but refresh tokens may be newer.
 */
async function leftOf(
  services: Pick<AccountServices, 'managementApi'>,
  accountId: string,
  { tokens: _tokens, ...ending }: Ending,
  noted: number,
): Promise<Ending> {
  const note = parseEnding(await services.managementApi().getUser(accountId))
  if (note?.before !== noted) return ending
  return { ...note, before: ending.before }
}
