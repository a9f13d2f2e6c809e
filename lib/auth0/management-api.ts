/**
 * The Management API calls that are made with Auth0's SDK. The redirect flow and the background jobs do without them, so
 * that they need not load the SDK.
 * @module
 */
import 'server-only'
import { ClientsClient } from 'auth0/clients'
import { VerificationEmailClient } from 'auth0/jobs/verificationEmail'
import { UsersClient } from 'auth0/users'
import { idOf, normalizeEmail } from '@/core'
import { type Account, parseAccount } from './account'
import { AccountApi } from './account-api'
import type { CallOptions } from './path-call'
import { callVerbatim, isDotSegment } from './verbatim-call'

type Clients = {
  users: UsersClient
  clients: ClientsClient
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
      mails: new VerificationEmailClient(options),
    })
  }

/** The calls of {@link AccountApi} and further ones. Authority, deadline and errors are the same. */
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
   * Reads an application as the tenant returns it. Needs `read:clients`.
   *
   * @param fields - The properties to return.
   */
  async readClient(clientId: string, fields: string[]): Promise<unknown> {
    const query = { fields: fields.join(','), include_fields: true }
    return this.repeatable(bySdk(({ clients }) => clients.get(clientId, query)))
  }
}
