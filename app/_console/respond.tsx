/**
 * Responds to requests for the console. To everyone but operators, it looks as if there were no console.
 * @module
 */
import 'server-only'
import { ConsoleDocument } from '@/components/console/document'
import { LinkingError } from '@/core/errors'
import { ManagementApiError } from '@/lib/auth0/management-api-error'
import { operatorOf } from '@/lib/console/operator-session'
import { ACT, CALLBACK, SEARCH, SIGN_IN, SIGN_OUT } from '@/lib/console/paths'
import { endSession } from '@/lib/console/session'
import { completeSignIn, startSignIn } from '@/lib/console/sign-in'
import { redirectToPage, seeOther } from '@/lib/http/redirects'
import { isPrefetch } from '@/lib/http/robots'
import { documentResponse } from '@/lib/link-flow/documents/document-response'
import { errorResponse } from '@/lib/link-flow/documents/error-response'
import { messagesIn } from '@/lib/messages'
import { logEvent } from '@/lib/observability/log'
import { act } from './act'
import { consolePage } from './console-page'
import { search } from './search'
import { consoleServices, type Operator } from './services'

/** The handlers of the console's forms, by path. */
const FORMS: Record<string, (operator: Operator, request: Request) => Promise<Response | undefined>> = {
  [ACT]: act,
  [SEARCH]: search,
  [SIGN_OUT]: async ({ services }) => redirectToPage(services, '/', {}, [endSession(services)]),
}

/**
 * Responds to a request under `/console`.
 *
 * @param request - The request. If it posts a form, the caller has checked that the form comes from one of our pages.
 * @returns Undefined if there is no console, if the request is not an operator's, or if there is no such page.
 */
export async function respond(request: Request): Promise<Response | undefined> {
  const services = consoleServices()
  if (!services || isPrefetch(request)) return undefined
  const url = new URL(request.url)
  try {
    if (url.pathname === SIGN_IN && request.method === 'GET') {
      const { url: target, cookies } = await startSignIn(
        services,
        request,
        url.searchParams.get('returnTo') ?? '',
      )
      return seeOther(services, target, cookies)
    }
    if (url.pathname === CALLBACK && request.method === 'GET') {
      const done = await completeSignIn(services, request, url.searchParams)
      return done && seeOther(services, done.url, done.cookies)
    }
    const session = await operatorOf(services, request)
    return session && (await respondTo({ services, session }, request, url))
  } catch (error) {
    return refusal(request, error)
  }
}

async function respondTo(operator: Operator, request: Request, url: URL): Promise<Response | undefined> {
  if (request.method === 'POST') return FORMS[url.pathname]?.(operator, request)
  const page = request.method === 'GET' ? await consolePage(operator, url) : undefined
  if (!page || page instanceof Response) return page
  const { title, errorCode, body } = page
  // The console exists in English only.
  const messages = await messagesIn(operator.services, 'en')
  return documentResponse(
    operator.services,
    request,
    messages,
    (frame) => (
      <ConsoleDocument frame={frame} title={title} errorCode={errorCode}>
        {body}
      </ConsoleDocument>
    ),
    { kind: 'stays' },
  )
}

/**
 * The error page if the tenant is down or there were too many requests. Every other refusal looks like a page that does not exist.
 */
async function refusal(request: Request, error: unknown): Promise<Response | undefined> {
  const services = consoleServices()
  if (!services) return undefined
  const isUnreachable = error instanceof ManagementApiError && error.code === 'tenant_unreachable'
  const shown = isUnreachable ? new LinkingError('tenant_unreachable') : error
  if (shown instanceof LinkingError && ['tenant_unreachable', 'rate_limited'].includes(shown.code))
    return errorResponse(services, request, shown)
  const isCode = error instanceof LinkingError || error instanceof ManagementApiError
  logEvent('console_refused', { code: isCode ? error.code : 'internal' })
  return undefined
}
