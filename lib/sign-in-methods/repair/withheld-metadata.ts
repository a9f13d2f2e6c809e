/**
 * Metadata withheld from a restore. It stays in the `app_metadata` of the primary account, where the operator can find it.
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
  type Metadata,
  mapMetadataKinds,
  ownMetadataKey,
} from '../../../core'
import type { Account } from '../../auth0/account'
import { nowSeconds } from '../seconds'

/**
 * Makes the entry of `app_metadata` for fields that were not restored. Names are encoded as in a snapshot.
 *
 * @param account - The primary account, freshly read from the tenant.
 * @param userId - User id of the unlinked account, to which the fields belong.
 * @param fields - The fields that were not restored.
 * @returns An empty object if all fields were restored.
 */
export async function withheldMetadataEntry(
  account: Account,
  userId: string,
  fields: BothKinds,
): Promise<Metadata> {
  if (Object.keys({ ...fields.user_metadata, ...fields.app_metadata }).length === 0) return {}
  const key = ownMetadataKey(account, HELD_PREFIX + (await hash12(userId)))
  // If fields were withheld before, keep them, too. If a name occurs twice, keep the newer value.
  const before = readWithheldMetadata(account.app_metadata[key])
  const all = mapMetadataKinds((kind) => ({ ...before[kind], ...fields[kind] }))
  return { [key]: { v: 2, at: nowSeconds(), user_id: userId, ...encodeBoth(all) } }
}

/** Reads metadata that was withheld earlier, and decodes its names. In entries without `v`, names are not encoded. */
export function readWithheldMetadata(value: unknown): BothKinds {
  const held = isObject(value) ? value : {}
  return mapMetadataKinds((kind) => {
    const fields = held[kind]
    if (!isObject(fields)) return {}
    return held.v === 2 ? decodeNames(fields) : fields
  })
}

/**
 * The keys of the entries with metadata that was withheld before a time.
 *
 * @param time - Seconds since the epoch.
 */
export function withheldMetadataOlderThan({ app_metadata }: Account, time: number): string[] {
  return Object.entries(app_metadata).flatMap(([key, value]) =>
    key.startsWith(HELD_PREFIX) && isOurs(key, value) && Object(value).at < time ? [key] : [],
  )
}
