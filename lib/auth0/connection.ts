import 'server-only'
import { z } from 'zod'

const RawConnection = z.looseObject({
  id: z.string().optional().catch(undefined),
  name: z.string(),
  strategy: z.string(),
  display_name: z.string().min(1).optional().catch(undefined),
  authentication: z.looseObject({ active: z.boolean() }).optional().catch(undefined),
})

/** A configured source of identities. */
export interface Connection {
  /** `con_…`; undefined if the connection is known from the configuration only. */
  id: string | undefined
  name: string
  /** Its kind: `google-oauth2`, `auth0` for databases, `samlp`. */
  strategy: string
  displayName: string | undefined
}

/**
 * Reads connections as the Management API lists them. Leaves out those that no one can sign in with, because they
 * only serve Token Vault, and anything that is not a connection.
 *
 * @see {@link https://auth0.com/docs/api/management/v2/clients/get-client-connections Get enabled connections of a client}
 */
export function parseConnections(raw: unknown[]): Connection[] {
  return raw.flatMap((each) => {
    const { data } = RawConnection.safeParse(each)
    if (!data || data.authentication?.active === false) return []
    return [{ id: data.id, name: data.name, strategy: data.strategy, displayName: data.display_name }]
  })
}
