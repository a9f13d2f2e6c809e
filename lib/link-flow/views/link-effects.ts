import 'server-only'
import type { LinkTransaction } from '@/lib/link-flow/transaction-shape'
import type { Messages } from '@/lib/messages/en'
import type { Services } from '../services'

const SECONDS_PER_DAY = 86_400
/** Longest wait for what the operator granted, in milliseconds: it is known already unless this process has just started. */
const GRANTS_WAIT_MS = 300

/**
 * What happens if any candidate is linked, a sentence each. Our own Action ends what was open on other devices, with the scopes
 * of the client that it shares with us, and keeps what an undo takes; the published ones do neither.
 */
export async function linkEffects(
  services: Pick<Services, 'authorities' | 'linkingAuthority' | 'undoPeriod'>,
  { effects }: Messages,
  { transactionId }: LinkTransaction,
): Promise<string[]> {
  if (transactionId === undefined) return [effects.ends, effects.devices]
  const unknown = new Promise<false>((resolve) => setTimeout(resolve, GRANTS_WAIT_MS, false).unref())
  const endsDevices = await Promise.race([services.authorities.canEndAccess(), unknown])
  return [effects.ends, endsDevices ? effects.devicesEnd : effects.devices, ...undoEffect(services, effects)]
}

function undoEffect(
  services: Pick<Services, 'linkingAuthority' | 'undoPeriod'>,
  effects: Messages['effects'],
): string[] {
  const { linkingAuthority, undoPeriod } = services
  // The page has no undo then.
  if (linkingAuthority === 'user') return []
  return [undoPeriod === 0 ? effects.undoAlways : effects.undo(undoPeriod / SECONDS_PER_DAY)]
}
