import 'server-only'
import { RefusalDocument, type RefusalView } from '@/components/linking/refusal'
import { ERROR_FACTS, LinkingError } from '@/core/errors'
import { providerOf } from '../../../core/identity'
import { appUrl } from '../../config/app-url'
import { chooseMessages } from '../../messages'
import type { Messages } from '../../messages/en'
import { logEvent } from '../../observability/log'
import { currentRequestId, newRequestId } from '../../observability/request-id'
import { openFlows } from '../link-transaction'
import { type RefusalDetails, resumeFromFlow } from '../refusal'
import type { Services } from '../services'
import type { LinkTransaction } from '../transaction-shape'
import { answerView } from './answer-fields'
import { documentResponse } from './document-response'
import { maskedTile } from './masked-tile'

/** Value of `Retry-After` if the tenant or the store cannot be reached, in seconds. */
const RETRY_AFTER_SECONDS = 5

/** What an error page shows besides the sentences for its error code. */
export type RefusalParts = Pick<RefusalView, 'step' | 'tiles' | 'signOut' | 'answers' | 'links'>

/**
 * Responds with the error page. Its reference number is the id of the request, under which the error code is logged. The error's
 * message never leaves the process.
 *
 * @param request - Determines the language.
 * @param error - Anything that was thrown. Anything but a {@link LinkingError} has the code `internal`.
 * @param parts - What the page shows besides the sentences for the error code.
 */
export async function errorResponse(
  services: Services,
  request: Request,
  error: unknown,
  parts?: Partial<RefusalParts>,
): Promise<Response> {
  const code = error instanceof LinkingError ? error.code : 'internal'
  const details = await detailsOf(services, request, error)
  const messages = await chooseMessages(services, request, details.resume?.uiLocales)
  const reference = currentRequestId() ?? newRequestId()
  // `details.waiting` is only the newest open flow of this browser, and may be another person's. So do not log its
  // application and connection as the place of this error.
  const place = details.waiting ? undefined : details.resume?.place
  logEvent('refused', { request: reference, code, cause: causeName(error), ...place })
  const view = {
    ...(details.isCookieless ? messages.cookieless : messages.errors[code]),
    code,
    step: parts?.step,
    tiles: parts?.tiles ?? (details.waiting ? [waitingTile(messages, details.waiting)] : []),
    signOut: parts?.signOut,
    answers: [...(parts?.answers ?? []), ...(await resumeAnswers(services, messages, details))],
    links: parts?.links ?? linksOf(services, messages, details, parts),
    reference: messages.reference({ number: reference }),
  }
  const status = details.status ?? ERROR_FACTS[code].status
  const retryAfter = details.retryAfter ?? (status === 503 ? RETRY_AFTER_SECONDS : undefined)
  const response = await documentResponse(
    services,
    request,
    messages,
    (frame) => <RefusalDocument view={{ ...frame, ...view }} />,
    {
      status,
      cookies: details.cookies,
      isOnce: details.isCookieless,
      kind: view.answers.length > 0 ? 'leads-out' : 'stays',
    },
  )
  if (retryAfter !== undefined) response.headers.set('retry-after', String(retryAfter))
  return response
}

/**
 * The details of an error. If the error names neither a login to resume nor a flow, the page offers to resume the login of
 * the newest flow that is open in this browser, except after `already_used`. Another person may have opened that flow, so
 * the page says whose sign-in it is.
 */
async function detailsOf(
  services: Services,
  request: Request,
  error: unknown,
): Promise<RefusalDetails & { waiting?: LinkTransaction }> {
  const details: RefusalDetails = error instanceof LinkingError ? error.details : {}
  const isOver = error instanceof LinkingError && error.code === 'already_used'
  if (details.resume || details.isOfFlow || isOver) return details
  const [waiting] = await openFlows(services, request)
  return waiting ? { ...details, resume: resumeFromFlow(waiting), canRetry: true, waiting } : details
}

const waitingTile = (messages: Messages, { sub, connection, email }: LinkTransaction) =>
  maskedTile(messages, messages.waiting, { provider: providerOf(sub), connection }, email)

async function resumeAnswers(
  services: Pick<Services, 'appBaseUrl' | 'auth0Domain' | 'sharedSecret'>,
  messages: Messages,
  { resume }: RefusalDetails,
) {
  return resume ? [await answerView(services, messages.buttons.goOn, resume, { result: 'failed' })] : []
}

function linksOf(
  services: Pick<Services, 'appBaseUrl' | 'restartUrl'>,
  messages: Messages,
  details: RefusalDetails,
  parts: Partial<RefusalParts> | undefined,
) {
  const { tryAgain, restart } = messages.buttons
  if (!details.resume) return [{ label: restart, href: services.restartUrl }]
  if (!details.canRetry || parts?.answers) return []
  return [
    {
      label: tryAgain,
      href: appUrl(services.appBaseUrl, '/link/prompt', { flow: details.resume.flow?.handle }),
    },
  ]
}

/** The code or class name of an error's cause, for the log. The message is left out: it may hold a token or an email address. */
function causeName(error: unknown): string | undefined {
  const cause = error instanceof LinkingError ? error.cause : error
  if (!(cause instanceof Error)) return undefined
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name
}
