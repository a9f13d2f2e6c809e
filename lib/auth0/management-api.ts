/**
 * The Management API, behind the few methods this application needs.
 * @module
 */
import 'server-only'
import type { VerificationEmailClient } from 'auth0/jobs/verificationEmail'
import type { UsersClient } from 'auth0/users'
import { idOf, type ListedSession, normalizeEmail } from '@/core'
import { type Account, parseAccount } from './account'
import type { Authority } from './authority'
import { type Connection, parseConnections } from './connection'
import { ManagementApiError } from './management-api-error'
import { ManagementCalls } from './management-calls'
import { type CallOptions, callByPath } from './path-call'
import { callVerbatim, isDotSegment } from './verbatim-call'

/** Items of a page, as many as Auth0 gives. */
const PAGE_SIZE = 100
/** Pages of connections read for a list that a page shows, and in search of some that matter. */
const MAX_PAGES = 5
const MAX_PAGES_SEARCHED = 100

/** The identity to link: by its id, or by the ID token of its owner. */
export type IdentityToLink =
  | { provider: string; user_id: string; connection_id?: string }
  | { link_with: string }

/** What to merge into a user; null takes a metadata key away. */
export type UserPatch = { user_metadata?: object; app_metadata?: object }

/**
 * The Management API under one deadline, with one authority.
 *
 * Every verb throws a {@link ManagementApiError}: `not_found` (404), `missing_scope` (403), `tenant_unreachable` (no answer, a
 * broken one, 5xx, no time left) or `management_failed` (429 and whatever else is refused). {@link ManagementCalls} says which calls
 * are repeated.
 *
 * @see {@link https://auth0.com/docs/api/management/v2 Management API v2}
 */
export class ManagementApi extends ManagementCalls {
  /** Reads a user; one that is only a stub is `not_found`. */
  async getUser(userId: string): Promise<Account> {
    const account = parseAccount(await this.readUser(userId))
    if (!account) throw new ManagementApiError('management_failed')
    if (account.identities.length === 0) throw new ManagementApiError('not_found')
    return account
  }

  /** Reads a user as the tenant returns it. */
  async readUser(userId: string): Promise<unknown> {
    return this.repeatable(({ users }) => users.get(userId))
  }

  /** Reads every user with an address, spelled as given and in lower case: the lookup is case-sensitive. */
  async findUsers(email: string): Promise<Account[]> {
    const spellings = [...new Set([email, normalizeEmail(email)])]
    const found = await Promise.all(
      spellings.map((spelling) =>
        this.repeatable(({ users }) => users.listUsersByEmail({ email: spelling })),
      ),
    )
    return found.flat().flatMap((raw) => parseAccount(raw) ?? [])
  }

  /** Merges into a user: at the first level of metadata, as Auth0 does. An answer that is not a user does not confirm the write. */
  async patchUser(userId: string, patch: UserPatch): Promise<unknown> {
    const body = patch as Parameters<UsersClient['update']>[1]
    const headers = customDomainHeader(this.authority)
    const answer = await this.repeatable(({ users }) => users.update(userId, body, { headers }))
    if (!parseAccount(answer)) throw new ManagementApiError('management_failed')
    return answer
  }

  /** Links; answers with all identities of the user. */
  async linkIdentity(userId: string, identity: IdentityToLink): Promise<unknown> {
    // The SDK's list of providers is shorter than Auth0's.
    const body = identity as Parameters<UsersClient['identities']['link']>[1]
    return this.once(({ users }) => users.identities.link(userId, body))
  }

  /** Unlinks; answers with the identities that are left. */
  async unlinkIdentity(
    userId: string,
    { provider, user_id }: { provider: string; user_id: string },
  ): Promise<unknown> {
    const id = idOf(user_id)
    if (isDotSegment(id)) {
      const segments = ['api', 'v2', 'users', userId, 'identities', provider, id]
      return this.once((_clients, options) =>
        callVerbatim({ ...options, origin: this.authority.origin, method: 'DELETE', segments }),
      )
    }
    const named = provider as Parameters<UsersClient['identities']['delete']>[1]
    return this.once(({ users }) => users.identities.delete(userId, named, id))
  }

