/**
 * Removes one mark (our note in an account's `app_metadata`): the one that says that a login has already looked for other
 * accounts. The next login then looks again. What the person declined stays declined.
 * @module
 */
import { type Marks, marksKeyOf, NEVER, parseMarks, SAMPLE_KEY } from '../../../core'
import { userPath } from '../../../core/rights/read-rights'
import { type Account, parseAccount } from '../../../lib/auth0/account'
import { CallError, type TenantCalls } from '../tenant/tenant-calls'

/**
 * Auth0's published Action leaves a mark of its own, which we only read and never remove. An expired mark of ours takes
 * precedence over it.
 */
const LAPSED = { until: 0, key: '' }

/** What happened to an account, how many API calls it took, and how many of its declines are temporary or permanent. */
export interface Asked {
  /** `not_marked`: the account has no such mark, so the next login asks anyway. */
  outcome: 'asked' | 'not_marked' | 'not_available' | 'blocked'
  calls: number
  declined: number
  never: number
  /** The account as it was read; undefined if it does not exist. */
  account: Account | undefined
}

/**
 * Reads an account, and removes the mark if the account has it.
 *
 * @param now - Seconds since the epoch.
 * @throws {CallError} If the tenant refuses an API call. An account that no longer exists is not an error.
 */
export async function removeLookedMark(calls: TenantCalls, userId: string, now: number): Promise<Asked> {
  const account = await readAccount(calls, userId)
  if (!account) return { outcome: 'not_available', calls: 1, declined: 0, never: 0, account }
  const marks = parseMarks(account)
  const lapses = Object.values(marks.declined ?? {}).map(({ until }) => until)
  const never = lapses.filter((until) => until === NEVER).length
  const declined = lapses.filter((until) => until > now).length - never
  if (account.blocked) return { outcome: 'blocked', calls: 1, declined, never, account }
  const remainingMarks = withoutLookedMark(marks, typeof account.app_metadata[SAMPLE_KEY] === 'number')
  if (!remainingMarks) return { outcome: 'not_marked', calls: 1, declined, never, account }
  await calls.call('PATCH', userPath(userId), { app_metadata: { [marksKeyOf(account)]: remainingMarks } })
  return { outcome: 'asked', calls: 2, declined, never, account }
}

/**
 * Reads an account.
 *
 * @returns Undefined if it does not exist, or is an empty stub of one that was linked.
 * @throws {CallError} If the tenant refuses the API call.
 */
export async function readAccount(calls: TenantCalls, userId: string): Promise<Account | undefined> {
  try {
    const account = parseAccount(await calls.call('GET', userPath(userId)))
    return account && account.identities.length > 0 ? account : undefined
  } catch (error) {
    if (error instanceof CallError && error.status === 404) return undefined
    throw error
  }
}

/** The marks without the one that keeps logins from looking again; undefined if there is no such mark. */
function withoutLookedMark({ looked, ...marks }: Marks, hasSample: boolean): Marks | undefined {
  if (hasSample) return looked?.until === 0 ? undefined : { ...marks, looked: LAPSED }
  return looked && marks
}
