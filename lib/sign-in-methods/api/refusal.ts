/**
 * Why `GET /api/sign-in-methods` does not answer with a list. Codes are stable; docs/reference/in-your-apps.md says what they mean.
 * @module
 */
import 'server-only'
import { AccountLinkingError } from '@/core/errors'

/** The code of a refusal: `error` of the answer's body. */
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

/** How a refusal is answered. */
interface RefusalFacts {
  status: number
  /** Error code of RFC 6750, for `WWW-Authenticate`. */
  bearerError?: 'invalid_token' | 'insufficient_scope'
}

/** The facts of every refusal. */
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

/** A request of the API that is refused. */
export class ApiRefusal extends AccountLinkingError<ApiRefusalCode> {
  override readonly name = 'ApiRefusal'

  /**
   * @param code - Why.
   * @param retryAfter - Seconds after which the caller can try again.
   */
  constructor(
    code: ApiRefusalCode,
    readonly retryAfter?: number,
  ) {
    super(code)
  }
}
