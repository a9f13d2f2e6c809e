import 'server-only'
import type { LinkProof } from '../../core'
import type { Config } from '../config/config'

/** How accounts are proven and linked on the page, as an account stores it: the way, and the application. */
export type PageProof = LinkProof & { client_name: string }

/** The way of links that an operator made, as snapshots and events name it. */
export const OPERATOR_WAY = 'operator'

/** How accounts are proven and linked on the page of this installation. */
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

/** How an operator links accounts: no one proved them, the operator answers for the pair. */
export const toOperatorProof = ({
  managementClient,
  linkingClient,
  brandName,
}: Pick<Config, 'managementClient' | 'linkingClient' | 'brandName'>): PageProof => ({
  way: OPERATOR_WAY,
  client_id: (managementClient ?? linkingClient).id,
  client_name: brandName,
})
