import 'server-only'
import { LinkingError, type LinkingErrorCode } from '@/core/errors'
import { seePage } from '@/lib/http/redirects'
import { errorResponse } from '@/lib/link-flow/documents/error-response'
import { chooseMessages } from '@/lib/messages'
import { logEvent } from '@/lib/observability/log'
import { refusalOf } from '@/lib/sign-in-methods/account-refusal'
import { appUrl } from '../config/app-url'
import type { Services } from '../link-flow/services'
import { type WayBack, wayBackOf, withWayBack } from '../way-back/carried'
import { pageWith } from './notice'
import { PAGE } from './paths'

/** Refusals of requests that none of our pages makes: they get an error page. */
const NOT_FROM_US = new Set<LinkingErrorCode>(['csrf', 'bad_request', 'no_flow', 'method_not_allowed'])

async function toPage(
  services: Pick<Services, 'appBaseUrl' | 'isSecure' | 'messageOverrides' | 'defaultLocales'>,
  request: Request,
  way: WayBack | undefined,
) {
  const href = appUrl(services.appBaseUrl, withWayBack(PAGE, way))
  const { settings } = await chooseMessages(services, request)
  return { label: settings.back, href }
}

/**
 * Answers a step that was refused: leads back to the page, which says why; or answers at once, if the page would be one view too
 * many.
 *
 * @param error - Anything thrown.
 * @param way - The way back that the page keeps; that of the request's address if it is left out.
 */
export async function refuse(
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
    logEvent('settings_refused', { code: refused })
    return seePage(services, withWayBack(pageWith({ refused }), way))
  } catch {
    return errorResponse(services, request, error)
  }
}
