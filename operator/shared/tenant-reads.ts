/**
 * Reads a tenant, with one API call for each list or page. Each function throws an `OperatorError` as `Tenant` does.
 * @module
 */
import type { ManagementClient } from 'auth0'
import type {
  ActualAction,
  ActualApi,
  ActualBinding,
  ActualClient,
  ActualConnection,
  ActualEventStream,
  ActualGrant,
} from './actual'
import { toActualAction, toActualClient, toOperatorError } from './tenant-answers'

/** Items per page: the most that Auth0 allows. */
const PAGE_SIZE = 100

/** The trigger that runs the Action. */
export const TRIGGER = 'post-login'

/** A list that is read page by page. */
type Pages<Item> = PromiseLike<AsyncIterable<Item>>

/** Reads the applications. Needs `read:clients`. */
export async function readClients(api: ManagementClient): Promise<ActualClient[]> {
  const clients = await readAllPages(
    api.clients.list({ per_page: PAGE_SIZE, include_totals: true, is_global: false }),
  )
  return clients.map(toActualClient)
}

/**
 * Reads the client grants of applications for themselves. Needs `read:client_grants`. Leaves out grants with `subject_type`
 * `user`, which are for what an application may do on behalf of people.
 *
 * @see {@link https://auth0.com/docs/get-started/applications/application-access-to-apis-client-grants Client grants}
 */
export async function readGrants(api: ManagementClient): Promise<ActualGrant[]> {
  const grants = await readAllPages(api.clientGrants.list({ take: PAGE_SIZE }))
  return grants
    .filter(({ subject_type: type }) => type !== 'user')
    .map(({ id = '', client_id = '', audience = '', scope, allow_all_scopes: hasAllScopes }) => ({
      id,
      client_id,
      audience,
      scope: scope ?? [],
      hasAllScopes: hasAllScopes === true,
    }))
}

/** Reads the APIs. Needs `read:resource_servers`. */
export async function readApis(api: ManagementClient): Promise<ActualApi[]> {
  const apis = await readAllPages(api.resourceServers.list({ per_page: PAGE_SIZE, include_totals: true }))
  return apis.map(({ id = '', name = '', identifier = '', scopes, ...rest }) => ({
    ...rest,
    id,
    name,
    identifier,
    scopes: scopes ?? [],
  }))
}

/**
 * Reads the connections that people log in with, and the applications that each is enabled for. Needs `read:connections`,
 * and `read:connections_options` for their options.
 *
 * @param isWanted - Selects connections, because each costs an API call.
 */
export async function readConnections(
  api: ManagementClient,
  isWanted: (connection: Omit<ActualConnection, 'clients'>) => boolean,
): Promise<ActualConnection[]> {
  const wanted: ActualConnection[] = []
  for (const connection of await readAllPages(api.connections.list({ take: PAGE_SIZE }))) {
    const { id = '', name = '', strategy = '', authentication, options } = connection
    if (authentication?.active === false || !isWanted({ id, name, strategy })) continue
    const of = await readAllPages(api.connections.clients.get(id, { take: PAGE_SIZE }))
    const clients = of.map(({ client_id: client }) => client)
    wanted.push({ id, name, strategy, clients, ...(options && { options: { ...options } }) })
  }
  return wanted
}

/**
 * Reads the tenant's event streams to webhooks. Needs `read:event_streams`.
 *
 * @see {@link https://auth0.com/docs/api/management/v2/event-streams/get-event-streams List event streams}
 */
export async function readEventStreams(api: ManagementClient): Promise<ActualEventStream[]> {
  const streams = await readAllPages(api.eventStreams.list({ take: PAGE_SIZE }))
  return streams.flatMap(({ id = '', destination, subscriptions = [], status }) =>
    destination?.type === 'webhook'
      ? [
          {
            id,
            url: destination.configuration.webhook_endpoint,
            isEnabled: status !== 'disabled',
            types: subscriptions.flatMap(({ event_type }) => event_type ?? []),
          },
        ]
      : [],
  )
}

/** Reads the Actions. Needs `read:actions`. */
export async function readActions(api: ManagementClient): Promise<ActualAction[]> {
  return (await readAllPages(api.actions.list({ per_page: PAGE_SIZE, installed: false }))).map(toActualAction)
}

/** Reads the bindings of the post-login trigger, in order. Needs `read:actions`. */
export async function readBindings(api: ManagementClient): Promise<ActualBinding[]> {
  const bindings = await readAllPages(api.actions.triggers.bindings.list(TRIGGER, { per_page: 50 }))
  return bindings.map(({ id = '', action }) => ({
    id,
    actionId: action?.id ?? '',
    name: action?.name ?? '',
  }))
}

/**
 * Reads all pages of a list.
 *
 * @throws {OperatorError} The errors of {@link callTenant}.
 */
export function readAllPages<Item>(pages: Pages<Item>): Promise<Item[]> {
  return callTenant(
    (async () => {
      const items: Item[] = []
      for await (const item of await pages) items.push(item)
      return items
    })(),
  )
}

/**
 * Waits for an API call.
 *
 * @throws {OperatorError} If the API call fails. The error tells the operator what that means.
 */
export async function callTenant<Result>(call: PromiseLike<Result>): Promise<Result> {
  try {
    return await call
  } catch (error) {
    throw toOperatorError(error)
  }
}
