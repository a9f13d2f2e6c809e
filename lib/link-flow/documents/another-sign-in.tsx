import 'server-only'
import { AnotherSignInDocument } from '@/components/linking/another-sign-in'
import type { SessionTokenClaims } from '@/core/contract-session-token'
import { answerView } from '@/lib/link-flow/documents/answer-fields'
import { brandOf, documentResponse } from '@/lib/link-flow/documents/document-response'
import type { ResumeLogin } from '@/lib/link-flow/refusal'
import { chooseMessages } from '@/lib/messages'
import { fingerprint, logEvent } from '@/lib/observability/log'
import { providerOf } from '../../../core/identity'
import type { Services } from '../services'
import { maskedTile } from './masked-tile'

/**
 * Responds to a session token that arrives while a flow of this browser waits for its second authorization, but that is for
 * none of that flow's accounts. The page says whose sign-in it is, and resumes that login without a link, but only after a
 * click.
 *
 * @param resume - How the login of the session token resumes.
 */
export async function anotherSignIn(
  services: Services,
  request: Request,
  { sub, current, email }: SessionTokenClaims,
  resume: ResumeLogin,
): Promise<Response> {
  const messages = await chooseMessages(services, request, resume.uiLocales)
  const { another, buttons } = messages
  const way = { provider: providerOf(sub), connection: current.connection }
  const tile = maskedTile(messages, another.lead, way, email)
  const answer = await answerView(services, buttons.goOn, resume, { result: 'skipped' })
  logEvent('another_sign_in', { user: fingerprint(sub) })
  return documentResponse(
    services,
    request,
    messages,
    (frame) => (
      <AnotherSignInDocument view={{ ...frame, title: another.title, what: another.what, tile, answer }} />
    ),
    { kind: 'leads-out', brandOf: brandOf(resume) },
  )
}
