import 'server-only'
import type { ConfirmView } from '@/components/linking/confirm'
import type { FrameView } from '@/components/linking/document'
import type { ResponseProof } from '@/core/contract-response-token'
import { answerView } from '@/lib/link-flow/documents/answer-fields'
import { primaryAndSecondary } from '@/lib/link-flow/flow-identities'
import { resumeFromFlow } from '@/lib/link-flow/refusal'
import type { FlowCandidate, LinkTransaction } from '@/lib/link-flow/transaction-shape'
import type { Messages } from '@/lib/messages/en'
import type { Services } from '../services'
import { candidateEffects, currentAccount, knownIn, provenAccount } from './account-views'
import { linkEffects } from './link-effects'
import { declineViews, stepOf } from './prompt-view'

/**
 * The content of the confirmation page, the last step before a link.
 *
 * @param proven - The candidate that was proven in this flow.
 * @param isSlow - Whether the person's last response token was too old to be passed on.
 */
export async function confirmView(
  services: Services,
  messages: Messages,
  transaction: LinkTransaction,
  proven: FlowCandidate,
  isSlow: boolean,
): Promise<Omit<ConfirmView, keyof FrameView>> {
  const { confirm, buttons } = messages
  const known = await knownIn(services, messages, transaction)
  const tagOf = (side: FlowCandidate['stays']) => (proven.stays === side ? confirm.stays : confirm.added)
  return {
    title: confirm.title,
    step: stepOf(messages, 3),
    note: isSlow ? confirm.slow : undefined,
    proven: confirm.proven,
    tiles: [
      { account: currentAccount(messages, transaction, known), tag: tagOf('current') },
      { account: provenAccount(messages, transaction, proven, known), tag: tagOf('candidate') },
    ],
    effectsTitle: confirm.effects,
    effects: [
      ...candidateEffects(messages, proven, known, true),
      ...(await linkEffects(services, messages, transaction, [proven])),
    ],
    link: await answerView(services, buttons.link, resumeFromFlow(transaction), {
      result: 'link',
      ...primaryAndSecondary(transaction, proven),
      proof: responseProof(transaction),
    }),
    declines: await declineViews(services, messages, transaction),
  }
}

/** How the candidate was proven, for the response token. Undefined if an older version of this service opened the flow. */
function responseProof({ proof }: LinkTransaction): ResponseProof | undefined {
  return proof?.authTime === undefined ? undefined : { authTime: proof.authTime, sid: proof.sid }
}
