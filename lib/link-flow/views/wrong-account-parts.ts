import 'server-only'
import type { RefusalParts } from '@/lib/link-flow/documents/error-response'
import type { LinkTransaction } from '@/lib/link-flow/transaction-shape'
import type { Messages } from '@/lib/messages/en'
import type { Services } from '../services'
import { candidateAccount, knownIn, tenantSignOut, wrongAccount } from './account-views'
import { authenticateView, stepOf } from './prompt-view'

/** The content of the wrong-account page: both accounts, a button to try again, and a link to sign out of the wrong account. */
export async function wrongAccountParts(
  services: Services,
  messages: Messages,
  transaction: LinkTransaction,
  wrong: NonNullable<LinkTransaction['wrong']>,
): Promise<Partial<RefusalParts>> {
  const { candidates } = transaction
  const meant = candidates[wrong.candidate]
  const known = await knownIn(services, messages, transaction)
  return {
    step: stepOf(messages, 2),
    tiles: [
      wrongAccount(messages, wrong),
      ...(meant
        ? [
            {
              account: candidateAccount(messages, transaction, meant, known),
              tag: messages.wrongAccount.meant,
            },
          ]
        : []),
    ],
    signOut: wrong.isCurrent ? undefined : tenantSignOut(services, messages, transaction),
    answers: [await authenticateView(services, messages.buttons.tryAgain, transaction, wrong.candidate)],
  }
}
