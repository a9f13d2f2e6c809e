import { snapshotKeyOf } from '@/core'

/** The time of the link, in seconds since the epoch. */
export const LINKED_AT = 1_750_000_000

/**
 * The `app_metadata` entry that a link writes. By default, Ann linked her Google account on the page.
 *
 * @param fields - Fields that the test sets; of any type, because any program can write metadata.
 * @param key - The metadata key, if not the one that belongs to the user id.
 */
export async function aSnapshot(
  fields: Record<string, unknown> = {},
  key?: string,
): Promise<Record<string, unknown>> {
  const snapshot = {
    at: LINKED_AT,
    user_id: 'google-oauth2|ann-g',
    proof: { way: 'settings', client_id: 'demo-app', client_name: 'Example Inc' },
    own: '0123456789ab',
    kept: { user_metadata: { theme: 'light', newsletter: true }, app_metadata: { plan: 'free' } },
    carried: { user_metadata: ['newsletter'], app_metadata: [] },
    ...fields,
  }
  return { [key ?? (await snapshotKeyOf(String(snapshot.user_id)))]: JSON.parse(JSON.stringify(snapshot)) }
}

/** Ann's own identity and the linked ones, as the Management API lists them. */
export function annWith(
  ...linked: { provider: string; user_id: string; connection?: string; profileData?: object }[]
) {
  const own = { provider: 'auth0', user_id: 'ann', connection: 'Username-Password-Authentication' }
  return [own, ...linked.map((identity) => ({ connection: identity.provider, ...identity }))]
}

/** Ann's Google account, as a linked identity. */
export const GOOGLE = {
  provider: 'google-oauth2',
  user_id: 'ann-g',
  profileData: { email: 'ann@example.com', email_verified: true },
}
