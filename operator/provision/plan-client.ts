import { isDeepStrictEqual } from 'node:util'
import type { ActualClient } from '../shared/actual'
import type { ApplicationPurpose, DesiredClient } from '../shared/desired'
import type { Change, FieldValues } from './change'

/** Lists to which others may add entries: we add missing entries and keep all present ones. */
const MERGED_LISTS = ['callbacks', 'allowed_logout_urls']
/** Fields that are not updated, because they are for people to read and the operator may change them. */
const UNMANAGED_FIELDS = ['name', 'description']

/**
 * Plans the changes to one application.
 *
 * @param purpose - The application's purpose.
 * @param client - The desired application.
 * @param present - The current application, if it exists.
 */
export function planClient(
  purpose: ApplicationPurpose,
  client: DesiredClient,
  present: ActualClient | undefined,
): Change[] {
  if (!present) return [{ kind: 'create_client', purpose, name: client.name, body: client }]
  const before: FieldValues = {}
  const after: FieldValues = {}
  for (const [field, wanted] of Object.entries(client)) {
    if (UNMANAGED_FIELDS.includes(field)) continue
    const is = present[field]
    const becomes = merged(field, wanted, is)
    if (isSame(becomes, is)) continue
    before[field] = is
    after[field] = becomes
  }
  if (Object.keys(after).length === 0) return []
  return [{ kind: 'update_client', id: present.client_id, name: present.name, before, after }]
}

function merged(field: string, wanted: unknown, is: unknown): unknown {
  if (MERGED_LISTS.includes(field) && Array.isArray(wanted) && Array.isArray(is))
    return [...is, ...wanted.filter((each) => !is.includes(each))]
  // Auth0 and others may add keys to an object, so keep those.
  if (isRecord(wanted) && isRecord(is)) return { ...is, ...wanted }
  return wanted
}

function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) return isDeepStrictEqual([...one].sort(), [...other].sort())
  return isDeepStrictEqual(one, other)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
