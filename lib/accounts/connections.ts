/**
 * Which connections can be connected, and which identities can be signed in with.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import type { AccountIdentity } from '../auth0/account'
import type { Connection } from '../auth0/connection'
import type { ManagementApi } from '../auth0/management-api'
import { config } from '../config'
import { isNamed, mayBeNamed, parseListEntry } from '../linking'
import { remembered } from '../store/remembered'

/** How long the list of connections is kept, in seconds. */
const KEPT = 10 * 60

const Connections = z.array(
  z.object({
    id: z.string().optional(),
    name: z.string(),
    strategy: z.string(),
    displayName: z.string().optional(),
  }),
) as unknown as z.ZodType<Connection[]>

/**
 * The connections that accounts can be proven with: those of the linking client; where the person's own token links, which may
 * not list any, those that the operator named.
 *
 * @throws {ManagementApiError} Where they cannot be listed.
 */
export async function provingConnections(api: ManagementApi): Promise<Connection[]> {
  const { linkingAuthority, linkingClient, connectConnections } = config()
  if (linkingAuthority === 'user') return (connectConnections ?? []).map(toConnection)
  return remembered(`connections:${linkingClient.id}`, KEPT, Connections, () =>
    api.connectionsOf(linkingClient.id),
  )
}

/**
 * What the page offers to connect: of {@link provingConnections} those that the operator named, if any were, and did not block.
 *
 * @throws {ManagementApiError} Where they cannot be listed.
 */
export async function connectableConnections(api: ManagementApi): Promise<Connection[]> {
  const { connectConnections, policy, linkingAuthority } = config()
  const isListed = (connection: Connection) =>
    connectConnections === undefined ||
    linkingAuthority === 'user' ||
    isNamed(toSource(connection), connectConnections)
  return (await provingConnections(api)).filter(
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
 * Tells which of an account's identities its owner can sign in with now: asked anew each time, because a way in is at stake.
 *
 * @throws {ManagementApiError} Where it cannot be found out.
 */
export async function signInCheck(api: ManagementApi): Promise<(identity: AccountIdentity) => boolean> {
  const { linkingAuthority, sessionClient } = config()
  const enabled =
    linkingAuthority === 'user' ? await provingConnections(api) : await api.connectionsOf(sessionClient.id)
  const names = new Set(enabled.map(({ name }) => name))
  return ({ connection, provider, profile }) =>
    names.has(connection) && profile.blocked !== true && hasAddressFor(provider, profile)
}

/** A code can only be sent where there is somewhere to send it. */
function hasAddressFor(provider: string, { email, phone_number }: AccountIdentity['profile']): boolean {
  if (provider === 'email') return email !== undefined
  return provider !== 'sms' || phone_number !== undefined
}
