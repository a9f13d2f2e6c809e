import 'server-only'
import { LinkingError, type LinkingErrorCode } from '@/core/errors'
import { redirectToPage } from '@/lib/http/redirects'
import { errorResponse } from '@/lib/link-flow/documents/error-response'
import { chooseMessages } from '@/lib/messages'
import { logEvent } from '@/lib/observability/log'
import { refusalOf } from '@/lib/sign-in-methods/account-refusal'
import { appUrl } from '../config/app-url'
import type { Services } from '../link-flow/services'
import { type WayBack, wayBackOf, withWayBack } from '../way-back/carried'
import { pathWithNotice } from './notice'
import { SIGN_IN_METHODS_PATH } from './paths'

/** Codes of requests that none of our pages sends. They get an error page. */
const NOT_FROM_US = new Set<LinkingErrorCode>(['csrf', 'bad_request', 'no_flow', 'method_not_allowed'])

async function toPage(
  services: Pick<Services, 'appBaseUrl' | 'isSecure' | 'messageOverrides' | 'defaultLocales'>,
  request: Request,
  way: WayBack | undefined,
) {
  const href = appUrl(services.appBaseUrl, withWayBack(SIGN_IN_METHODS_PATH, way))
  const { settings } = await chooseMessages(services, request)
  return { label: settings.back, href }
}

/**
 * Responds to a step that was refused. Redirects to the page "Sign-in methods", which says why. With `rate_limited` it
 * responds with an error page instead, because that redirect would count as one more view.
 *
 * @param error - Anything thrown.
 * @param way - The return link that the page should keep. By default the one in the request's URL.
 */
export async function respondRefused(
  services: Services,
  request: Request,
  error: unknown,
  way: WayBack | undefined = wayBackOf(request),
): Promise<Response> {
  if (error instanceof LinkingError && NOT_FROM_US.has(error.code))
    return errorResponse(services, request, error)
  try {
    const refused = refusalOf(error)
    if (refused === 'rate_limited')
      return await errorResponse(services, request, error, { links: [await toPage(services, request, way)] })
    logEvent('settings_refused', { code: refused, client_id: services.sessionClient.id })
    return redirectToPage(services, withWayBack(pathWithNotice({ refused }), way))
  } catch {
    return errorResponse(services, request, error)
  }
}
