import 'server-only'
import { SEVERAL } from '../observability/funnel-step'
import type { LinkTransaction } from './transaction-shape'

/**
 * The application of a flow and the connection of the account that it offers, as fields of a log line. The account is the one that
 * the person has proven, is proving or failed to prove. If there is none yet and the offered accounts have different connections, the connection
 * is {@link SEVERAL}.
 */
export function stepPlaceOf({
  clientId,
  candidates,
  proof,
  attempt,
  wrong,
}: Pick<LinkTransaction, 'attempt' | 'candidates' | 'clientId' | 'proof' | 'wrong'>): {
  client_id: string | undefined
  connection: string | undefined
} {
  const chosen = candidates[(proof ?? attempt ?? wrong)?.candidate ?? -1]
  const [connection, ...others] = new Set((chosen ? [chosen] : candidates).map((each) => each.connection))
  return { client_id: clientId, connection: others.length > 0 ? SEVERAL : connection }
}
