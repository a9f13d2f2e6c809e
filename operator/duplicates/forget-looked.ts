/**
 * Takes away the mark of one account that says that a login has looked at it. What the person said no to stays.
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

/** What an account is read with. */
const FIELDS = 'user_id,email,blocked,identities,app_metadata'
/** Of Auth0's published Action there is a mark that we only read. One of ours that has lapsed counts before it. */
const LAPSED = { until: 0, key: '' }

/** What became of an account, the calls that it took, and how many others its person does not want to be asked about. */
export interface Asked {
  /** `not_marked`: it would be asked anyway. */
  outcome: 'asked' | 'not_marked' | 'not_available' | 'blocked'
  calls: number
  declined: number
  never: number
}

/**
 * Reads an account, and takes the mark away if it is there.
 *
 * @param now - Seconds since the epoch.
 * @throws {CallError} If the tenant refuses; an account that is gone is no error.
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

/** The marks without the one that is in the way; undefined if none is. */
function withoutLooked({ looked, ...marks }: Marks, hasSample: boolean): Marks | undefined {
  if (hasSample) return looked?.until === 0 ? undefined : { ...marks, looked: LAPSED }
  return looked && marks
}
