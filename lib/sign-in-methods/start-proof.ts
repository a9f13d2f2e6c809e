import 'server-only'
import { seeOther } from '@/lib/http/redirects'
import { startAuthorization } from '@/lib/oidc/start-authorization'
import { roomFor } from '@/lib/session/cookie-budget'
import type { WithHeaders } from '@/lib/session/cookies'
import {
  type ConnectFlow,
  connectFlowCookie,
  dropOldConnectFlows,
} from '@/lib/sign-in-methods/connect/connect-flow'
import type { Services } from '../link-flow/services'
import { CALLBACK_PATH } from './paths'

/** The account that the person is asked to sign in to: the current one, or the other one, which they want to connect. */
export type ProofOf = 'current' | 'other'

/**
 * Redirects the browser to the tenant, so that the person signs in to one of the two accounts.
 *
 * @param flow - The flow. It is stored in its cookie, with the authorization request that is started here.
 * @param of - The account to sign in to.
 * @param loginHint - Email address of that account, if known.
 * @throws {LinkingError} `tenant_unreachable` | `bad_issuer`
 */
export async function redirectToSignIn(
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
      // Ask the provider to list the person's accounts. Otherwise it may choose the one that they are signed in with.
      isListWanted: true,
      ...(services.linkingAuthority === 'user' && { api: currentUserAccess(services) }),
    }),
    loginHint,
    needsMfa: needsMfa?.includes(of),
  })
  const cookie = await connectFlowCookie(services, { ...flow, attempt: { ...attempt, of }, wrong: undefined })
  const cookies = [...dropOldConnectFlows(services, request, handle), ...(cookie ? [cookie] : [])]
  return seeOther(services, url, [...cookies, ...roomFor(services, request, cookies)])
}

/** The access token to ask for with `LINKING_AUTHORITY=user`: only the other account's own token may read that account. */
function currentUserAccess(services: Pick<Services, 'managementDomain'>) {
  return { audience: `${services.managementDomain.origin}/api/v2/`, scope: 'read:current_user' }
}
