import 'server-only'
import { canEndAccess } from '@/lib/auth0/authority'
import { config } from '@/lib/config/config'
import type { LinkTransaction } from '@/lib/link-flow/transaction-shape'
import type { Messages } from '@/lib/messages/en'

const SECONDS_PER_DAY = 86_400
/** Longest wait for what the operator granted, in milliseconds: it is known already unless this process has just started. */
const GRANTS_WAIT_MS = 300

/**
 * What happens if any candidate is linked, a sentence each. Our own Action ends what was open on other devices, with the scopes
 * of the client that it shares with us, and keeps what an undo takes; the published ones do neither.
 */
export async function linkEffects(
  { effects }: Messages,
  { transactionId }: LinkTransaction,
): Promise<string[]> {
  if (transactionId === undefined) return [effects.ends, effects.devices]
  const unknown = new Promise<false>((resolve) => setTimeout(resolve, GRANTS_WAIT_MS, false).unref())
  const endsDevices = await Promise.race([canEndAccess(), unknown])
  return [effects.ends, endsDevices ? effects.devicesEnd : effects.devices, ...undoEffect(effects)]
}

function undoEffect(effects: Messages['effects']): string[] {
  const { linkingAuthority, undoPeriod } = config()
  // The page has no undo then.
  if (linkingAuthority === 'user') return []
  return [undoPeriod === 0 ? effects.undoAlways : effects.undo(undoPeriod / SECONDS_PER_DAY)]
}