  /** Sends the mail that confirms the address of a user's own identity. Not repeated: there would be two. */
  async sendVerificationEmail({ user_id, identities }: Account): Promise<void> {
    const [own] = identities
    const identity = own && { user_id: idOf(own.user_id), provider: own.provider }
    const body = { user_id, ...(identity && { identity }) }
    await this.once(({ mails }) => mails.create(body as Parameters<VerificationEmailClient['create']>[0]))
  }

  /** Removes a user for good. */
  async deleteUser(userId: string): Promise<void> {
    await this.once(({ users }) => users.delete(userId))
  }

  /**
   * One page of a user's sessions at the tenant, a hundred at most.
   *
   * @param from - The `next` of the page before.
   */
  async listSessions(
    userId: string,
    from?: string,
  ): Promise<{ sessions: ListedSession[]; next: string | undefined }> {
    const query = { take: PAGE_SIZE, ...(from !== undefined && { from }) }
    const { data, response } = await this.repeatable(({ users }) => users.sessions.list(userId, query))
    return { sessions: data, next: response.next || undefined }
  }

  /** Ends all sessions of a user at the tenant. */
  async deleteSessions(userId: string): Promise<void> {
    await this.repeatable(({ users }) => users.sessions.delete(userId), 'DELETE')
  }

  /** Ends one session at the tenant. */
  async deleteSession(sessionId: string): Promise<void> {
    await this.repeatable(({ sessions }) => sessions.delete(sessionId), 'DELETE')
  }

  /** Revokes all refresh tokens of a user. */
  async deleteRefreshTokens(userId: string): Promise<void> {
    await this.repeatable(({ users }) => users.refreshToken.delete(userId), 'DELETE')
  }

  /**
   * The connections that a client's users may sign in with; those that only Token Vault uses are left out.
   *
   * @param isEnough - Told of all that was read so far, after each page: true ends the reading. Left out, the first 500 are read.
   * @throws {ManagementApiError} `management_failed` also if there are more than can be searched: what is not among them is
   *   then not known to be missing.
   */
  async connectionsOf(clientId: string, isEnough?: (found: Connection[]) => boolean): Promise<Connection[]> {
    const found: Connection[] = []
    let page = await this.repeatable(({ connections }) => connections.get(clientId, { take: PAGE_SIZE }))
    for (let count = 1; ; count += 1) {
      found.push(...parseConnections(page.data))
      if (!page.hasNextPage() || isEnough?.(found)) return found
      if (!isEnough && count === MAX_PAGES) return found
      if (count === MAX_PAGES_SEARCHED) throw new ManagementApiError('management_failed')
      page = await this.repeatable(() => page.getNextPage())
    }
  }

  /**
   * Makes a call by its path, as the rules of `core` do. Reads and what may be repeated without harm are repeated once.
   *
   * @param path - Behind `/api/v2`, encoded.
   * @returns The JSON of the answer, if it has any.
   */
  async call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
    const work = (_clients: unknown, options: CallOptions) => callByPath({ ...options, method, path, body })
    if (method !== 'GET') return method === 'POST' ? this.once(work) : this.repeatable(work, method)
    const answer = await this.repeatable(work)
    // What cannot be read must not count as nothing.
    const isRead = Array.isArray(answer) || Object.keys(Object(answer)).length > 0
    if (!isRead) throw new ManagementApiError('management_failed')
    return answer
  }

  /**
   * Reads an application as the tenant returns it. Needs `read:clients`.
   *
   * @param fields - The properties to return.
   */
  async readClient(clientId: string, fields: string[]): Promise<unknown> {
    const query = { fields: fields.join(','), include_fields: true }
    return this.repeatable(({ clients }) => clients.get(clientId, query))
  }
}

/**
 * Names the custom domain at which people sign in, for a call at another one: a tenant with several custom domains may refuse
 * a change of a user that names none.
 *
 * @see https://auth0.com/docs/customize/custom-domains/multiple-custom-domains
 */
function customDomainHeader({ customDomain }: Authority): Record<string, string> {
  return customDomain === undefined ? {} : { 'auth0-custom-domain': customDomain }
}
