/**
 * What is read of a tenant, a list a call, or a call a page. Each throws a `OperatorError` as `Tenant` says.
 * @module
 */
import type { ManagementClient } from 'auth0'
import type { ActualAction, ActualBinding, ActualClient, ActualConnection, ActualGrant } from './actual'
import { toActualAction, toActualClient, toOperatorError } from './tenant-answers'

/** Items of a page, as many as Auth0 gives. */
const PAGE = 100

/** The trigger that the Action belongs to. */
export const TRIGGER = 'post-login'

/** A list that is read page by page. */
type Pages<Item> = PromiseLike<AsyncIterable<Item>>

/** The applications; `read:clients`. */
export async function readClients(api: ManagementClient): Promise<ActualClient[]> {
  const clients = await all(api.clients.list({ per_page: PAGE, include_totals: true, is_global: false }))
  return clients.map(toActualClient)
}

/**
 * The client grants of applications for themselves; `read:client_grants`. An application may hold a second grant of the same
 * API, with `subject_type` `user`, which is about what it may do for people.
 *
 * @see {@link https://auth0.com/docs/get-started/applications/application-access-to-apis-client-grants Client grants}
 */
export async function readGrants(api: ManagementClient): Promise<ActualGrant[]> {
  const grants = await all(api.clientGrants.list({ take: PAGE }))
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

/**
 * The connections that log people in, and for whom they are enabled; `read:connections`, and for their options
 * `read:connections_options`.
 *
 * @param isWanted - Chooses among them: each costs a call.
 */
export async function readConnections(
  api: ManagementClient,
  isWanted: (connection: Omit<ActualConnection, 'clients'>) => boolean,
): Promise<ActualConnection[]> {
  const wanted: ActualConnection[] = []
  for (const connection of await all(api.connections.list({ take: PAGE }))) {
    const { id = '', name = '', strategy = '', authentication, options } = connection
    if (authentication?.active === false || !isWanted({ id, name, strategy })) continue
    const of = await all(api.connections.clients.get(id, { take: PAGE }))
    const clients = of.map(({ client_id: client }) => client)
    wanted.push({ id, name, strategy, clients, ...(options && { options: { ...options } }) })
  }
  return wanted
}

/** The Actions; `read:actions`. */
export async function readActions(api: ManagementClient): Promise<ActualAction[]> {
  return (await all(api.actions.list({ per_page: PAGE, installed: false }))).map(toActualAction)
}

/** What is bound to the post-login trigger, in order; `read:actions`. */
export async function readBindings(api: ManagementClient): Promise<ActualBinding[]> {
  const bindings = await all(api.actions.triggers.bindings.list(TRIGGER, { per_page: 50 }))
  return bindings.map(({ id = '', action }) => ({
    id,
    actionId: action?.id ?? '',
    name: action?.name ?? '',
  }))
}

/**
 * Reads a list to its end.
 *
 * @throws {OperatorError} As {@link attempt} does.
 */
export function all<Item>(pages: Pages<Item>): Promise<Item[]> {
  return attempt(
    (async () => {
      const items: Item[] = []
      for await (const item of await pages) items.push(item)
      return items
    })(),
  )
}

/**
 * Waits for a call.
 *
 * @throws {OperatorError} What its failure means to the operator.
 */
export async function attempt<Result>(call: PromiseLike<Result>): Promise<Result> {
  try {
    return await call
  } catch (error) {
    throw toOperatorError(error)
  }
}
