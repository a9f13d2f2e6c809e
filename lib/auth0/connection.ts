import 'server-only'
import { z } from 'zod'

const RawConnection = z.looseObject({
  id: z.string().optional().catch(undefined),
  name: z.string(),
  strategy: z.string(),
  display_name: z.string().min(1).optional().catch(undefined),
  authentication: z.looseObject({ active: z.boolean() }).optional().catch(undefined),
})

/** A connection of the tenant. */
export interface Connection {
  /** `con_…`; undefined if only the service's configuration names the connection. */
  id: string | undefined
  name: string
  /** Auth0's strategy, such as `google-oauth2`, `samlp`, or `auth0` for databases. */
  strategy: string
  displayName: string | undefined
}

/**
 * Reads connections as the Management API lists them. It leaves out connections that serve only Token Vault, because no one can
 * sign in with them, and anything that is not a connection.
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
