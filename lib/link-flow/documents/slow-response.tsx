import 'server-only'
import { SlowDocument } from '@/components/linking/slow'
import { answerView } from '@/lib/link-flow/documents/answer-fields'
import { documentResponse } from '@/lib/link-flow/documents/document-response'
import { resumeFromAnswer } from '@/lib/link-flow/refusal'
import type { VerifiedAnswer } from '@/lib/link-flow/tokens/verify-response-token'
import { chooseMessages } from '@/lib/messages'
import type { Services } from '../services'

/**
 * Responds to a response token that is too old to be passed on. The page holds a new token with the same answer, which the person
 * sends with one click.
 */
export async function slowResponse(
  services: Services,
  request: Request,
  verified: VerifiedAnswer,
  domain: string | undefined,
): Promise<Response> {
  const messages = await chooseMessages(services, request)
  const { result, never } = verified.claims
  const answer = await answerView(services, messages.buttons.goOn, resumeFromAnswer(verified, domain), {
    result,
    never,
  })
  return documentResponse(
    services,
    request,
    messages,
    (frame) => (
      <SlowDocument view={{ ...frame, title: messages.slow.title, what: messages.confirm.slow, answer }} />
    ),
    { kind: 'leads-out' },
  )
}
