import 'server-only'
import { LinkingError, type LinkingErrorCode } from '@/core/errors'
import { seePage } from '@/lib/http/redirects'
import { errorResponse } from '@/lib/link-flow/documents/error-response'
import { chooseMessages } from '@/lib/messages'
import { logEvent } from '@/lib/observability/log'
import { refusalOf } from '@/lib/sign-in-methods/account-refusal'
import { appUrl } from '../config/app-url'
import type { Services } from '../link-flow/services'
import { pageWith } from './notice'
import { PAGE } from './paths'

/** Refusals of requests that none of our pages makes: they get an error page. */
const NOT_FROM_US = new Set<LinkingErrorCode>(['csrf', 'bad_request', 'no_flow', 'method_not_allowed'])

async function wayBack(
  services: Pick<Services, 'appBaseUrl' | 'isSecure' | 'messageOverrides'>,
  request: Request,
) {
  const { settings } = await chooseMessages(services, request)
  return { label: settings.back, href: appUrl(services.appBaseUrl, PAGE) }
}

/**
 * Answers a step that was refused: leads back to the page, which says why; or answers at once, if the page would be one view too
 * many.
 *
 * @param error - Anything thrown.
 */
export async function refuse(services: Services, request: Request, error: unknown): Promise<Response> {
  if (error instanceof LinkingError && NOT_FROM_US.has(error.code))
    return errorResponse(services, request, error)
  try {
    const refused = refusalOf(error)
    if (refused === 'rate_limited')
      return await errorResponse(services, request, error, { links: [await wayBack(services, request)] })
    logEvent('settings_refused', { code: refused })
    return seePage(services, pageWith({ refused }))
  } catch {
    return errorResponse(services, request, error)
  }
}
