import 'server-only'
import { refusalOf } from '@/lib/accounts/refused'
import { errorResponse } from '@/lib/http/error-response'
import { appUrl, seeOther } from '@/lib/http/redirects'
import { LinkingError, type LinkingErrorCode } from '@/lib/linking/errors'
import { logEvent } from '@/lib/log'
import { pageWith } from './notice'

/** Refusals of requests that no page of ours makes: they get a page of their own. */
const NOT_FROM_US = new Set<LinkingErrorCode>(['csrf', 'bad_request', 'no_flow', 'method_not_allowed'])

/**
 * Answers a step that goes no further: back to the page, which says why.
 *
 * @param error - Anything thrown.
 */
export async function refuse(request: Request, error: unknown): Promise<Response> {
  if (error instanceof LinkingError && NOT_FROM_US.has(error.code)) return errorResponse(request, error)
  try {
    const refused = refusalOf(error)
    logEvent('settings_refused', { code: refused })
    return seeOther(appUrl(pageWith({ refused })))
  } catch {
    return errorResponse(request, error)
  }
}
