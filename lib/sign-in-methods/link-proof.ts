import 'server-only'
import type { LinkProof } from '../../core'
import { config } from '../config/config'

/** How accounts are proven and linked on this page, as the account keeps it. */
export function linkProof(): LinkProof & { client_name: string } {
  const { linkingAuthority, sessionClient, brandName } = config()
  return {
    way: linkingAuthority === 'm2m' ? 'settings' : `settings_${linkingAuthority.replace('-', '_')}`,
    client_id: sessionClient.id,
    client_name: brandName,
  }
}
