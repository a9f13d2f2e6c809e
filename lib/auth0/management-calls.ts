/**
 * How calls of the Management API are made: with which token, by which deadline, and which of them are repeated. The SDK's own
 * retries are off: the first try of a repeated POST may have succeeded, and one of the SDK's waits is longer than people wait.
 * @module
 */
import 'server-only'
import { ClientsClient } from 'auth0/clients'
import { ConnectionsClient } from 'auth0/clients/connections'
import { VerificationEmailClient } from 'auth0/jobs/verificationEmail'
import { SessionsClient } from 'auth0/sessions'
import { UsersClient } from 'auth0/users'
import { type CallFailure, mayRepeat, PAUSE_MS } from '@/core'
import { LinkingError } from '@/core/errors'
import type { Authority } from './authority'
import { ManagementApiError, toManagementApiError } from './management-api-error'
import type { CallOptions } from './path-call'
import { fetchCounted } from './tenant-quota'

/** Longest wait for one call, in milliseconds. */
const CALL_TIMEOUT_MS = 2_500
/** Longest time for all calls of one request, in milliseconds. */
export const REQUEST_BUDGET_MS = 8_000

/** How calls are made, if not as a request of a person makes them. */
export interface CallManner {
  /** Longest time for all calls, in milliseconds: {@link REQUEST_BUDGET_MS} by default. */
  budgetMs?: number
  /** Sends each call; counted for the tenant's quota by default. */
  send?: typeof fetch
}

type Clients = {
  users: UsersClient
  sessions: SessionsClient
  clients: ClientsClient
  connections: ConnectionsClient
  mails: VerificationEmailClient
}
/** One call, made with clients that carry the token. */
type Work<Result> = (clients: Clients, options: CallOptions) => PromiseLike<Result>

/**
 * Makes calls under one deadline, with one authority. Reads and merges are repeated once after a 429, a 5xx or a lost answer, as far
 * as the deadline allows, what ends access after a 429 only; links, unlinks and removals of users never are. On 401, which changed
 * nothing, a call is retried once with a fresh token, if one can be obtained.
 */
export class ManagementCalls {
  /** Longest time for all calls, in milliseconds. */
  readonly budgetMs: number
  private readonly deadline: number
  private readonly send: typeof fetch
  /** How far the tenant's clock is ahead of ours, in milliseconds. */
  private ahead = 0

  /**
   * @param authority - Whose token the calls carry.
   * @param beforeCall - Runs before each call. If it throws a {@link LinkingError}, the call is not made and the error passes through.
   * @param manner - How calls are made, if not as a request of a person makes them.
   */
  constructor(
    protected readonly authority: Authority,
    private readonly beforeCall: () => Promise<void> = async () => undefined,
    { budgetMs = REQUEST_BUDGET_MS, send = fetchCounted }: CallManner = {},
  ) {
    this.budgetMs = budgetMs
    this.deadline = Date.now() + budgetMs
    this.send = send
  }

  /** What time it is at the tenant, in whole seconds since the epoch, as the `Date` of its last answer said. */
  tenantNow(): number {
    return Math.floor((Date.now() + this.ahead) / 1000)
  }

  /** Waits as long as a failed call asks for; false, at once, if there is no time for it. */
  async pause({ waitMs = PAUSE_MS }: CallFailure = {}): Promise<boolean> {
    if (Date.now() + waitMs >= this.deadline) return false
    await new Promise((resolve) => setTimeout(resolve, waitMs))
    return true
  }

  /** Makes a call that may be repeated once after a failure. */
  protected async repeatable<Result>(work: Work<Result>, method: 'GET' | 'DELETE' = 'GET'): Promise<Result> {
    try {
      return await this.once(work)
    } catch (error) {
      if (error instanceof LinkingError) throw error
      const failure = toManagementApiError(error)
      if (!mayRepeat(method, failure) || !(await this.pause(failure))) throw failure
      return await this.once(work)
    }
  }

  /** Makes a call that is repeated after a 401 only. */
  protected async once<Result>(work: Work<Result>): Promise<Result> {
    await this.beforeCall()
    const token = await this.authority.token()
    try {
      return await this.attempt(work, token)
    } catch (error) {
      const failure = toManagementApiError(error)
      if (failure.status !== 401) throw failure
    }
    // Refused although it has not expired, so nothing was done: the tenant's keys or the client's secret were rotated.
    await this.authority.drop(token)
    try {
      return await this.attempt(work, await this.authority.token())
    } catch (error) {
      throw toManagementApiError(error)
    }
  }

  private attempt<Result>(work: Work<Result>, token: string): PromiseLike<Result> {
    const left = this.deadline - Date.now()
    if (left <= 0) throw new ManagementApiError('tenant_unreachable')
    const options = {
      baseUrl: `${this.authority.origin}/api/v2`,
      token,
      timeoutInSeconds: Math.min(CALL_TIMEOUT_MS, left) / 1000,
      maxRetries: 0,
      fetch: async (input: RequestInfo | URL, init?: RequestInit) => {
        const answer = await this.send(input, init)
        const date = Date.parse(answer.headers.get('date') ?? '')
        if (!Number.isNaN(date)) this.ahead = date - Date.now()
        return answer
      },
    }
    const clients = {
      users: new UsersClient(options),
      sessions: new SessionsClient(options),
      clients: new ClientsClient(options),
      connections: new ConnectionsClient(options),
      mails: new VerificationEmailClient(options),
    }
    return work(clients, options)
  }
}
