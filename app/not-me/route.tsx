/**
 * `/not-me`: the page on which the reader of a mail reports "This wasn't me". `GET` changes nothing, because mail scanners open
 * every link: it moves the token from the URL into a cookie and asks for confirmation. `POST` carries out the report. The reader
 * does not have to be signed in.
 *
 * @see docs/reference/mail.md
 * @module
 */

import { signInServices } from '@/app/settings/_services'
import { NotMeDocument } from '@/components/linking/not-me'
import { LinkingError } from '@/core/errors'
import { ManagementApiError } from '@/lib/auth0/management-api-error'
import { formFields } from '@/lib/http/form-fields'
import { redirectToPage } from '@/lib/http/redirects'
import { assertSameOrigin } from '@/lib/http/same-origin'
import { documentHead, documentResponse } from '@/lib/link-flow/documents/document-response'
import { errorResponse } from '@/lib/link-flow/documents/error-response'
import { methodNotAllowed } from '@/lib/link-flow/documents/method-not-allowed'
import { openReport, type Report } from '@/lib/mail/report-token'
import { chooseMessages } from '@/lib/messages'
import type { Messages } from '@/lib/messages/en'
import { roomFor } from '@/lib/session/cookie-budget'
import { SettingsRefusedError } from '@/lib/sign-in-methods/account-refusal'
import { assertReportAllowed } from '@/lib/sign-in-methods/limits'
import { assertOwnForm, forgetReport, heldReport, holdReport } from '@/lib/sign-in-methods/not-me/held-report'
import { askView, doneView, type NotMeWords, staleView } from '@/lib/sign-in-methods/not-me/views'
import { SIGN_IN_METHODS_PATH } from '@/lib/sign-in-methods/paths'
import { signOutEverywhere, undoReportedLink } from '@/lib/sign-in-methods/report'

export async function GET(request: Request): Promise<Response> {
  try {
    const token = new URL(request.url).searchParams.get('token')
    if (token !== null) return await takeToken(request, token)
    const held = await heldReport(signInServices(), request)
    if (!held) return await stale(request)
    return await shown(request, held.report.language, (messages) => askView(messages, held))
  } catch (error) {
    return errorResponse(signInServices(), request, error)
  }
}

async function takeToken(request: Request, token: string): Promise<Response> {
  const report = await openReport(signInServices().sealer, token)
  if (report === 'expired') return redirectToPage(signInServices(), SIGN_IN_METHODS_PATH)
  if (!report) return stale(request)
  const cookies = [await holdReport(signInServices(), report)]
  return redirectToPage(signInServices(), '/not-me', {}, [
    ...cookies,
    ...roomFor(signInServices(), request, cookies),
  ])
}

export async function POST(request: Request): Promise<Response> {
  try {
    assertSameOrigin(signInServices().appBaseUrl, request)
    const fields = await formFields(request)
    const held = await heldReport(signInServices(), request)
    if (!held) return await stale(request)
    assertOwnForm(held, fields)
    await assertReportAllowed(signInServices(), held.report)
    const outcome = await act(held.report)
    return await shown(request, held.report.language, (messages) => doneView(messages, outcome), {
      cookies: [forgetReport(signInServices())],
    })
  } catch (error) {
    return errorResponse(signInServices(), request, toLinkingError(error))
  }
}

const act = (report: Report) =>
  report.kind === 'link'
    ? undoReportedLink(signInServices(), report)
    : signOutEverywhere(signInServices(), report)

/** Turns an error into one that has an error page. The cookie stays, so the reader can go back and click the button again. */
function toLinkingError(error: unknown): unknown {
  if (error instanceof ManagementApiError) return new LinkingError('tenant_unreachable', { cause: error })
  if (error instanceof SettingsRefusedError)
    return error.code === 'busy'
      ? new LinkingError('rate_limited', { retryAfter: 5 })
      : new LinkingError('tenant_unreachable', { cause: error })
  return error
}

async function shown(
  request: Request,
  language: string | undefined,
  wordsOf: (messages: Messages) => NotMeWords,
  { status = 200, cookies = [] }: { status?: number; cookies?: string[] } = {},
): Promise<Response> {
  const messages = await chooseMessages(signInServices(), request, language)
  return documentResponse(
    signInServices(),
    request,
    messages,
    (frame) => <NotMeDocument view={{ ...frame, ...wordsOf(messages) }} />,
    { status, cookies, kind: 'stays', brandOf: {} },
  )
}

const stale = (request: Request) => shown(request, undefined, staleView, { status: 400 })

export const HEAD = () => documentHead(signInServices())
const refused = methodNotAllowed(signInServices, 'GET, HEAD, POST')

export { refused as DELETE, refused as OPTIONS, refused as PATCH, refused as PUT }
