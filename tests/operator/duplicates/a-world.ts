/**
 * Fills a tenant with people who have several accounts, and reads the part of its state that an undo must restore.
 * @module
 */

import { isObject } from '@/core'
import type { RunningTenant } from '@/local-tenant/start'
import type { PlannedGroup } from './a-plan'

/** A rate limit so high that commands never wait for it. */
const NO_LIMIT = { rate_limit: { burst: 100_000, per_second: 100_000 } }

const PROVIDERS = ['auth0', 'google-oauth2', 'github']

/**
 * Fills a tenant with people who have two accounts each; every fifth person has three. Half of the accounts have
 * `user_metadata`, and the second account of each person has `app_metadata`. The accounts of every seventh person have a
 * role: "reader" for the first one, "editor" for the others.
 *
 * @returns The groups to link. The oldest account of each is its primary.
 */
export function peopleAt({ state }: Pick<RunningTenant, 'state'>, people: number): PlannedGroup[] {
  const groups = Array.from({ length: people }, (_, person): PlannedGroup => {
    const providers = person % 5 === 0 ? PROVIDERS : PROVIDERS.slice(0, 2)
    return providers.map((provider) => `${provider}|person-${person}`) as PlannedGroup
  })
  const users = groups.flatMap((ids, person) =>
    ids.map((user_id, account) => ({
      user_id,
      email: `person-${person}@example.com`,
      email_verified: true,
      name: `Person ${person}`,
      created_at: `202${account}-01-01T00:00:00.000Z`,
      ...((person + account) % 2 === 0 && { user_metadata: { [`theme_${account}`]: 'dark', both: account } }),
      ...(account === 1 && { app_metadata: { plan: 'team', seats: person } }),
      ...(person % 7 === 0 && { roles: [account === 0 ? 'reader' : 'editor'] }),
    })),
  )
  state.reset({ roles: [{ name: 'editor' }, { name: 'reader' }], users })
  state.changeOptions({ ...NO_LIMIT, ending_delay_ms: 0 })
  return groups
}

/** The fields of every user that an undo must restore: not our metadata, and nothing that Auth0 resets at an unlink. */
export function worldOf({ state }: Pick<RunningTenant, 'state'>) {
  const fieldsOf = (fields: unknown) =>
    Object.fromEntries(
      Object.entries(isObject(fields) ? fields : {})
        .filter(([name, value]) => value !== null && !name.startsWith('account_linking'))
        .sort(([one], [other]) => (one < other ? -1 : 1)),
    )
  const users = [...state.users.values()].map((user) => ({
    user_id: user.user_id,
    email: user.email,
    email_verified: user.email_verified,
    name: user.name,
    blocked: user.blocked ?? false,
    identities: user.identities.map(({ provider, user_id, connection }) => [provider, user_id, connection]),
    user_metadata: fieldsOf(user.user_metadata),
    app_metadata: fieldsOf(user.app_metadata),
    roles: [...(user.rights?.roles ?? [])].sort(),
  }))
  return users.sort((one, other) => (one.user_id < other.user_id ? -1 : 1))
}

/** How often each identity (`provider|id`) was linked, counted in the tenant's ledger of API calls. */
export function linksAt({ state }: Pick<RunningTenant, 'state'>): Map<string, number> {
  const links = new Map<string, number>()
  for (const { method, path, status, body } of state.ledger)
    if (method === 'POST' && path.endsWith('/identities') && status === 201) {
      const { provider, user_id } = body as { provider: string; user_id: string }
      const id = `${provider}|${user_id}`
      links.set(id, (links.get(id) ?? 0) + 1)
    }
  return links
}
