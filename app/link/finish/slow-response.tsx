import 'server-only'
import { SlowDocument } from '@/components/linking/slow'
import { answerView } from '@/lib/http/answer-fields'
import { documentResponse } from '@/lib/http/document-response'
import { wayOnOfAnswer } from '@/lib/http/refusal'
import { chooseMessages } from '@/lib/messages'
import type { VerifiedAnswer } from '@/lib/tokens/verify-response-token'

/** Answers with the same answer signed anew, where the one that came is too old to be passed on. */
export async function slowResponse(
  request: Request,
  verified: VerifiedAnswer,
  domain: string | undefined,
): Promise<Response> {
  const messages = chooseMessages(request, undefined)
  const { result, never } = verified.claims
  const answer = await answerView(messages.buttons.goOn, wayOnOfAnswer(verified, domain), { result, never })
  return documentResponse(
    messages,
    (frame) => (
      <SlowDocument view={{ ...frame, title: messages.slow.title, what: messages.slow.what, answer }} />
    ),
    { kind: 'leads-out' },
  )
}
