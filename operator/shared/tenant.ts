/**
 * A Management API client with the methods that provisioning needs.
 * @module
 */
import { setTimeout } from 'node:timers/promises'
import { type Management, ManagementClient } from 'auth0'
import type { ActualBinding, ActualClient, ActualConnection, ActualTenant } from './actual'
import { OperatorError } from './operator-error'
import { toActualClient } from './tenant-answers'
import {
  callTenant,
  readActions,
  readApis,
  readBindings,
  readClients,
  readConnections,
  readEventStreams,
  readGrants,
  TRIGGER,
} from './tenant-reads'

/** Pause between two reads of an Action while the tenant builds or deploys it, in milliseconds. */
const READ_PAUSE_MS = 1_000
/** The most reads while waiting for a build, and for a deployment. Auth0 takes seconds for an Action without packages. */
const MAX_READS = 120
/** How often an API call is retried after a 429 or a 5xx. A free plan allows two API calls a second. */
const MAX_RETRIES = 6

/** The fields of an Action that are written. */
export type ActionBody = Management.UpdateActionRequestContent

/** How long {@link Tenant} waits for the tenant to build and to deploy an Action. */
export interface Polling {
  /** Milliseconds between two reads of the Action. */
  pauseMs: number
  /** The most reads while waiting for a build, and for a deployment. */
  maxReads: number
}

/**
 * The Management API of one tenant.
 *
 * Every method may throw an {@link OperatorError}: `missing_scope` or `feature_unavailable` (403), `not_authorized` (401),
 * `tenant_unreachable` (no response), or `management_failed` with Auth0's message.
 *
 * @see {@link https://auth0.com/docs/api/management/v2 Management API v2}
 */
export class Tenant {
  readonly #api: ManagementClient
  readonly #polling: Polling

  /**
   * @param host - Host of the canonical domain.
   * @param token - Access token for its Management API.
   * @param polling - By default two minutes for a build and two for a deployment.
   */
  constructor(
    host: string,
    token: string,
    polling: Polling = { pauseMs: READ_PAUSE_MS, maxReads: MAX_READS },
  ) {
    this.#polling = polling
    this.#api = new ManagementClient({ domain: host, token, maxRetries: MAX_RETRIES, telemetry: false })
  }

  /**
   * Reads everything that plans compare.
   *
   * @param isWanted - Selects connections, because each costs an API call.
   * @param hasStreams - Whether to read event streams, which needs a scope of its own.
   */
  async read(
    isWanted: (connection: Omit<ActualConnection, 'clients'>) => boolean,
    hasStreams = false,
  ): Promise<ActualTenant> {
    const api = this.#api
    return {
      clients: await readClients(api),
      grants: await readGrants(api),
      apis: await readApis(api),
      connections: await readConnections(api, isWanted),
      actions: await readActions(api),
      bindings: await readBindings(api),
      eventStreams: hasStreams ? await readEventStreams(api) : [],
    }
  }

