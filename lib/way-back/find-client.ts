import 'server-only'
import { LinkingError } from '@/core/errors'
import type { Authorities } from '../auth0/authority'
import type { ManagementApi } from '../auth0/management-api'
import { ManagementApiError } from '../auth0/management-api-error'
import { processMemory } from '../process/process-memory'
import { type ApplicationClient, CLIENT_FIELDS, parseApplicationClient } from './application-client'

/** How long an application is cached, and how long it is cached that there is no such application, both in milliseconds. */
const FOUND_MS = 10 * 60_000
const NOT_FOUND_MS = 60_000
/** The most applications that are cached. At this limit, the least recently used one is removed. */
const MAX_CACHED = 200

/** Why an application is not known. */
export type UnknownClient = 'client_unknown' | 'client_unread' | 'scope_missing'

/** An application, or why it is not known. */
export type FoundClient =
  | { client: ApplicationClient; ignored?: never }
  | { client?: never; ignored: UnknownClient }

interface CachedClient {
  found: Promise<FoundClient>
  /** When the entry expires, in milliseconds since the epoch; undefined while the application is being read. */
  until?: number
}

const cache = () => processMemory('way-back-clients', () => new Map<string, CachedClient>())

/**
 * Finds the application with a client id, in the cache of this process or at the tenant. Concurrent callers share one API
 * call. API errors are returned and not thrown, because pages can do without a return link.
 *
 * @param api - Must count its calls against the limits of the signed-in person. Never call this function without a signed-in
 *   person: anyone could use up the tenant's rate limit.
 * @param clientId - At most 64 characters.
 * @returns The application, or `client_unknown` if the tenant has no such application; `scope_missing` without
 *   `read:clients`, because Auth0 then does not return its URLs; `client_unread` if the tenant did not respond or the
 *   person's API calls are used up. The last two are not cached.
 */
export async function findClient(
  authorities: Pick<Authorities, 'isGranted'>,
  api: Pick<ManagementApi, 'readClient'>,
  clientId: string,
): Promise<FoundClient> {
  const clients = cache()
  const known = clients.get(clientId)
  if (known && (known.until === undefined || known.until > Date.now())) {
    putLast(clients, clientId, known)
    return known.found
  }
  const entry: CachedClient = { found: ask(authorities, api, clientId) }
  putLast(clients, clientId, entry)
  let lifeMs = 0
  try {
    const found = await entry.found
    lifeMs = lifeOf(found)
    return found
  } finally {
    if (lifeMs > 0) entry.until = Date.now() + lifeMs
    else if (clients.get(clientId) === entry) clients.delete(clientId)
  }
}

function lifeOf({ client, ignored }: FoundClient): number {
  if (client) return FOUND_MS
  return ignored === 'client_unknown' ? NOT_FOUND_MS : 0
}

async function ask(
  authorities: Pick<Authorities, 'isGranted'>,
  api: Pick<ManagementApi, 'readClient'>,
  clientId: string,
): Promise<FoundClient> {
  try {
    if (!(await authorities.isGranted('read:clients'))) return { ignored: 'scope_missing' }
    const client = parseApplicationClient(await api.readClient(clientId, CLIENT_FIELDS))
    return client ? { client } : { ignored: 'client_unknown' }
  } catch (error) {
    if (!(error instanceof ManagementApiError || error instanceof LinkingError)) throw error
    return { ignored: error.code === 'not_found' ? 'client_unknown' : 'client_unread' }
  }
}

/** Moves an application to the end, as the most recently used one. If there are too many, the first one is removed. */
function putLast(clients: Map<string, CachedClient>, clientId: string, entry: CachedClient): void {
  clients.delete(clientId)
  const [first] = clients.keys()
  if (clients.size >= MAX_CACHED && first !== undefined) clients.delete(first)
  clients.set(clientId, entry)
}
