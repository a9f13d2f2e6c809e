import 'server-only'
import { canEndAccess } from '@/lib/auth0/authority'
import type { Messages } from '@/lib/messages/en'
import type { LinkTransaction } from '@/lib/session/transaction-shape'

/** Longest wait for what the operator granted, in milliseconds: it is known already unless this process has just started. */
const PATIENCE = 300

/**
 * What becomes of other devices. Our own Action ends what was open, with the scopes of the client that it shares with us; the
 * published ones end nothing.
 */
export async function devicesEffect(
  { effects }: Messages,
  { transactionId }: LinkTransaction,
): Promise<string> {
  const isOwnAction = transactionId !== undefined
  const unknown = new Promise<false>((resolve) => setTimeout(resolve, PATIENCE, false).unref())
  return isOwnAction && (await Promise.race([canEndAccess(), unknown])) ? effects.devicesEnd : effects.devices
}
