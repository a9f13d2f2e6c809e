/**
 * `POST /settings/connected-accounts/connect`: redirects to the tenant, at which the person signs in to the account to connect.
 * If their last sign-in is not fresh or lacked the second factor of their current account, they first sign in to the current
 * account again.
 *
 * @module
 */

import { sessions } from '@/app/_sessions'
import { signInServices } from '@/app/settings/_services'
import type { Account } from '@/lib/auth0/account'
import type { ManagementApi } from '@/lib/auth0/management-api'
import { formFields } from '@/lib/http/form-fields'
import { redirectToPage } from '@/lib/http/redirects'
import { assertSameOrigin } from '@/lib/http/same-origin'
import { methodNotAllowed } from '@/lib/link-flow/documents/method-not-allowed'
import type { Session } from '@/lib/session/session'
import { signInPath } from '@/lib/session/sign-in-path'
import { SettingsRefusedError } from '@/lib/sign-in-methods/account-refusal'
import { type ConnectFlow, newConnectFlow, readConnectFlow } from '@/lib/sign-in-methods/connect/connect-flow'
import { findSuggestions } from '@/lib/sign-in-methods/connect/suggestions'
import { assertVerified } from '@/lib/sign-in-methods/connect/verify-address'
import { connectableConnections } from '@/lib/sign-in-methods/connections'
import { assertSessionAllowed } from '@/lib/sign-in-methods/limits'
import { SIGN_IN_METHODS_PATH } from '@/lib/sign-in-methods/paths'
import { respondRefused } from '@/lib/sign-in-methods/refuse'
import {
  assertStepUpHelps,
  isProvenEnough,
  managementApiFor,
  readOwnAccount,
} from '@/lib/sign-in-methods/session-account'
import { type ProofOf, redirectToSignIn } from '@/lib/sign-in-methods/start-proof'
import { wayBackOf, withWayBack } from '@/lib/way-back/carried'

export async function POST(request: Request): Promise<Response> {
  try {
    assertSameOrigin(signInServices().appBaseUrl, request)
    const session = await sessions().currentSession()
    if (!session)
      return redirectToPage(
        signInServices(),
        signInPath(withWayBack(SIGN_IN_METHODS_PATH, wayBackOf(request))),
      )
    await assertSessionAllowed(signInServices(), 'start', session)
    const fields = await formFields(request)
    return fields.has('flow')
      ? await tryAgain(request, session, fields)
      : await connect(request, session, fields)
  } catch (error) {
    return respondRefused(signInServices(), request, error)
  }
}

async function connect(
  request: Request,
  session: Session,
  fields: ReadonlyMap<string, string>,
): Promise<Response> {
  const api = managementApiFor(signInServices(), session, 'view')
  const account = await readOwnAccount(api, session)
  assertVerified(signInServices(), account)
  const { chosen, hasMfa } = await choose(api, account, fields)
  const needsMfa: ProofOf[] = [
    ...(account.multifactor?.length ? ['current' as const] : []),
    ...(hasMfa ? ['other' as const] : []),
  ]
  const wayBack = wayBackOf(request)
  return leave(request, session, account, newConnectFlow(session.userId, { chosen, needsMfa, wayBack }))
}

/** Finds what the form names: a suggested account, or a connection that the page offers. Anything else is refused. */
async function choose(
  api: ManagementApi,
  account: Account,
  fields: ReadonlyMap<string, string>,
): Promise<{ chosen: NonNullable<ConnectFlow['chosen']>; hasMfa: boolean }> {
  if (fields.has('suggestion')) {
    const suggestions = await findSuggestions(signInServices(), api, account)
    const found = suggestions.find(({ handle }) => handle === fields.get('suggestion'))
    if (!found) throw new SettingsRefusedError('not_available')
    const { userId, connection, provider, hasMfa } = found
    return { chosen: { connection, provider, userId, email: account.email }, hasMfa }
  }
  const connections = await connectableConnections(signInServices(), api)
  const found = connections.find(({ name }) => name === fields.get('connection'))
  if (!found) throw new SettingsRefusedError('unknown_connection')
  return { chosen: { connection: found.name, provider: found.strategy }, hasMfa: false }
}

/** Starts the proof again, after a sign-in to the wrong account or without the second factor. */
async function tryAgain(
  request: Request,
  session: Session,
  fields: ReadonlyMap<string, string>,
): Promise<Response> {
  const flow = await readConnectFlow(signInServices(), request, fields.get('flow'), session.userId)
  if (!flow?.chosen) throw new SettingsRefusedError('no_flow')
  const account = await readOwnAccount(managementApiFor(signInServices(), session, 'view'), session)
  assertVerified(signInServices(), account)
  const needsMfa: ProofOf[] = [
    ...(flow.needsMfa ?? []),
    ...(account.multifactor?.length ? ['current' as const] : []),
    ...(fields.has('mfa') ? ['other' as const] : []),
  ]
  return leave(request, session, account, { ...flow, needsMfa, proof: undefined, born: undefined })
}

/**
 * Redirects to a sign-in to the account to connect. If the last sign-in to the current account is not fresh, or lacked the
 * account's second factor, the person signs in to the current account first.
 */
async function leave(
  request: Request,
  session: Session,
  account: Account,
  flow: ConnectFlow,
): Promise<Response> {
  if (isProvenEnough(signInServices(), session, account))
    return redirectToSignIn(signInServices(), request, flow, 'other', flow.chosen?.email)
  assertStepUpHelps(session, account)
  return redirectToSignIn(signInServices(), request, flow, 'current', account.email)
}

export const GET = methodNotAllowed(signInServices, 'POST')
export { GET as DELETE, GET as HEAD, GET as OPTIONS, GET as PATCH, GET as PUT }
