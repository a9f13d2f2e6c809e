/**
 * The tenant's Management API, behind the verbs that its set-up needs.
 * @module
 */
import { setTimeout } from 'node:timers/promises'
import { type Management, ManagementClient } from 'auth0'
import type { ActualBinding, ActualClient, ActualConnection, ActualTenant } from './actual'
import { ProvisionError } from './provision-error'
import { toActualClient } from './tenant-answers'
import {
  attempt,
  readActions,
  readBindings,
  readClients,
  readConnections,
  readGrants,
  TRIGGER,
} from './tenant-reads'

/** Pause before an Action is looked at again that is still being built, in milliseconds. */
const BUILD_PAUSE = 1_000
/** Looks at most: Auth0 builds an Action without packages in seconds. */
const BUILD_LOOKS = 120
/** Repeats of a call that met a rate limit or a 5xx: a free plan allows two calls a second. */
const RETRIES = 6

/** A secret to set; without a value, the one that is there stays. */
export interface SecretToSet {
  name: string
  value?: string
}

/** What is written of an Action. */
export type ActionBody = Management.UpdateActionRequestContent

/**
 * The Management API of one tenant.
 *
 * Every verb throws a {@link ProvisionError}: `missing_scope` (403), `not_authorized` (401), `tenant_unreachable` (no answer),
 * or `management_failed` with Auth0's sentence.
 *
 * @see {@link https://auth0.com/docs/api/management/v2 Management API v2}
 */
export class Tenant {
  readonly #api: ManagementClient

  /**
   * @param host - Of the canonical domain.
   * @param token - For its Management API.
   */
  constructor(host: string, token: string) {
    this.#api = new ManagementClient({ domain: host, token, maxRetries: RETRIES, telemetry: false })
  }

  /**
   * Reads everything that is compared.
   *
   * @param isWanted - Chooses among the connections that log people in: each costs a call.
   */
  async read(isWanted: (connection: Omit<ActualConnection, 'clients'>) => boolean): Promise<ActualTenant> {
    const api = this.#api
    return {
      clients: await readClients(api),
      grants: await readGrants(api),
      connections: await readConnections(api, isWanted),
      actions: await readActions(api),
      bindings: await readBindings(api),
    }
  }

  /** Creates an application. */
  async createClient(body: Record<string, unknown>): Promise<ActualClient> {
    const created = await attempt(this.#api.clients.create(body as unknown as NewClient))
    return toActualClient(created)
  }

  /** Changes fields of an application. */
  async updateClient(id: string, fields: Record<string, unknown>): Promise<void> {
    await attempt(this.#api.clients.update(id, fields as Management.UpdateClientRequestContent))
  }

  /** The secret of an application. */
  async clientSecret(id: string): Promise<string> {
    const { client_secret: secret } = await attempt(this.#api.clients.get(id))
    if (secret) return secret
    throw new ProvisionError(
      'missing_scope',
      'The token may not read secrets of applications: read:client_keys.',
    )
  }

  /** Removes an application. */
  async deleteClient(id: string): Promise<void> {
    await attempt(this.#api.clients.delete(id))
  }

  /** Grants an application scopes of an API. */
  async createGrant(clientId: string, audience: string, scope: string[]): Promise<void> {
    await attempt(this.#api.clientGrants.create({ client_id: clientId, audience, scope }))
  }

  /** Changes the scopes of a grant. */
  async updateGrant(id: string, scope: string[]): Promise<void> {
    await attempt(this.#api.clientGrants.update(id, { scope }))
  }

  /** Takes a grant away. */
  async deleteGrant(id: string): Promise<void> {
    await attempt(this.#api.clientGrants.delete(id))
  }

  /** Enables a connection for applications, or disables it. */
  async setConnectionClients(id: string, clientIds: string[], status: boolean): Promise<void> {
    const changes = clientIds.map((client) => ({ client_id: client, status }))
    await attempt(this.#api.connections.clients.update(id, changes))
  }

  /** Creates an Action, not yet deployed; answers with its id. */
  async createAction(name: string, body: ActionBody): Promise<string> {
    const supported = body.supported_triggers ?? []
    const { id = '' } = await attempt(
      this.#api.actions.create({ ...body, name, supported_triggers: supported }),
    )
    return id
  }

  /** Changes the draft of an Action. */
  async updateAction(id: string, body: ActionBody): Promise<void> {
    await attempt(this.#api.actions.update(id, body))
  }

  /**
   * Deploys the draft of an Action once it is built; answers with the id of the version.
   *
   * @throws {ProvisionError} `build_failed` as well.
   */
  async deployAction(id: string): Promise<string> {
    for (let look = 1; ; look += 1) {
      const { status } = await attempt(this.#api.actions.get(id))
      if (status === 'built') break
      if (status === 'failed' || look === BUILD_LOOKS)
        throw new ProvisionError('build_failed', `The tenant did not build the Action: ${status}.`)
      await setTimeout(BUILD_PAUSE)
    }
    const { id: version = '' } = await attempt(this.#api.actions.deploy(id))
    return version
  }

  /** Goes back to an earlier version of an Action, its draft as well. */
  async redeployAction(id: string, version: string): Promise<void> {
    await attempt(this.#api.actions.versions.deploy(id, version, { update_draft: true }))
  }

  /** Removes an Action with all its versions. */
  async deleteAction(id: string): Promise<void> {
    await attempt(this.#api.actions.delete(id))
  }

  /** Puts an Action last in the post-login trigger, behind what is there by now. */
  async bind(actionName: string, displayName: string): Promise<void> {
    const present = (await readBindings(this.#api)).map(toRef)
    const added = { ref: { type: 'action_name', value: actionName }, display_name: displayName } as const
    await attempt(this.#api.actions.triggers.bindings.updateMany(TRIGGER, { bindings: [...present, added] }))
  }

  /** Takes an Action out of the post-login trigger; what else is there by now stays. */
  async unbind(actionName: string): Promise<void> {
    const others = (await readBindings(this.#api)).filter(({ name }) => name !== actionName)
    await attempt(this.#api.actions.triggers.bindings.updateMany(TRIGGER, { bindings: others.map(toRef) }))
  }

  /** What the tenant says of itself; nothing where the token may not read it. */
  async describe(): Promise<{
    name?: string | undefined
    support?: string | undefined
    color?: string | undefined
  }> {
    const settings = await this.#api.tenants.settings.get().catch(() => undefined)
    const branding = await this.#api.branding.get().catch(() => undefined)
    const { primary } = branding?.colors ?? {}
    return {
      name: settings?.friendly_name,
      support: settings?.support_url,
      color: typeof primary === 'string' ? primary : undefined,
    }
  }
}

const toRef = ({ id }: ActualBinding) => ({ ref: { type: 'binding_id', value: id } }) as const

type NewClient = Management.CreateClientRequestContent
