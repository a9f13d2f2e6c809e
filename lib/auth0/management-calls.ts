/**
 * How Management API calls are made: with which token, before which deadline, and which of them are repeated.
 * @module
 */
import 'server-only'
import { type CallFailure, mayRepeat, PAUSE_MS } from '@/core'
import { LinkingError } from '@/core/errors'
import type { Authority } from './authority'
import { ManagementApiError, toManagementApiError } from './management-api-error'
import type { CallOptions } from './path-call'
import { fetchTrackingQuota } from './tenant-quota'

/** Longest wait for one API call, in milliseconds. */
const CALL_TIMEOUT_MS = 2_500
/** Longest time for all API calls that one incoming request causes, in milliseconds. */
export const REQUEST_BUDGET_MS = 8_000

/** What an API call is about: accounts, or the roles, permissions, memberships and factors that they hold. */
export type CallSubject = 'account' | 'rights'

/** Changes how API calls are made. The defaults are for calls that a person's request causes. */
export interface CallManner {
  /** Longest time for all API calls, in milliseconds: {@link REQUEST_BUDGET_MS} by default. */
  budgetMs?: number
  /** Sends each API call. The default also records what is left of the tenant's rate limit. */
  send?: typeof fetch
}

/** Makes one API call with the options. */
type Work<Result> = (options: CallOptions) => PromiseLike<Result>

/**
 * Makes API calls with one authority and one deadline. It repeats these calls once if they fail and the deadline allows:
 *
 * - reads and merges, after a 429, a 5xx or a lost response;
 * - calls that end sessions or revoke refresh tokens, after a 429 only.
 *
 * It never repeats a link, an unlink, the deletion of a user or a verification email. After a 401 it makes any call once
 * more, because the tenant changed nothing. That call has a fresh token, unless the token is a person's own, which we cannot
 * replace.
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
   * @param beforeCall - Runs before each API call. If it throws a {@link LinkingError}, the call is not made and the caller
   *   gets that error.
   * @param manner - Changes how API calls are made. The defaults are for calls that a person's request causes.
   */
  constructor(
    protected readonly authority: Authority,
    private readonly beforeCall: (subject: CallSubject) => Promise<void> = async () => undefined,
    { budgetMs = REQUEST_BUDGET_MS, send = fetchTrackingQuota }: CallManner = {},
  ) {
    this.budgetMs = budgetMs
    this.deadline = Date.now() + budgetMs
    this.send = send
  }

  /** The tenant's clock, in whole seconds since the epoch, judged by the `Date` header of its last response. */
  tenantNow(): number {
    return Math.floor((Date.now() + this.ahead) / 1000)
  }

  /** Waits as long as a failed call asks for. If the deadline would pass first, it returns false at once. */
  async pause({ waitMs = PAUSE_MS }: CallFailure = {}): Promise<boolean> {
    if (Date.now() + waitMs >= this.deadline) return false
    await new Promise((resolve) => setTimeout(resolve, waitMs))
    return true
  }

  /** Makes an API call that may be repeated once after a failure. */
  protected async repeatable<Result>(
    work: Work<Result>,
    method: 'GET' | 'DELETE' = 'GET',
    subject: CallSubject = 'account',
  ): Promise<Result> {
    try {
      return await this.once(work, subject)
    } catch (error) {
      if (error instanceof LinkingError) throw error
      const failure = toManagementApiError(error)
      if (!mayRepeat(method, failure) || !(await this.pause(failure))) throw failure
      return await this.once(work, subject)
    }
  }

  /** Makes an API call that is repeated only after a 401. */
  protected async once<Result>(work: Work<Result>, subject: CallSubject = 'account'): Promise<Result> {
    await this.beforeCall(subject)
    const token = await this.authority.token()
    try {
      return await this.attempt(work, token)
    } catch (error) {
      const failure = toManagementApiError(error)
      if (failure.status !== 401) throw failure
    }
    // The tenant refused the token, so it changed nothing. Our own token has not expired: the tenant's signing keys or the
    // client's secret were probably rotated. A person's own token may have expired.
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
      fetch: async (input: RequestInfo | URL, init?: RequestInit) => {
        const answer = await this.send(input, init)
        const date = Date.parse(answer.headers.get('date') ?? '')
        if (!Number.isNaN(date)) this.ahead = date - Date.now()
        return answer
      },
    }
    return work(options)
  }
}
