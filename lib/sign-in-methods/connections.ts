/**
 * Which connections can be connected, and which identities can be signed in with.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import { hash12, isNamed, mayBeNamed, parseListEntry } from '../../core'
import type { AccountIdentity } from '../auth0/account'
import type { AccountApi } from '../auth0/account-api'
import type { Connection } from '../auth0/connection'
import { ManagementApiError } from '../auth0/management-api-error'
import type { Services } from '../link-flow/services'
import { cached } from '../store/cached'

/** How long the list of connections is cached, in seconds. */
const CONNECTION_CACHE_SECONDS = 10 * 60

const Connections = z.array(
  z.object({
    id: z.string().optional(),
    name: z.string(),
    strategy: z.string(),
    displayName: z.string().optional(),
  }),
) as unknown as z.ZodType<Connection[]>

/**
 * The connections that accounts can be proven with: those of the linking client; if the person's own token links, which may not list
 * any, those that the operator named.
 *
 * @throws {ManagementApiError} If they cannot be listed.
 */
export async function provingConnections(services: Services, api: AccountApi): Promise<Connection[]> {
  const { linkingAuthority, linkingClient, connectConnections } = services
  if (linkingAuthority === 'user') return (connectConnections ?? []).map(toConnection)
  return cached(services, `connections:${linkingClient.id}`, CONNECTION_CACHE_SECONDS, Connections, () =>
    api.connectionsOf(linkingClient.id),
  )
}

/**
 * The connections by which ways in are named: {@link provingConnections}, or none if they cannot be listed, because a page can do
 * without them.
 */
export async function knownConnections(services: Services, api: AccountApi): Promise<Connection[]> {
  try {
    return await provingConnections(services, api)
  } catch (error) {
    if (!(error instanceof ManagementApiError)) throw error
    return []
  }
}

/**
 * Which of an account's identities cannot be used to sign in here, because their connection is gone or switched off. The tenant is
 * asked only if the linking client, too, lacks a connection, and then once in ten minutes.
 *
 * @param known - As {@link knownConnections} gives it.
 * @returns Names of connections; none if that cannot be found out.
 */
export async function connectionsOff(
  services: Pick<Services, 'linkingAuthority' | 'sealer' | 'sessionClient' | 'store'>,
  api: AccountApi,
  identities: Pick<AccountIdentity, 'connection'>[],
  known: Connection[],
): Promise<string[]> {
  const { linkingAuthority, sessionClient } = services
  const isIn = (list: Connection[]) => (name: string) => list.some((each) => each.name === name)
  const names = [...new Set(identities.map(({ connection }) => connection))].sort()
  const missing = names.filter((name) => !isIn(known)(name))
  // If the person's own token links, nothing can be listed.
  if (missing.length === 0 || known.length === 0 || linkingAuthority === 'user') return []
  const key = `connections-off:${await hash12(JSON.stringify([sessionClient.id, missing]))}`
  try {
    return await cached(services, key, CONNECTION_CACHE_SECONDS, z.array(z.string()), async () => {
      const there = await api.connectionsOf(sessionClient.id, (found) => missing.every(isIn(found)))
      return missing.filter((name) => !isIn(there)(name))
    })
  } catch (error) {
    if (!(error instanceof ManagementApiError)) throw error
    return []
  }
}

/**
 * What the page offers to connect: of {@link provingConnections} those that the operator named, if any were, and did not block.
 *
 * @throws {ManagementApiError} If they cannot be listed.
 */
export async function connectableConnections(services: Services, api: AccountApi): Promise<Connection[]> {
  const { connectConnections, policy, linkingAuthority } = services
  const isListed = (connection: Connection) =>
    connectConnections === undefined ||
    linkingAuthority === 'user' ||
    isNamed(toSource(connection), connectConnections)
  return (await provingConnections(services, api)).filter(
    (connection) => isListed(connection) && !mayBeNamed(toSource(connection), policy.blocked),
  )
}

const toSource = ({ name, strategy }: Connection) => ({ provider: strategy, connection: name })

/** The connection that an entry names, if nothing but the entry is known: of a provider, the connection of the same name. */
function toConnection(entry: string): Connection {
  const parsed = parseListEntry(entry)
  const name = parsed.kind === 'provider' ? parsed.strategy : parsed.name
  const strategy = parsed.kind === 'bare' ? parsed.name : parsed.strategy
  return { id: undefined, name, strategy, displayName: undefined }
}

/**
 * Finds which of an account's identities its owner can sign in with now. Never cached, because the last way in is at stake.
 *
 * @param identities - Those that matter: the tenant's connections are read, however many there are, until one of these is known
 *   to be usable.
 * @returns Whether an identity is usable.
 * @throws {ManagementApiError} If it cannot be found out.
 */
export async function signInCheck(
  services: Services,
  api: AccountApi,
  identities: AccountIdentity[],
): Promise<(identity: AccountIdentity) => boolean> {
  const { linkingAuthority, sessionClient } = services
  const isUsableWith =
    (enabled: Connection[]) =>
    ({ connection, provider, profile }: AccountIdentity) =>
      enabled.some(({ name }) => name === connection) &&
      profile.blocked !== true &&
      hasAddressFor(provider, profile)
  const enabled =
    linkingAuthority === 'user'
      ? await provingConnections(services, api)
      : await api.connectionsOf(sessionClient.id, (found) => identities.some(isUsableWith(found)))
  return isUsableWith(enabled)
}

/** A code can only be sent if there is an address or a number. */
function hasAddressFor(provider: string, { email, phone_number }: AccountIdentity['profile']): boolean {
  if (provider === 'email') return email !== undefined
  return provider !== 'sms' || phone_number !== undefined
}
