/**
 * Wraps the Management API in the few methods that this application needs.
 * @module
 */
import 'server-only'
import { ClientsClient } from 'auth0/clients'
import { ConnectionsClient } from 'auth0/clients/connections'
import { VerificationEmailClient } from 'auth0/jobs/verificationEmail'
import { UsersClient } from 'auth0/users'
import { idOf, normalizeEmail } from '@/core'
import { type Account, parseAccount } from './account'
import { AccountApi, PAGE_SIZE } from './account-api'
import { type Connection, parseConnections } from './connection'
import { ManagementApiError } from './management-api-error'
import type { CallOptions } from './path-call'
import { callVerbatim, isDotSegment } from './verbatim-call'

/** The most pages of connections that are read: for a list that a page shows, and when searching for certain connections. */
const MAX_PAGES = 5
const MAX_PAGES_SEARCHED = 100

/** The identity to link, named by its id or by an ID token of its account. */
export type IdentityToLink =
  | { provider: string; user_id: string; connection_id?: string }
  | { link_with: string }

type Clients = {
  users: UsersClient
  clients: ClientsClient
  connections: ConnectionsClient
  mails: VerificationEmailClient
}

/**
 * Makes an API call with the SDK's clients. The SDK's own retries are off: it would repeat a POST that may have succeeded, and
 * would wait between tries for longer than people wait.
 */
const bySdk =
  <Result>(work: (clients: Clients) => PromiseLike<Result>) =>
  (call: CallOptions): PromiseLike<Result> => {
    const options = { ...call, maxRetries: 0 }
    return work({
      users: new UsersClient(options),
      clients: new ClientsClient(options),
      connections: new ConnectionsClient(options),
      mails: new VerificationEmailClient(options),
    })
  }

/** All Management API calls of this application. Authority, deadline and errors are those of {@link AccountApi}. */
export class ManagementApi extends AccountApi {
  /** Reads every user with an email address. Auth0's lookup is case-sensitive, so both `email` and its lower case are looked up. */
  async findUsers(email: string): Promise<Account[]> {
    const spellings = [...new Set([email, normalizeEmail(email)])]
    const found = await Promise.all(
      spellings.map((spelling) =>
        this.repeatable(bySdk(({ users }) => users.listUsersByEmail({ email: spelling }))),
      ),
    )
    return found.flat().flatMap((raw) => parseAccount(raw) ?? [])
  }

  /** Links an identity to a user. Returns all identities of the user, as the tenant lists them. */
  async linkIdentity(userId: string, identity: IdentityToLink): Promise<unknown> {
    // The SDK's list of providers is shorter than Auth0's.
    const body = identity as Parameters<UsersClient['identities']['link']>[1]
    return this.once(bySdk(({ users }) => users.identities.link(userId, body)))
  }

  /** Unlinks an identity from a user. Returns the identities that the user keeps, as the tenant lists them. */
  async unlinkIdentity(
    userId: string,
    { provider, user_id }: { provider: string; user_id: string },
  ): Promise<unknown> {
    const id = idOf(user_id)
    if (isDotSegment(id)) {
      const segments = ['api', 'v2', 'users', userId, 'identities', provider, id]
      return this.once((options) =>
        callVerbatim({ ...options, origin: this.authority.origin, method: 'DELETE', segments }),
      )
    }
    const named = provider as Parameters<UsersClient['identities']['delete']>[1]
    return this.once(bySdk(({ users }) => users.identities.delete(userId, named, id)))
  }

  /** Sends the verification email for a user's first identity. It is never repeated, because the person would get two emails. */
  async sendVerificationEmail({ user_id, identities }: Account): Promise<void> {
    const [own] = identities
    const identity = own && { user_id: idOf(own.user_id), provider: own.provider }
    const body = { user_id, ...(identity && { identity }) }
    await this.once(
      bySdk(({ mails }) => mails.create(body as Parameters<VerificationEmailClient['create']>[0])),
    )
  }

  /** Deletes a user permanently. */
  async deleteUser(userId: string): Promise<void> {
    await this.once(bySdk(({ users }) => users.delete(userId)))
  }

  /**
   * The connections that a client's users may sign in with. Connections that serve only Token Vault are left out.
   *
   * @param isEnough - Gets all connections found so far, after each page of results. Reading stops once it returns true. Without
   *   it, the first 500 connections are read.
   * @throws {ManagementApiError} `management_failed` also if `isEnough` never returned true in 10,000 connections and there are
   *   more, because a connection that was not found may still exist.
   */
  async connectionsOf(clientId: string, isEnough?: (found: Connection[]) => boolean): Promise<Connection[]> {
    const found: Connection[] = []
    let page = await this.repeatable(
      bySdk(({ connections }) => connections.get(clientId, { take: PAGE_SIZE })),
    )
    for (let count = 1; ; count += 1) {
      found.push(...parseConnections(page.data))
      if (!page.hasNextPage() || isEnough?.(found)) return found
      if (!isEnough && count === MAX_PAGES) return found
      if (count === MAX_PAGES_SEARCHED) throw new ManagementApiError('management_failed')
      page = await this.repeatable(() => page.getNextPage())
    }
  }

  /**
   * Reads an application as the tenant returns it. Needs `read:clients`.
   *
   * @param fields - The properties to return.
   */
  async readClient(clientId: string, fields: string[]): Promise<unknown> {
    const query = { fields: fields.join(','), include_fields: true }
    return this.repeatable(bySdk(({ clients }) => clients.get(clientId, query)))
  }
}
