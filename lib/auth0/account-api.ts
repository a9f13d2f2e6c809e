/**
 * The part of the Management API that background work needs: reading, changing and linking accounts, their rights and their
 * sessions. Its API calls are made by path, without the SDK: the SDK is larger than all other code that serves a login, and every
 * process does background work.
 * @module
 */
import 'server-only'
import { type ListedSession, userPath } from '@/core'
import { type Account, parseAccount } from './account'
import { customDomainHeader } from './authority'
import { type Connection, parseConnections } from './connection'
import { ManagementApiError } from './management-api-error'
import { type CallSubject, ManagementCalls } from './management-calls'
import { type CallOptions, callByPath } from './path-call'

/** Items per page: the most that Auth0 returns. */
const PAGE_SIZE = 100
/**
 * The most pages of connections that {@link AccountApi.connectionsOf} reads: without its parameter `isEnough`, and with it.
 */
const MAX_PAGES = 5
const MAX_PAGES_SEARCHED = 100

/** The identity to link, named by its id or by an ID token of its account. */
export type IdentityToLink =
  | { provider: string; user_id: string; connection_id?: string }
  | { link_with: string }

/** What to merge into a user. A null removes a metadata key. */
export type UserPatch = { user_metadata?: object; app_metadata?: object }

/**
 * Makes API calls with one authority (whose access token is used) and under one deadline for all of them.
 *
 * Every method throws a {@link ManagementApiError}: `not_found` (404), `missing_scope` (403), `tenant_unreachable` (no
 * response, an unreadable one, 5xx, no time left) or `management_failed` (429, any other refusal, and JSON that the method
 * does not recognize). {@link ManagementCalls} says which API calls are repeated.
 *
 * @see {@link https://auth0.com/docs/api/management/v2 Management API v2}
 */
export class AccountApi extends ManagementCalls {
  /**
   * Reads a user. A user without identities counts as `not_found`: some tenants keep such a stub of a user that was linked
   * into another.
   */
  async getUser(userId: string): Promise<Account> {
    const account = parseAccount(await this.readUser(userId))
    if (!account) throw new ManagementApiError('management_failed')
    if (account.identities.length === 0) throw new ManagementApiError('not_found')
    return account
  }

  /** Reads a user as the tenant returns it. */
  async readUser(userId: string): Promise<unknown> {
    return this.repeatable((options) => callByPath({ ...options, method: 'GET', path: userPath(userId) }))
  }

  /**
   * Merges into a user. Auth0 merges the first level of metadata only. A response that is not a user does not confirm the write, so
   * it counts as `management_failed`.
   */
  async patchUser(userId: string, body: UserPatch): Promise<unknown> {
    const headers = customDomainHeader(this.authority)
    const path = userPath(userId)
    const answer = await this.repeatable((options) =>
      callByPath({ ...options, method: 'PATCH', path, body, headers }),
    )
    if (!parseAccount(answer)) throw new ManagementApiError('management_failed')
    return answer
  }

  /** Links an identity to a user. Returns all identities of the user, as the tenant lists them. */
  async linkIdentity(userId: string, identity: IdentityToLink): Promise<unknown> {
    return this.call('POST', `${userPath(userId)}/identities`, identity)
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
    let from: string | undefined
    for (let count = 1; ; count += 1) {
      const query = new URLSearchParams({ take: String(PAGE_SIZE), ...(from !== undefined && { from }) })
      const page = await this.call('GET', `/clients/${encodeURIComponent(clientId)}/connections?${query}`)
      const { connections = [], next } = Object(page) as { connections?: unknown[]; next?: string }
      found.push(...parseConnections(connections))
      if (!next || isEnough?.(found)) return found
      if (!isEnough && count === MAX_PAGES) return found
      if (count === MAX_PAGES_SEARCHED) throw new ManagementApiError('management_failed')
      from = next
    }
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
    const query = new URLSearchParams({ take: String(PAGE_SIZE), ...(from !== undefined && { from }) })
    const path = `${userPath(userId)}/sessions?${query}`
    const answer = await this.repeatable((options) => callByPath({ ...options, method: 'GET', path }))
    const { sessions, next } = Object(answer) as { sessions?: ListedSession[]; next?: string }
    // A response without a list must not pass for "no sessions".
    if (!Array.isArray(sessions)) throw new ManagementApiError('management_failed')
    return { sessions, next: next || undefined }
  }

  /** Ends all sessions of a user at the tenant. */
  async deleteSessions(userId: string): Promise<void> {
    await this.call('DELETE', `${userPath(userId)}/sessions`)
  }

  /** Ends one session at the tenant. */
  async deleteSession(sessionId: string): Promise<void> {
    await this.call('DELETE', `/sessions/${encodeURIComponent(sessionId)}`)
  }

  /** Revokes all refresh tokens of a user. */
  async deleteRefreshTokens(userId: string): Promise<void> {
    await this.call('DELETE', `${userPath(userId)}/refresh-tokens`)
  }

  /**
   * Makes an API call by its path, for the rules in `core`. A failed GET or DELETE may be repeated once, a POST never.
   *
   * @param path - The encoded path after `/api/v2`.
   * @param subject - What the API call is about: the limits on API calls differ by subject.
   * @returns The JSON of the response, if there is any.
   */
  async call(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: object,
    subject?: CallSubject,
  ): Promise<unknown> {
    const isOkUnexpected = method === 'DELETE' || (method === 'POST' && subject === 'rights')
    const work = (options: CallOptions) => callByPath({ ...options, method, path, body, isOkUnexpected })
    if (method === 'POST') return this.once(work, subject)
    const answer = await this.repeatable(work, method, subject)
    if (method === 'DELETE') return answer
    // An empty object is not a valid result of a read. Without this check, it would pass for "nothing found".
    const isRead = Array.isArray(answer) || Object.keys(Object(answer)).length > 0
    if (!isRead) throw new ManagementApiError('management_failed')
    return answer
  }
}
