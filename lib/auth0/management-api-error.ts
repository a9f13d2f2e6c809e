import 'server-only'
import type { LinkFailure, LinkingErrorCode } from '@/lib/linking/errors'

/** How a Management API call can end badly, as far as anyone outside `lib/auth0` needs to know. */
export type ManagementApiErrorCode =
  | Extract<LinkingErrorCode, 'not_found' | 'tenant_unreachable'>
  | Extract<LinkFailure, 'management_failed' | 'missing_scope'>

/**
 * A Management API call that did not answer the question. Carries our code only: the SDK's own errors hold whole
 * response bodies, and with them addresses and metadata.
 */
export class ManagementApiError extends Error {
  override readonly name = 'ManagementApiError'

  /**
   * @param code - What happened.
   * @param status - HTTP status of the answer, where there was one.
   */
  constructor(
    readonly code: ManagementApiErrorCode,
    readonly status?: number,
  ) {
    super(status === undefined ? code : `${code} (${status})`)
  }
}
