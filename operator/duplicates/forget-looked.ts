/**
 * Removes one mark (our note in an account's `app_metadata`): the one that says that a login has already looked for other accounts.
 * The next login then looks again. What the person declined stays declined.
 * @module
 */
import {
  type LinkingUser,
  type Marks,
  marksKeyOf,
  NEVER,
  parseMarks,
  parseUser,
  SAMPLE_KEY,
} from '../../core'
import { userPath } from '../../core/rights/read-rights'
import { CallError, type TenantCalls } from './tenant-calls'

/** The fields that are read of an account. */
const FIELDS = 'user_id,email,blocked,identities,app_metadata'
/**
 * Auth0's published Action leaves a mark of its own, which we only read and never remove. An expired mark of ours takes precedence
 * over it.
 */
const LAPSED = { until: 0, key: '' }

/** What happened to an account, how many API calls it took, and how many of its declines are temporary or permanent. */
export interface Asked {
  /** `not_marked`: the account has no such mark, so the next login asks anyway. */
  outcome: 'asked' | 'not_marked' | 'not_available' | 'blocked'
  calls: number
  declined: number
  never: number
}

/**
 * Reads an account, and removes the mark if the account has it.
 *
 * @param now - Seconds since the epoch.
 * @throws {CallError} If the tenant refuses an API call. An account that no longer exists is not an error.
 */
export async function forgetLooked(calls: TenantCalls, userId: string, now: number): Promise<Asked> {
  const user = await readAccount(calls, userId)
  if (!user) return { outcome: 'not_available', calls: 1, declined: 0, never: 0 }
  const marks = parseMarks(user)
  const lapses = Object.values(marks.declined ?? {}).map(({ until }) => until)
  const never = lapses.filter((until) => until === NEVER).length
  const declined = lapses.filter((until) => until > now).length - never
  if (user.blocked) return { outcome: 'blocked', calls: 1, declined, never }
  const open = withoutLooked(marks, typeof user.app_metadata[SAMPLE_KEY] === 'number')
  if (!open) return { outcome: 'not_marked', calls: 1, declined, never }
  await calls.call('PATCH', userPath(userId), { app_metadata: { [marksKeyOf(user)]: open } })
  return { outcome: 'asked', calls: 2, declined, never }
}

async function readAccount(calls: TenantCalls, userId: string): Promise<LinkingUser | undefined> {
  try {
    return parseUser(await calls.call('GET', `${userPath(userId)}?fields=${FIELDS}&include_fields=true`))
  } catch (error) {
    if (error instanceof CallError && error.status === 404) return undefined
    throw error
  }
}

/** The marks without the one that keeps logins from looking again; undefined if there is no such mark. */
function withoutLooked({ looked, ...marks }: Marks, hasSample: boolean): Marks | undefined {
  if (hasSample) return looked?.until === 0 ? undefined : { ...marks, looked: LAPSED }
  return looked && marks
}
