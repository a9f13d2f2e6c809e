/**
 * The world JSON, which describes a tenant: its users, connections, roles, brand and options. `--world` and a reset load it,
 * and an export returns it. This file has its schema, and converts its users into the tenant's records.
 * @module
 */
import { z } from 'zod'
import type { StoredConnection, StoredIdentity, StoredUser } from '../model'
import { WorldBrand } from './brand'
import { OptionsChange } from './options'
import { WorldConnection } from './world-connection'
import { toRights, WorldRights, WorldRole } from './world-rights'
import { WorldRule } from './world-rule'

/** The password of a database user if the world JSON sets none. */
export const DEMO_PASSWORD = 'correct horse'

const Metadata = z.record(z.string(), z.unknown())

const WorldIdentity = z.strictObject({
  provider: z.string().min(1),
  user_id: z.union([z.string().min(1), z.number().int()]).transform(String),
  connection: z.string().min(1),
  isSocial: z.boolean().optional(),
  profileData: Metadata.optional(),
  password: z.string().optional(),
})

const WorldUser = z.strictObject({
  user_id: z.string().regex(/^[^|]+\|.+$/s, 'must be provider|id'),
  /** Null if the provider sent null, as some do. */
  email: z.string().nullable().optional(),
  email_verified: z.boolean().optional(),
  phone_number: z.string().optional(),
  phone_verified: z.boolean().optional(),
  username: z.string().optional(),
  name: z.string().optional(),
  nickname: z.string().optional(),
  given_name: z.string().optional(),
  family_name: z.string().optional(),
  picture: z.string().optional(),
  blocked: z.boolean().optional(),
  password: z.string().optional(),
  mfa: z.boolean().optional(),
  created_at: z.iso.datetime({ offset: true }).optional(),
  updated_at: z.iso.datetime({ offset: true }).optional(),
  last_login: z.iso.datetime({ offset: true }).optional(),
  last_ip: z.string().optional(),
  last_password_reset: z.iso.datetime({ offset: true }).optional(),
  logins_count: z.number().int().nonnegative().optional(),
  user_metadata: Metadata.optional(),
  app_metadata: Metadata.optional(),
  identities: z.array(WorldIdentity).min(1).optional(),
  ...WorldRights,
})

/**
 * The schema of the world JSON. Parts that are left out get their demo value. An export adds `sessions`, which a reset
 * ignores.
 */
export const World = z.strictObject({
  users: z.array(WorldUser).optional(),
  connections: z.array(WorldConnection).optional(),
  rules: z.array(WorldRule).optional(),
  roles: z.array(WorldRole).optional(),
  ...WorldBrand,
  options: OptionsChange.optional(),
  sessions: z.array(z.unknown()).optional(),
})

/** @see {@link World} */
export type World = z.input<typeof World>

/** A user in a world, before defaults. */
export type WorldUser = z.input<typeof WorldUser>

/** The strategies whose identities have `isSocial: true` at Auth0. */
const SOCIAL = [
  'google-oauth2',
  'github',
  'apple',
  'facebook',
  'linkedin',
  'twitter',
  'windowslive',
  'oauth2',
]

/**
 * Says whether a strategy is a social one.
 *
 * @param strategy - The strategy of a connection, or the provider of an identity.
 */
export function isSocial(strategy: string): boolean {
  return SOCIAL.includes(strategy)
}

/**
 * Completes a user of a world.
 *
 * @param user - The user from the world. If it has no identities, one is made from `user_id`.
 * @param connections - The tenant's connections. An identity that is made from `user_id` gets one of them.
 * @param now - The current time in milliseconds since the epoch, for dates that were left out.
 * @throws {Error} If the first identity is not the one that `user_id` names.
 */
export function toStoredUser(user: WorldUser, connections: StoredConnection[], now: number): StoredUser {
  const {
    identities: given,
    roles,
    permissions,
    organizations,
    authentication_methods,
    ...root
  } = WorldUser.parse(user)
  const identities = given?.map(
    (identity, index): StoredIdentity => ({
      ...identity,
      isSocial: identity.isSocial ?? isSocial(identity.provider),
      ...(index > 0 && identity.provider === 'auth0' && { password: identity.password ?? DEMO_PASSWORD }),
    }),
  ) ?? [ownIdentity(user.user_id, connections)]
  const own = identities[0]
  if (own === undefined || `${own.provider}|${own.user_id}` !== user.user_id) {
    throw new Error(`user ${user.user_id}: the first identity is not the one user_id names`)
  }
  const created = root.created_at ?? new Date(now).toISOString()
  return {
    ...root,
    ...(own.provider === 'auth0' && { password: root.password ?? DEMO_PASSWORD }),
    created_at: created,
    updated_at: root.updated_at ?? created,
    logins_count: root.logins_count ?? 0,
    user_metadata: root.user_metadata ?? {},
    app_metadata: root.app_metadata ?? {},
    identities,
    rights: toRights(
      { roles, permissions, organizations, authentication_methods },
      { ...root, email: root.email ?? undefined, created_at: created },
    ),
  }
}

function ownIdentity(userId: string, connections: StoredConnection[]): StoredIdentity {
  const bar = userId.indexOf('|')
  const provider = userId.slice(0, bar)
  const id = userId.slice(bar + 1)
  // Ids of enterprise users begin with the name of their connection.
  const ofProvider = connections.filter((connection) => connection.strategy === provider)
  const named = ofProvider.find((connection) => id.startsWith(`${connection.name}|`)) ?? ofProvider[0]
  return { provider, user_id: id, connection: named?.name ?? provider, isSocial: isSocial(provider) }
}
