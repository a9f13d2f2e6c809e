import 'server-only'
import { SEVERAL } from '../observability/funnel-step'
import { primaryAndSecondary } from './flow-identities'
import type { LinkTransaction } from './transaction-shape'

/**
 * The application of a flow, and the connection of the account that a link would make the secondary, as fields of a log
 * line. If the person has proven a candidate, is proving one or has failed to, only a link with that candidate counts.
 * Otherwise links with all candidates count. If these would add different connections, the connection is {@link SEVERAL}.
 */
export function stepPlaceOf(transaction: LinkTransaction): {
  client_id: string | undefined
  connection: string | undefined
} {
  const { clientId, candidates, proof, attempt, wrong } = transaction
  const chosen = candidates[(proof ?? attempt ?? wrong)?.candidate ?? -1]
  const added = (chosen ? [chosen] : candidates).map(
    (each) => primaryAndSecondary(transaction, each).secondary.connection,
  )
  const [connection, ...others] = new Set(added)
  return { client_id: clientId, connection: others.length > 0 ? SEVERAL : connection }
}
