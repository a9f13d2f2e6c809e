/**
 * Connections in the world JSON, the description of a tenant (see `world.ts`).
 * @module
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { StoredConnection } from '../model'

const Purpose = z.strictObject({ active: z.boolean() })
const Attributes = z.record(z.string(), z.unknown())

/** The schema of a connection in a world. */
export const WorldConnection = z.strictObject({
  id: z.string().optional(),
  name: z.string().min(1),
  strategy: z.string().min(1),
  display_name: z.string().optional(),
  clients: z.array(z.string()).optional(),
  authentication: Purpose.optional(),
  connected_accounts: Purpose.optional(),
  options: Attributes.optional(),
  scim_configuration: Attributes.optional(),
  directory_provisioning: Attributes.optional(),
})

/** A connection in a world, before defaults. */
export type WorldConnection = z.input<typeof WorldConnection>

/**
 * Completes a connection of a world. By default, users can log in through it, it is not for Connected Accounts, and it has
 * no options. Its id is derived from its name, so that the id is the same in every run.
 *
 * @see https://auth0.com/docs/api/management/v2/connections/get-connections
 */
export function toStoredConnection(connection: WorldConnection): StoredConnection {
  const hash = createHash('sha256').update(connection.name).digest('hex')
  return {
    authentication: { active: true },
    connected_accounts: { active: false },
    options: {},
    ...connection,
    id: connection.id ?? `con_${hash.slice(0, 16)}`,
  }
}
