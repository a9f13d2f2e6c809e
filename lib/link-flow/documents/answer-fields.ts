import 'server-only'
import type { AnswerView } from '@/components/linking/answer-form'
import { TOKEN_PARAMETER } from '@/core/contract'
import type { ResumeLogin } from '../refusal'
import type { Services } from '../services'
import { type Answer, signResponseToken } from '../tokens/sign-response-token'

/** The path to which forms post the response token. */
export const FINISH_PATH = '/link/finish'

/**
 * The form of one button. It posts a response token, which is our signed answer to the Action.
 *
 * @param label - The text on the button.
 * @param resume - The login that the response token resumes.
 * @param answer - The claims that depend on the button.
 */
export async function answerView(
  services: Pick<Services, 'appBaseUrl' | 'auth0Domain' | 'sharedSecret'>,
  label: string,
  resume: ResumeLogin,
  answer: Pick<Answer, 'result' | 'never' | 'primary' | 'secondary' | 'proof'>,
): Promise<AnswerView> {
  const { sub, state, transactionId, key, domain, flow, ahead } = resume
  const token = await signResponseToken(services, { sub, state, transactionId, ahead, ...answer }, key)
  return {
    label,
    action: FINISH_PATH,
    fields: {
      flow: flow?.handle,
      csrf: flow?.csrf,
      // Without this field, the response token is sent to the first login domain.
      domain: domain === services.auth0Domain.host ? undefined : domain,
      [TOKEN_PARAMETER]: token,
    },
  }
}
