import 'server-only'
import type { LinkTransaction } from '@/lib/link-flow/transaction-shape'
import type { Messages } from '@/lib/messages/en'
import type { Services } from '../services'

const SECONDS_PER_DAY = 86_400
/** Longest wait for the granted scopes, in milliseconds: they are known unless this process has just started. */
const GRANTS_WAIT_MS = 300

/**
 * What happens if any candidate is linked, one sentence each. Our own Action ends sessions on other devices, with the scopes of
 * the client that it shares with us, and stores what an undo needs; the published ones do neither.
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
  // The page has no undo in that case.
  if (linkingAuthority === 'user') return []
  return [undoPeriod === 0 ? effects.undoAlways : effects.undo({ days: undoPeriod / SECONDS_PER_DAY })]
}
