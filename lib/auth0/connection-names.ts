/**
 * Reads the display names of connections, for the pages of a login. It does not use Auth0's SDK, because the redirect flow must
 * not load it.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import type { Config } from '../config/config'
import type { NamedConnection } from '../messages/way-name'
import { logEvent } from '../observability/log'
import { type CacheServices, cached } from '../store/cached'
import type { Authorities } from './authority'
import { parseConnections } from './connection'

/** How long the names are cached, in seconds. After a failed read, an empty list is cached for the same time. */
const CONNECTION_NAMES_CACHE_SECONDS = 10 * 60
/** Longest wait for the tenant's response, in milliseconds. */
const CALL_TIMEOUT_MS = 2_500
/** Longest time that a page waits for the names, in milliseconds. A later response is cached for the next page. */
const PAGE_WAIT_MS = 300
/** How many connections are read, as many as Auth0 returns in one page. We do not know the display names of further ones. */
const PAGE_SIZE = 100

const Names = z.array(
  z.object({ name: z.string(), strategy: z.string(), displayName: z.string().optional() }),
) as unknown as z.ZodType<NamedConnection[]>

/** What {@link connectionNames} needs. */
export interface ConnectionNameServices
  extends CacheServices,
    Pick<Config, 'linkingAuthority' | 'linkingClient'> {
  authorities: Pick<Authorities, 'server'>
}

/**
 * The names of the linking client's connections. The store caches them for ten minutes, for all instances that share it. A page
 * waits at most 300 ms.
 *
 * @returns An empty list if the names do not arrive in time, or with `LINKING_AUTHORITY=user`, because a person's token may not
 *   list connections.
 * @see {@link https://auth0.com/docs/api/management/v2/clients/get-client-connections Get enabled connections of a client}
 */
export async function connectionNames(services: ConnectionNameServices): Promise<NamedConnection[]> {
  const { linkingAuthority, linkingClient, authorities } = services
  if (linkingAuthority === 'user') return []
  const names = cached(
    services,
    `connection-names:${linkingClient.id}`,
    CONNECTION_NAMES_CACHE_SECONDS,
    Names,
    () => read(authorities, linkingClient.id),
  )
  const late = new Promise<NamedConnection[]>((resolve) => setTimeout(resolve, PAGE_WAIT_MS, []).unref())
  return Promise.race([names, late])
}

async function read(authorities: Pick<Authorities, 'server'>, clientId: string): Promise<NamedConnection[]> {
  try {
    const authority = authorities.server()
    const path = `/api/v2/clients/${encodeURIComponent(clientId)}/connections?take=${PAGE_SIZE}`
    const response = await fetch(authority.origin + path, {
      headers: { authorization: `Bearer ${await authority.token()}` },
      redirect: 'error',
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    })
    if (!response.ok) throw new Error(`status ${response.status}`)
    const { connections } = z.object({ connections: z.array(z.unknown()) }).parse(await response.json())
    return parseConnections(connections).map(({ name, strategy, displayName }) => ({
      name,
      strategy,
      displayName,
    }))
  } catch {
    // The pages then use the connections' own names instead of their display names.
    logEvent('connection_names_unread')
    return []
  }
}
