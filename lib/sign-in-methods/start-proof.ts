import 'server-only'
import { seeOther } from '@/lib/http/redirects'
import { startAuthorization } from '@/lib/oidc/start-authorization'
import { roomFor } from '@/lib/session/cookie-budget'
import type { WithHeaders } from '@/lib/session/cookies'
import { type ConnectFlow, connectFlowCookie, dropOldConnectFlows } from '@/lib/sign-in-methods/connect-flow'
import type { Services } from '../link-flow/services'
import { CALLBACK_PATH } from './paths'

/** Whose sign-in is asked for: the account in use, or the one to connect. */
export type ProofOf = 'current' | 'other'

/**
 * Sends the browser to the tenant, to sign in to one of the two accounts.
 *
 * @param flow - Stored with the authorization that was started.
 * @param loginHint - Address of the account, if it is known.
 * @throws {LinkingError} `tenant_unreachable` | `bad_issuer`
 */
export async function leaveFor(
  services: Services,
  request: WithHeaders,
  flow: ConnectFlow,
  of: ProofOf,
  loginHint?: string,
): Promise<Response> {
  const { handle, chosen, needsMfa } = flow
  const isOther = of === 'other' && chosen !== undefined
  const { url, attempt } = await startAuthorization(services, {
    handle,
    callback: CALLBACK_PATH,
    ...(isOther && {
      connection: { name: chosen.connection, provider: chosen.provider },
      // The provider may know several accounts of this person, and the one it would pick may be the one in use.
      isListWanted: true,
      ...(services.linkingAuthority === 'user' && { api: readingOneself(services) }),
    }),
    loginHint,
    needsMfa: needsMfa?.includes(of),
  })
  const cookie = await connectFlowCookie(services, { ...flow, attempt: { ...attempt, of }, wrong: undefined })
  const cookies = [...dropOldConnectFlows(services, request, handle), ...(cookie ? [cookie] : [])]
  return seeOther(services, url, [...cookies, ...roomFor(services, request, cookies)])
}

/** If the person's own token links, only the other account's own token may read that account. */
function readingOneself(services: Pick<Services, 'managementDomain'>) {
  return { audience: `${services.managementDomain.origin}/api/v2/`, scope: 'read:current_user' }
}
