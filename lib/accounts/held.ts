/**
 * What is not given back by itself: it stays with the account that it was kept in, where the operator finds it.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import type { Account } from '../auth0/account'
import { type BothKinds, hash12, MARKS_KEY } from '../linking'
import { nowSeconds, Seconds } from './seconds'

const PREFIX = `${MARKS_KEY}_held_`
const Fields = z.record(z.string(), z.unknown())
const Held = z.object({
  at: Seconds,
  user_id: z.string(),
  user_metadata: Fields.catch({}),
  app_metadata: Fields.catch({}),
})

/**
 * What `app_metadata` is to hold of what was not given back; nothing where all of it was.
 *
 * @param account - The account that it was kept in, read now.
 * @param userId - The account that it belongs to.
 * @param fields - What was not given back.
 */
export async function holdBack(account: Account, userId: string, fields: BothKinds): Promise<object> {
  if (Object.keys({ ...fields.user_metadata, ...fields.app_metadata }).length === 0) return {}
  const key = PREFIX + (await hash12(userId))
  // Held back twice, both are kept; the newer value of one name counts.
  const before = Held.safeParse(account.app_metadata[key]).data
  return {
    [key]: {
      at: nowSeconds(),
      user_id: userId,
      user_metadata: { ...before?.user_metadata, ...fields.user_metadata },
      app_metadata: { ...before?.app_metadata, ...fields.app_metadata },
    },
  }
}

/** The keys under which something has been held back since before a time, in seconds since the epoch. */
export function heldSinceBefore({ app_metadata }: Account, time: number): string[] {
  return Object.entries(app_metadata).flatMap(([key, value]) => {
    const held = key.startsWith(PREFIX) ? Held.safeParse(value).data : undefined
    return held && held.at < time ? [key] : []
  })
}
