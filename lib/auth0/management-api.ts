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

/** Items requested per page of results, the most that Auth0 allows. */
const PAGE_SIZE = 100
/** The most pages of results to read: for a list that people are shown, and in search of particular connections. */
const MAX_PAGES = 5
const MAX_PAGES_SEARCHED = 100

/** The identity to link, named by its id or by an ID token of its account. */
export type IdentityToLink =
  | { provider: string; user_id: string; connection_id?: string }
  | { link_with: string }

/** What to merge into a user. A metadata key with the value null is removed. */
export type UserPatch = { user_metadata?: object; app_metadata?: object }

/**
 * The Management API, with one authority and one deadline for all its API calls.
 *
 * Every method that makes an API call throws a {@link ManagementApiError} if the call fails: `not_found` (404), `missing_scope`
 * (403), `tenant_unreachable` (no response, an unreadable one, 5xx, no time left) or `management_failed` (429 and every other
 * refusal). {@link ManagementCalls} says which API calls are repeated.
 *
 * @see {@link https://auth0.com/docs/api/management/v2 Management API v2}
 */
export class ManagementApi extends ManagementCalls {
  /** Reads a user. A user without identities, which a link may leave behind, is `not_found`. */
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

  /** Reads every user with an email address. Auth0's lookup is case-sensitive, so we ask for it as spelled and in lower case. */
  async findUsers(email: string): Promise<Account[]> {
    const spellings = [...new Set([email, normalizeEmail(email)])]
    const found = await Promise.all(
      spellings.map((spelling) =>
        this.repeatable(({ users }) => users.listUsersByEmail({ email: spelling })),
      ),
    )
    return found.flat().flatMap((raw) => parseAccount(raw) ?? [])
  }

  /**
   * Merges a patch into a user. Auth0 merges only the first level of metadata. A response that is not a user does not confirm the
   * write, so it throws `management_failed`.
   */
  async patchUser(userId: string, patch: UserPatch): Promise<unknown> {
    const body = patch as Parameters<UsersClient['update']>[1]
    const headers = customDomainHeader(this.authority)
    const answer = await this.repeatable(({ users }) => users.update(userId, body, { headers }))
    if (!parseAccount(answer)) throw new ManagementApiError('management_failed')
    return answer
  }

  /** Links an identity to a user. Returns the identities that the user then has, as the tenant lists them. */
  async linkIdentity(userId: string, identity: IdentityToLink): Promise<unknown> {
    // The SDK's list of providers is shorter than Auth0's.
    const body = identity as Parameters<UsersClient['identities']['link']>[1]
    return this.once(({ users }) => users.identities.link(userId, body))
  }

  /** Unlinks an identity from a user. Returns the identities that the user keeps, as the tenant lists them. */
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

  /** Sends the verification email for a user's first identity. It is never repeated, because the person would get two emails. */
  async sendVerificationEmail({ user_id, identities }: Account): Promise<void> {
    const [own] = identities
    const identity = own && { user_id: idOf(own.user_id), provider: own.provider }
    const body = { user_id, ...(identity && { identity }) }
    await this.once(({ mails }) => mails.create(body as Parameters<VerificationEmailClient['create']>[0]))
  }

  /** Deletes a user permanently. */
  async deleteUser(userId: string): Promise<void> {
    await this.once(({ users }) => users.delete(userId))
  }

  /**
   * Reads one page of a user's sessions at the tenant, a hundred at most.
   *
   * @param from - The `next` of the previous page; undefined for the first page.
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
   * The connections that a client's users may sign in with. Connections that serve only Token Vault are left out.
   *
   * @param isEnough - Gets all connections found so far, after each page of results. Reading stops once it returns true. Without
   *   it, the first 500 connections are read.
   * @throws {ManagementApiError} `management_failed` also if `isEnough` never returned true in 10,000 connections and there are
   *   more, because a connection that was not found may still exist.
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
   * Makes an API call by its path, for the rules in `core`. A failed GET or DELETE may be repeated once, a POST never.
   *
   * @param path - The encoded path after `/api/v2`.
   * @returns The JSON of the response, if there is any.
   */
  async call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
    const work = (_clients: unknown, options: CallOptions) => callByPath({ ...options, method, path, body })
    if (method !== 'GET') return method === 'POST' ? this.once(work) : this.repeatable(work, method)
    const answer = await this.repeatable(work)
    // An empty object is not a valid result of a read. Without this check, it would pass for "nothing found".
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
 * The header that names the custom domain at which people sign in, for API calls at another domain. A tenant with several custom
 * domains may refuse to change a user without this header.
 *
 * @see https://auth0.com/docs/customize/custom-domains/multiple-custom-domains
 */
function customDomainHeader({ customDomain }: Authority): Record<string, string> {
  return customDomain === undefined ? {} : { 'auth0-custom-domain': customDomain }
}
