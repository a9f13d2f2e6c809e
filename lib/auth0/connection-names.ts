/**
 * The operator's names for connections, for the pages of a login. Without the SDK, which the redirect flow does not load.
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

/** How long they are cached, in seconds; a failed read counts as none for as long. */
const CONNECTION_NAMES_CACHE_SECONDS = 10 * 60
/** Longest wait for the answer, in milliseconds. */
const CALL_TIMEOUT_MS = 2_500
/** Longest time that a page waits, in milliseconds. A later answer is there for the next page. */
const PAGE_WAIT_MS = 300
/** Connections of a page, as many as Auth0 gives. More than these are not named. */
const PAGE_SIZE = 100

const Names = z.array(
  z.object({ name: z.string(), strategy: z.string(), displayName: z.string().optional() }),
) as unknown as z.ZodType<NamedConnection[]>

/** What naming connections needs. */
export interface ConnectionNameServices
  extends CacheServices,
    Pick<Config, 'linkingAuthority' | 'linkingClient'> {
  authorities: Pick<Authorities, 'server'>
}

/**
 * The linking client's connections by name. One call in ten minutes for all instances that share a store, and no page waits
 * longer than 300 ms for it.
 *
 * @returns None if they are not known in time, or if the person's own token links: it may not list any.
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
    // The pages then use the tenant's names for connections.
    logEvent('connection_names_unread')
    return []
  }
}