  /** Creates an application. */
  async createClient(body: Record<string, unknown>): Promise<ActualClient> {
    const created = await callTenant(this.#api.clients.create(body as unknown as NewClient))
    return toActualClient(created)
  }

  /** Changes fields of an application. */
  async updateClient(id: string, fields: Record<string, unknown>): Promise<void> {
    await callTenant(this.#api.clients.update(id, fields as Management.UpdateClientRequestContent))
  }

  /** Reads the secret of an application. */
  async clientSecret(id: string): Promise<string> {
    const { client_secret: secret } = await callTenant(this.#api.clients.get(id))
    if (secret) return secret
    throw new OperatorError(
      'missing_scope',
      'The token may not read secrets of applications: it lacks read:client_keys.',
    )
  }

  /** Removes an application. */
  async deleteClient(id: string): Promise<void> {
    await callTenant(this.#api.clients.delete(id))
  }

  /** Grants an application scopes of an API. */
  async createGrant(clientId: string, audience: string, scope: string[]): Promise<void> {
    await callTenant(this.#api.clientGrants.create({ client_id: clientId, audience, scope }))
  }

  /** Changes the scopes of a grant. */
  async updateGrant(id: string, scope: string[]): Promise<void> {
    await callTenant(this.#api.clientGrants.update(id, { scope }))
  }

  /** Removes a grant. */
  async deleteGrant(id: string): Promise<void> {
    await callTenant(this.#api.clientGrants.delete(id))
  }

  /** Creates an API. */
  async createApi(body: Record<string, unknown>): Promise<void> {
    await callTenant(this.#api.resourceServers.create(body as unknown as NewApi))
  }

  /** Changes fields of an API. */
  async updateApi(id: string, fields: Record<string, unknown>): Promise<void> {
    await callTenant(
      this.#api.resourceServers.update(id, fields as Management.UpdateResourceServerRequestContent),
    )
  }

  /** Removes an API. */
  async deleteApi(id: string): Promise<void> {
    await callTenant(this.#api.resourceServers.delete(id))
  }

  /** Creates an event stream to a webhook with a bearer token, enabled. */
  async createEventStream(name: string, url: string, types: readonly string[], token: string): Promise<void> {
    const webhook_authorization = { method: 'bearer', token } as const
    const configuration = { webhook_endpoint: url, webhook_authorization }
    const subscriptions = types.map((event_type) => ({ event_type }))
    const destination = { type: 'webhook', configuration } as const
    await callTenant(this.#api.eventStreams.create({ name, subscriptions, destination, status: 'enabled' }))
  }

  /** Removes an event stream. */
  async deleteEventStream(id: string): Promise<void> {
    await callTenant(this.#api.eventStreams.delete(id))
  }

  /** Enables a connection for applications, or disables it. */
  async setConnectionClients(id: string, clientIds: string[], status: boolean): Promise<void> {
    const changes = clientIds.map((client) => ({ client_id: client, status }))
    await callTenant(this.#api.connections.clients.update(id, changes))
  }

  /** Creates an Action without deploying it. Returns its id. */
  async createAction(name: string, body: ActionBody): Promise<string> {
    const supported = body.supported_triggers ?? []
    const { id = '' } = await callTenant(
      this.#api.actions.create({ ...body, name, supported_triggers: supported }),
    )
    return id
  }

  /** Changes the draft of an Action. */
  async updateAction(id: string, body: ActionBody): Promise<void> {
    await callTenant(this.#api.actions.update(id, body))
  }

  /**
   * Waits until the tenant has built the draft of an Action, and starts to deploy it. To wait for the end of the deployment,
   * use {@link awaitDeployment}.
   *
   * @returns The id of the new version.
   * @throws {OperatorError} Also `build_failed`.
   */
  async deployAction(id: string): Promise<string> {
    const { status } = await this.#readUntil(id, ({ status }) => status === 'built' || status === 'failed')
    if (status !== 'built')
      throw new OperatorError('build_failed', `The tenant did not build the Action: ${status}.`)
    const { id: version = '' } = await callTenant(this.#api.actions.deploy(id))
    return version
  }

  /**
   * Waits until logins run a version of an Action. Auth0 responds before a deployment has ended, and refuses to bind an
   * Action without a deployed version.
   *
   * @param version - From {@link deployAction}.
   * @throws {OperatorError} Also `deployment_failed`, if the build of the version failed or did not end within two minutes.
   * @see {@link https://auth0.com/docs/api/management/v2/actions/post-deploy-action Deploy an Action}
   */
  async awaitDeployment(id: string, version: string): Promise<void> {
    const isDeployed = ({ deployed_version: deployed }: Management.GetActionResponseContent) =>
      deployed?.id === version && deployed.deployed === true
    const action = await this.#readUntil(id, (read) => isDeployed(read) || hasFailed(read, version))
    if (isDeployed(action)) return
    const how = hasFailed(action, version) ? 'failed' : `has not ended; the Action is ${action.status}`
    throw new OperatorError(
      'deployment_failed',
      `The tenant did not deploy the Action: the deployment of version ${version} ${how}.`,
    )
  }

  /** Deploys an earlier version of an Action again, makes that version the draft, too, and waits for the deployment. */
  async redeployAction(id: string, version: string): Promise<void> {
    const { id: again = '' } = await callTenant(
      this.#api.actions.versions.deploy(id, version, { update_draft: true }),
    )
    await this.awaitDeployment(id, again)
  }

  /** Reads an Action until `isEnough` returns true or the reads are used up. Returns the last result. */
  async #readUntil(
    id: string,
    isEnough: (action: Management.GetActionResponseContent) => boolean,
  ): Promise<Management.GetActionResponseContent> {
    for (let read = 1; ; read += 1) {
      const action = await callTenant(this.#api.actions.get(id))
      if (isEnough(action) || read >= this.#polling.maxReads) return action
      await setTimeout(this.#polling.pauseMs)
    }
  }

  /** Removes an Action with all its versions. */
  async deleteAction(id: string): Promise<void> {
    await callTenant(this.#api.actions.delete(id))
  }

  /** Adds an Action to the post-login trigger as the last one. Reads the present bindings first and keeps them. */
  async bind(actionName: string, displayName: string): Promise<void> {
    const present = (await readBindings(this.#api)).map(toRef)
    const added = { ref: { type: 'action_name', value: actionName }, display_name: displayName } as const
    await callTenant(
      this.#api.actions.triggers.bindings.updateMany(TRIGGER, { bindings: [...present, added] }),
    )
  }

  /** Removes an Action from the post-login trigger. Reads the present bindings first and keeps the others. */
  async unbind(actionName: string): Promise<void> {
    const others = (await readBindings(this.#api)).filter(({ name }) => name !== actionName)
    await callTenant(this.#api.actions.triggers.bindings.updateMany(TRIGGER, { bindings: others.map(toRef) }))
  }
}

/** Whether the build of an Action's draft, or of a version, failed. Auth0 writes the states of versions in capitals. */
function hasFailed(action: Management.GetActionResponseContent, version: string): boolean {
  const { status, deployed_version: deployed } = action
  const { current_version: current } = action as { current_version?: { id?: string; status?: string } }
  const ofVersion = [deployed, current].find((each) => each?.id === version)?.status
  return [status, ofVersion].some((state) => state?.toLowerCase() === 'failed')
}

const toRef = ({ id }: ActualBinding) => ({ ref: { type: 'binding_id', value: id } }) as const

type NewClient = Management.CreateClientRequestContent
type NewApi = Management.CreateResourceServerRequestContent
