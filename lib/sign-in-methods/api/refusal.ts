/**
 * The refusals of `GET /api/sign-in-methods`. Their codes are stable; docs/reference/in-your-apps.md says what they mean.
 * @module
 */
import 'server-only'
import { AccountLinkingError } from '@/core/errors'

/** The code of a refusal, which is `error` in the body of the response. */
export type ApiRefusalCode =
  | 'missing_token'
  | 'invalid_token'
  | 'client_not_allowed'
  | 'account_gone'
  | 'insufficient_scope'
  | 'not_found'
  | 'method_not_allowed'
  | 'rate_limited'
  | 'internal'
  | 'not_set_up'
  | 'tenant_unreachable'

/** What the response to a refused request contains. */
interface RefusalFacts {
  status: number
  /** Error code of RFC 6750, for `WWW-Authenticate`. */
  bearerError?: 'invalid_token' | 'insufficient_scope'
}

/** Status and error code of the response for every refusal. */
export const API_REFUSALS: Record<ApiRefusalCode, RefusalFacts> = {
  missing_token: { status: 401 },
  invalid_token: { status: 401, bearerError: 'invalid_token' },
  client_not_allowed: { status: 401, bearerError: 'invalid_token' },
  account_gone: { status: 401, bearerError: 'invalid_token' },
  insufficient_scope: { status: 403, bearerError: 'insufficient_scope' },
  not_found: { status: 404 },
  method_not_allowed: { status: 405 },
  rate_limited: { status: 429 },
  internal: { status: 500 },
  not_set_up: { status: 503 },
  tenant_unreachable: { status: 503 },
}

/** Refuses a request to the API. */
export class ApiRefusal extends AccountLinkingError<ApiRefusalCode> {
  override readonly name = 'ApiRefusal'

  /**
   * @param code - Why the request is refused.
   * @param retryAfter - Seconds after which the caller can try again.
   */
  constructor(
    code: ApiRefusalCode,
    readonly retryAfter?: number,
  ) {
    super(code)
  }
}
