/**
 * `POST /settings/connected-accounts/step-up`: redirects to the tenant, at which the person signs in to their current account
 * again, because the next step needs a fresh sign-in, with the second factor if the account has one.
 *
 * @module
 */

import { sessions } from '@/app/_sessions'
import { signInServices } from '@/app/settings/_services'
import { formFields } from '@/lib/http/form-fields'
import { redirectToPage } from '@/lib/http/redirects'
import { assertSameOrigin } from '@/lib/http/same-origin'
import { methodNotAllowed } from '@/lib/link-flow/documents/method-not-allowed'
import { signInPath } from '@/lib/session/sign-in-path'
import { newConnectFlow } from '@/lib/sign-in-methods/connect/connect-flow'
import { assertSessionAllowed } from '@/lib/sign-in-methods/limits'
import { disconnectPath, SIGN_IN_METHODS_PATH } from '@/lib/sign-in-methods/paths'
import { respondRefused } from '@/lib/sign-in-methods/refuse'
import { assertStepUpHelps, managementApiFor, readOwnAccount } from '@/lib/sign-in-methods/session-account'
import { redirectToSignIn } from '@/lib/sign-in-methods/start-proof'
import { wayBackOf, withWayBack } from '@/lib/way-back/carried'

export async function POST(request: Request): Promise<Response> {
  try {
    assertSameOrigin(signInServices().appBaseUrl, request)
    const session = await sessions().currentSession()
    const wayBack = wayBackOf(request)
    if (!session)
      return redirectToPage(signInServices(), signInPath(withWayBack(SIGN_IN_METHODS_PATH, wayBack)))
    await assertSessionAllowed(signInServices(), 'start', session)
    const fields = await formFields(request)
    const account = await readOwnAccount(managementApiFor(signInServices(), session, 'change'), session)
    assertStepUpHelps(session, account)
    const flow = newConnectFlow(session.userId, {
      wayBack,
      returnTo: disconnectPath(fields.get('identity') ?? '', fields.get('undo') === '1'),
      needsMfa: account.multifactor?.length ? ['current'] : [],
    })
    return await redirectToSignIn(signInServices(), request, flow, 'current', account.email)
  } catch (error) {
    return respondRefused(signInServices(), request, error)
  }
}

export const GET = methodNotAllowed(signInServices, 'POST')
export { GET as DELETE, GET as HEAD, GET as OPTIONS, GET as PATCH, GET as PUT }
