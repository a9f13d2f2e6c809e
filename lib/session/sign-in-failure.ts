import 'server-only'
import type { LinkingErrorCode } from '@/core/errors'

/** Why a sign-in to this application failed: one of the codes that `/sign-in-failed` explains. */
export type SignInFailure = Extract<LinkingErrorCode, 'sign_in_failed' | 'no_flow' | 'tenant_unreachable'>

const BY_LIBRARY_CODE: Record<string, SignInFailure> = {
  missing_state: 'no_flow',
  invalid_state: 'no_flow',
  discovery_error: 'tenant_unreachable',
  authorization_code_grant_request_error: 'tenant_unreachable',
}

/**
 * Our code for an error of the session library. The tenant's `error_description` is ignored, because it came through the browser
 * and anyone may have written it.
 *
 * @param error - The library's error.
 */
export function toSignInFailure(error: { code: string }): SignInFailure {
  return BY_LIBRARY_CODE[error.code] ?? 'sign_in_failed'
}

/** Reads the code from the query of `/sign-in-failed`. Any other value counts as `sign_in_failed`. */
export function parseSignInFailure(code: unknown): SignInFailure {
  return code === 'no_flow' || code === 'tenant_unreachable' ? code : 'sign_in_failed'
}
