import 'server-only'
import type { AnswerView } from '@/components/linking/answer-form'
import type { FrameView } from '@/components/linking/document'
import type { PromptView } from '@/components/linking/prompt'
import { answerView } from '@/lib/link-flow/documents/answer-fields'
import { resumeFromFlow } from '@/lib/link-flow/refusal'
import type { LinkTransaction } from '@/lib/link-flow/transaction-shape'
import type { Messages } from '@/lib/messages/en'
import { isolatedName } from '@/lib/messages/mask-email'
import type { Services } from '../services'
import {
  candidateAccount,
  candidateEffects,
  currentAccount,
  knownIn,
  tenantSignOut,
  wrongAccount,
} from './account-views'
import { linkEffects } from './link-effects'

/**
 * The content of the prompt for a flow.
 *
 * @param query - With `slow`, the person's last response token was too old to be passed on. With `choose`, the person chose no
 *   account.
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
  const isOne = candidates.length === 1
  return {
    title: isOne ? prompt.titleOne : prompt.titleSeveral,
    step: stepOf(messages, 1),
    notes: notesOf(messages, transaction, query),
    signOut:
      wrong && !wrong.isCurrent
        ? { tile: wrongAccount(messages, wrong), ...tenantSignOut(services, messages, transaction) }
        : undefined,
    current: {
      account: currentAccount(messages, transaction, known),
      tag: clientName ? prompt.signingInTo({ application: isolatedName(clientName) }) : prompt.signingIn,
    },
    candidates: candidates.map((candidate, index) => ({
      value: String(index),
      tile: {
        account: candidateAccount(messages, transaction, candidate, known),
        tag: isOne ? prompt.found : undefined,
      },
      effects: candidateEffects(messages, candidate, known, false),
    })),
    choose: prompt.choose,
    explain: isOne ? prompt.explain : prompt.explainSeveral,
    detailsTitle: prompt.details,
    effects: await linkEffects(services, messages, transaction),
    remarks: [...(isOne ? [] : [prompt.oneAtATime]), prompt.cannotGetIn({ button: buttons.notNow })],
    link: await authenticateView(services, buttons.link, transaction),
    declines: await declineViews(services, messages, transaction),
  }
}

/**
 * The form that starts the proof of an account. It also carries a response token that links nothing, so that the person can still
 * resume the login if this browser has lost the flow meanwhile.
 *
 * @param candidate - The index of the candidate; undefined if the person chooses one in the form.
 */
export async function authenticateView(
  services: Pick<Services, 'appBaseUrl' | 'auth0Domain' | 'sharedSecret'>,
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
 * The forms of "Not now" and "Don't ask again". Auth0's published Actions would not remember "Don't ask again", so flows that
 * they opened do not get that button.
 */
export async function declineViews(
  services: Pick<Services, 'appBaseUrl' | 'auth0Domain' | 'sharedSecret'>,
  { buttons }: Messages,
  transaction: LinkTransaction,
): Promise<AnswerView[]> {
  const resume = resumeFromFlow(transaction)
  const notNow = await answerView(services, buttons.notNow, resume, { result: 'declined' })
  if (transaction.isDocumented) return [notNow]
  return [notNow, await answerView(services, buttons.never, resume, { result: 'declined', never: true })]
}

/** The number of steps to a link: the prompt, the proof at the tenant, the confirmation. */
const STEPS = 3

/** The words that say which step a page is. */
export const stepOf = (messages: Messages, step: 1 | 2 | 3): string => messages.step({ step, steps: STEPS })

function notesOf(messages: Messages, { previous }: LinkTransaction, query: URLSearchParams): string[] {
  return [
    ...(query.has('slow') ? [messages.confirm.slow] : []),
    ...(query.has('choose') ? [messages.prompt.chooseFirst] : []),
    ...(previous ? [messages.prompt[previous.result]] : []),
  ]
}
