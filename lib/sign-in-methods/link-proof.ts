import 'server-only'
import type { LinkProof } from '../../core'
import type { Config } from '../config/config'
import { OPERATOR_WAY } from '../events/account-event'

/** How ownership is proven on the page, and the application. Recorded in snapshots, the journal and events. */
export type PageProof = LinkProof & { client_name: string }

/** The `way` of links and unlinks that were not made by this project, in snapshots, the journal and events. */
export const FOREIGN_WAY = 'foreign'

/** The proof that is recorded with links made on the page. Its way depends on `LINKING_AUTHORITY`. */
export function toPageProof({
  linkingAuthority,
  sessionClient,
  brandName,
}: Pick<Config, 'linkingAuthority' | 'sessionClient' | 'brandName'>): PageProof {
  return {
    way: linkingAuthority === 'm2m' ? 'settings' : `settings_${linkingAuthority.replace('-', '_')}`,
    client_id: sessionClient.id,
    client_name: brandName,
  }
}

/** The proof recorded with an operator's links: no person proved ownership, the operator is responsible for the pair. */
export const toOperatorProof = ({
  managementClient,
  linkingClient,
  brandName,
}: Pick<Config, 'managementClient' | 'linkingClient' | 'brandName'>): PageProof => ({
  way: OPERATOR_WAY,
  client_id: (managementClient ?? linkingClient).id,
  client_name: brandName,
})
