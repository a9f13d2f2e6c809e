/**
 * Finds out through which connections a person can connect accounts, and with which of their identities they can sign in.
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
 * The connections through which a person can prove ownership of an account: those that are enabled for the linking client,
 * the Auth0 application of that sign-in. With `LINKING_AUTHORITY=user`, those that the operator configured, because a
 * person's token may not list connections.
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
 * The connections whose display names label sign-in methods: {@link provingConnections}, or an empty list if they cannot be
 * listed, because pages can do without these names.
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
 * Finds the connections of identities through which the person cannot sign in here, because the connection was deleted or is
 * not enabled for the session client, the Auth0 application of the page. Calls the API only if a connection is missing in
 * `known`, and caches the result for ten minutes.
 *
 * @param known - The result of {@link knownConnections}.
 * @returns Names of these connections. Empty if we cannot find out: `known` is empty, the API call fails, or
 *   `LINKING_AUTHORITY` is `user`.
 */
export async function unusableConnections(
  services: Pick<Services, 'linkingAuthority' | 'sealer' | 'sessionClient' | 'store'>,
  api: AccountApi,
  identities: Pick<AccountIdentity, 'connection'>[],
  known: Connection[],
): Promise<string[]> {
  const { linkingAuthority, sessionClient } = services
  const isIn = (list: Connection[]) => (name: string) => list.some((each) => each.name === name)
  const names = [...new Set(identities.map(({ connection }) => connection))].sort()
  const missing = names.filter((name) => !isIn(known)(name))
  // `known` is empty if listing the connections failed. With `LINKING_AUTHORITY=user` they cannot be listed.
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
 * The connections that the page offers: {@link provingConnections} without those that the operator blocked. If the operator
 * configured a list, only those in the list.
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

/** Makes a connection from an entry of the operator's list. A provider stands for the connection of the same name. */
function toConnection(entry: string): Connection {
  const parsed = parseListEntry(entry)
  const name = parsed.kind === 'provider' ? parsed.strategy : parsed.name
  const strategy = parsed.kind === 'bare' ? parsed.name : parsed.strategy
  return { id: undefined, name, strategy, displayName: undefined }
}

/**
 * Finds out with which identities the person can sign in now. The result is never cached, because it decides whether the
 * last usable sign-in method would be removed.
 *
 * @param identities - The identities that would remain. Reads the tenant's connections page by page until one of these
 *   identities is known to be usable.
 * @returns A function that says whether an identity is usable. It may return false for a usable one, because reading stops
 *   at the first.
 * @throws {ManagementApiError} If that cannot be found out.
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

/** Whether a passwordless identity has the email address or phone number for its codes. True for other identities. */
function hasAddressFor(provider: string, { email, phone_number }: AccountIdentity['profile']): boolean {
  if (provider === 'email') return email !== undefined
  return provider !== 'sms' || phone_number !== undefined
}
