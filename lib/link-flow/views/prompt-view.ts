import 'server-only'
import type { AnswerView } from '@/components/linking/answer-form'
import type { FrameView } from '@/components/linking/document'
import type { PromptView } from '@/components/linking/prompt'
import { answerView } from '@/lib/link-flow/documents/answer-fields'
import { resumeFromFlow } from '@/lib/link-flow/refusal'
import type { LinkTransaction } from '@/lib/link-flow/transaction-shape'
import type { Messages } from '@/lib/messages/en'
import { plainText } from '@/lib/messages/mask-email'
import type { Services } from '../services'
import { candidateAccount, candidateEffects, currentAccount, knownIn, tenantSignOut } from './account-views'
import { linkEffects } from './link-effects'

/**
 * What the prompt says about a flow.
 *
 * @param query - `slow`: an answer came too late to be passed on; `choose`: no account was chosen.
 */
export async function promptView(
  services: Services,
  messages: Messages,
  transaction: LinkTransaction,
  query: URLSearchParams,
): Promise<Omit<PromptView, keyof FrameView>> {
  const { prompt, buttons } = messages
  const known = await knownIn(services, messages, transaction)
  const { candidates, clientName, wrong } = transaction
  return {
    title: candidates.length === 1 ? prompt.titleOne : prompt.titleSeveral,
    signIn: {
      lead: prompt.signIn,
      account: currentAccount(messages, transaction, known),
      to: prompt.to,
      application: clientName && plainText(clientName),
    },
    notes: notesOf(messages, transaction, query),
    signOut: wrong && !wrong.isCurrent ? tenantSignOut(services, messages, transaction, wrong) : undefined,
    foundLead: prompt.found,
    candidates: candidates.map((candidate, index) => ({
      value: String(index),
      account: candidateAccount(messages, transaction, candidate, known),
      effects: candidateEffects(messages, candidate, known, false),
    })),
    choose: { legend: prompt.choose, hint: prompt.oneAtATime },
    explain: prompt.explain,
    effectsTitle: prompt.effects,
    effects: await linkEffects(services, messages, transaction),
    cannotGetIn: prompt.cannotGetIn,
    link: await authenticateView(services, buttons.link, transaction),
    declines: await declineViews(services, messages, transaction),
  }
}

/**
 * The form that starts the proof of an account. Besides the flow it carries an answer that links nothing: if this browser has lost
 * the flow in the meantime, its owner can still resume the login.
 *
 * @param candidate - Its index, unless the person chooses one in the form.
 */
export async function authenticateView(
  services: Pick<Services, 'appBaseUrl' | 'sharedSecret'>,
  label: string,
  transaction: LinkTransaction,
  candidate?: number,
): Promise<AnswerView> {
  const { fields } = await answerView(services, label, resumeFromFlow(transaction), { result: 'failed' })
  return {
    label,
    action: '/link/authenticate',
    fields: { ...fields, ...(candidate !== undefined && { candidate: String(candidate) }) },
  }
}

/**
 * "Not now" and "Don't ask again", as signed answers. Auth0's published Actions would not remember the second and would ask again
 * at the next login, so it is not offered for them.
 */
export async function declineViews(
  services: Pick<Services, 'appBaseUrl' | 'sharedSecret'>,
  { buttons }: Messages,
  transaction: LinkTransaction,
): Promise<AnswerView[]> {
  const resume = resumeFromFlow(transaction)
  const notNow = await answerView(services, buttons.notNow, resume, { result: 'declined' })
  if (transaction.isDocumented) return [notNow]
  return [notNow, await answerView(services, buttons.never, resume, { result: 'declined', never: true })]
}

function notesOf(messages: Messages, { previous }: LinkTransaction, query: URLSearchParams): string[] {
  return [
    ...(query.has('slow') ? [messages.confirm.slow] : []),
    ...(query.has('choose') ? [messages.prompt.chooseFirst] : []),
    ...(previous ? [messages.prompt[previous.result]] : []),
  ]
}
