/**
 * Metadata withheld from a restore: it stays with the account that it was kept in, where the operator finds it.
 * @module
 */
import 'server-only'
import {
  type BothKinds,
  decodeNames,
  encodeBoth,
  HELD_PREFIX,
  hash12,
  isObject,
  isOurs,
  keyFor,
  type Metadata,
  ofBoth,
} from '../../core'
import type { Account } from '../auth0/account'
import { nowSeconds } from './seconds'

/**
 * The entry of `app_metadata` for what was not restored. Names are encoded as in a snapshot.
 *
 * @param account - The account that it was kept in, read now.
 * @param userId - The account that it belongs to.
 * @param fields - What was not restored.
 * @returns An empty object if everything was.
 */
export async function withheldMetadataEntry(
  account: Account,
  userId: string,
  fields: BothKinds,
): Promise<Metadata> {
  if (Object.keys({ ...fields.user_metadata, ...fields.app_metadata }).length === 0) return {}
  const key = keyFor(account, HELD_PREFIX + (await hash12(userId)))
  // Withheld twice, both are kept; the newer value of one name counts.
  const before = readWithheldMetadata(account.app_metadata[key])
  const all = ofBoth((kind) => ({ ...before[kind], ...fields[kind] }))
  return { [key]: { v: 2, at: nowSeconds(), user_id: userId, ...encodeBoth(all) } }
}

/** What was withheld before, with the names as they were. Without `v` they were never encoded. */
export function readWithheldMetadata(value: unknown): BothKinds {
  const held = isObject(value) ? value : {}
  return ofBoth((kind) => {
    const fields = held[kind]
    if (!isObject(fields)) return {}
    return held.v === 2 ? decodeNames(fields) : fields
  })
}

/** The keys of metadata that has been withheld since before a time, in seconds since the epoch. */
export function withheldMetadataOlderThan({ app_metadata }: Account, time: number): string[] {
  return Object.entries(app_metadata).flatMap(([key, value]) =>
    key.startsWith(HELD_PREFIX) && isOurs(key, value) && Object(value).at < time ? [key] : [],
  )
}
