import 'server-only'
import { type CallFailure, isPermanentFailure } from '@/core/carry-out-link'
import { AccountLinkingError, type LinkFailure, type LinkingErrorCode } from '@/core/errors'
import { waitOf } from '@/core/management-policy'

/** How a Management API call failed: the cases that code outside `lib/auth0` distinguishes. */
export type ManagementApiErrorCode =
  | Extract<LinkingErrorCode, 'not_found' | 'tenant_unreachable'>
  | Extract<LinkFailure, 'management_failed' | 'missing_scope'>

/**
 * A failed Management API call. It carries only our own code, the status and the wait, because the SDK's errors hold whole response
 * bodies, and with them email addresses and metadata.
 */
export class ManagementApiError extends AccountLinkingError<ManagementApiErrorCode> implements CallFailure {
  override readonly name = 'ManagementApiError'

  /**
   * @param code - The kind of failure.
   * @param status - HTTP status of the response, if the tenant refused the call.
   * @param waitMs - How long the tenant asks us to wait before another call, in milliseconds.
   */
  constructor(
    code: ManagementApiErrorCode,
    readonly status?: number,
    readonly waitMs?: number,
  ) {
    super(code, status === undefined ? code : `${code} (${status})`)
  }
}

/**
 * Turns whatever an API call throws into our own error.
 *
 * @param error - An error of the SDK, or one of `callByPath` or `callVerbatim` in the same shape. A
 *   {@link ManagementApiError} is returned as it is.
 */
export function toManagementApiError(error: unknown): ManagementApiError {
  if (error instanceof ManagementApiError) return error
  const status = statusOf(error)
  if (status === 404) return new ManagementApiError('not_found', status)
  if (status === 403) return new ManagementApiError('missing_scope', status)
  const code = isPermanentFailure({ status }) || status === 429 ? 'management_failed' : 'tenant_unreachable'
  return new ManagementApiError(code, status, waitOf(headersOf(error), Date.now()))
}

/**
 * The HTTP status, if it is an error status. For a response that it cannot read, the SDK throws an error with a success status: the
 * outcome of that call is unknown, so the result is undefined.
 */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined
  const { statusCode } = error
  return typeof statusCode === 'number' && statusCode >= 400 ? statusCode : undefined
}

/** The headers of the response; empty if there was no response. */
function headersOf(error: unknown): Headers {
  const { rawResponse } = Object(error) as { rawResponse?: { headers?: Headers } }
  return rawResponse?.headers ?? new Headers()
}
