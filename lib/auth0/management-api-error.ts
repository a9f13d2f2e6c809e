import 'server-only'
import { type CallFailure, isFinal } from '@/core/carry-out-link'
import { AccountLinkingError, type LinkFailure, type LinkingErrorCode } from '@/core/errors'
import { waitOf } from '@/core/management-policy'

/** How a Management API call can fail, as far as code outside `lib/auth0` needs to know. */
export type ManagementApiErrorCode =
  | Extract<LinkingErrorCode, 'not_found' | 'tenant_unreachable'>
  | Extract<LinkFailure, 'management_failed' | 'missing_scope'>

/**
 * A Management API call that did not answer the question. Carries our code only: the SDK's own errors hold whole
 * response bodies, and with them addresses and metadata.
 */
export class ManagementApiError extends AccountLinkingError<ManagementApiErrorCode> implements CallFailure {
  override readonly name = 'ManagementApiError'

  /**
   * @param code - What happened.
   * @param status - HTTP status of the refusal, if there was one.
   * @param waitMs - How long the tenant asks to wait, in milliseconds.
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
 * Our error for whatever a call of the SDK throws.
 *
 * @param error - Of the SDK, or already ours.
 */
export function toManagementApiError(error: unknown): ManagementApiError {
  if (error instanceof ManagementApiError) return error
  const status = statusOf(error)
  if (status === 404) return new ManagementApiError('not_found', status)
  if (status === 403) return new ManagementApiError('missing_scope', status)
  const code = isFinal({ status }) || status === 429 ? 'management_failed' : 'tenant_unreachable'
  return new ManagementApiError(code, status, waitOf(headersOf(error), Date.now()))
}

/** The status of a refusal. An answer that could not be read has one of success: what became of the call is then open. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined
  const { statusCode } = error
  return typeof statusCode === 'number' && statusCode >= 400 ? statusCode : undefined
}

/** The headers of the answer; none if there was no answer. */
function headersOf(error: unknown): Headers {
  const { rawResponse } = Object(error) as { rawResponse?: { headers?: Headers } }
  return rawResponse?.headers ?? new Headers()
}
