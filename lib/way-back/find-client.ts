import 'server-only'
import { LinkingError } from '@/core/errors'
import type { Authorities } from '../auth0/authority'
import type { ManagementApi } from '../auth0/management-api'
import { ManagementApiError } from '../auth0/management-api-error'
import { processMemory } from '../process/process-memory'
import { type ApplicationClient, CLIENT_FIELDS, parseApplicationClient } from './application-client'

/** How long an application is kept, in milliseconds; and how long it is kept that there is none. */
const FOUND_MS = 10 * 60_000
const NOT_FOUND_MS = 60_000
/** Applications that are kept. Above that the one that was asked for longest ago goes. */
const MAX_KEPT = 200

/** Why an application is not known. */
export type UnknownClient = 'client_unknown' | 'client_unread' | 'scope_missing'

/** An application, or why it is not known. */
export type FoundClient =
  | { client: ApplicationClient; ignored?: never }
  | { client?: never; ignored: UnknownClient }

interface Kept {
  found: Promise<FoundClient>
  /** When it no longer counts, in milliseconds since the epoch; undefined while it is being read. */
  until?: number
}

const kept = () => processMemory('way-back-clients', () => new Map<string, Kept>())

/**
 * The application with a client id, from the memory of this process or the tenant. Those who ask at once share one call. It never
 * fails: pages can do without a way back.
 *
 * @param api - Whose calls count for the person who is signed in. Never ask for a person who is not.
 * @param clientId - Of no more than 64 characters.
 * @returns `client_unknown` if the tenant has no such application; `scope_missing` without `read:clients`, with which alone Auth0
 *   shows addresses; `client_unread` if the tenant did not answer, or the person's calls are used up: the next one asks again.
 */
export async function findClient(
  authorities: Pick<Authorities, 'isGranted'>,
  api: Pick<ManagementApi, 'readClient'>,
  clientId: string,
): Promise<FoundClient> {
  const clients = kept()
  const known = clients.get(clientId)
  if (known && (known.until === undefined || known.until > Date.now())) {
    putLast(clients, clientId, known)
    return known.found
  }
  const entry: Kept = { found: ask(authorities, api, clientId) }
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

/** Puts an application where the ones are that were asked for last, and forgets the first one if there are too many. */
function putLast(clients: Map<string, Kept>, clientId: string, entry: Kept): void {
  clients.delete(clientId)
  const [first] = clients.keys()
  if (clients.size >= MAX_KEPT && first !== undefined) clients.delete(first)
  clients.set(clientId, entry)
}
