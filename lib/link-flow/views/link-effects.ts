import 'server-only'
import { dateView } from '@/components/ui/date-view'
import { RIGHTS_KINDS } from '@/core/rights/rights'
import type { FlowCandidate, LinkTransaction } from '@/lib/link-flow/transaction-shape'
import type { Messages } from '@/lib/messages/en'
import { lostKinds } from '@/lib/messages/rights-names'
import type { Services } from '../services'

/** Longest wait for the granted scopes, in milliseconds. They are already known unless this process has just started. */
const GRANTS_WAIT_MS = 300

/**
 * The effects of a link that do not depend on which candidate is linked, one sentence each. Our own Action ends sessions on
 * other devices, if the client that it shares with us has the scopes, and stores a snapshot for an undo. Auth0's published
 * Actions, whose tokens have no transaction id, do neither.
 *
 * @param of - The candidates whose rights may be lost.
 */
export async function linkEffects(
  services: Pick<Services, 'authorities' | 'linkingAuthority' | 'undoPeriod'>,
  messages: Messages,
  { transactionId, candidates }: LinkTransaction,
  of: FlowCandidate[] = candidates,
): Promise<string[]> {
  const { effects } = messages
  if (transactionId === undefined) return [effects.ends, effects.devices]
  const unknown = new Promise<false>((resolve) => setTimeout(resolve, GRANTS_WAIT_MS, false).unref())
  const endsDevices = await Promise.race([services.authorities.canEndAccess(), unknown])
  return [
    ...lostEffect(messages, of),
    endsDevices ? effects.devicesEnd : effects.devices,
    ...undoEffect(services, messages),
  ]
}

/**
 * Says which kinds of rights may be lost if any of the candidates is linked. If the Action did not say, any kind may be
 * lost.
 */
const lostEffect = (messages: Messages, candidates: FlowCandidate[]): string[] =>
  lostKinds(
    messages,
    RIGHTS_KINDS.filter((kind) => candidates.some(({ rights }) => !rights || rights.lost?.includes(kind))),
  )

function undoEffect(
  services: Pick<Services, 'linkingAuthority' | 'undoPeriod'>,
  messages: Messages,
): string[] {
  const { linkingAuthority, undoPeriod } = services
  const { effects, settings } = messages
  // With the person's own token, the settings page has no undo.
  if (linkingAuthority === 'user') return []
  const page = settings.title
  return [
    undoPeriod === 0
      ? effects.undoAlways({ page })
      : effects.undo({ page, date: undoneUntil(messages, undoPeriod) }),
  ]
}

/**
 * The day until which a link that is made now can be undone, as text.
 *
 * @param undoPeriod - How long a link can be undone, in seconds.
 */
export const undoneUntil = (messages: Messages, undoPeriod: number): string =>
  dateView(messages, Date.now() / 1000 + undoPeriod, 'day').text
