/**
 * `/v2/logout` and `/oidc/logout`.
 * @module
 */

import type { Context } from 'hono'
import { html } from 'hono/html'
import { decodeJwt } from 'jose'
import { appendParameter } from '../actions/action-api'
import { endSession } from '../login/sso-session'
import { errorPage } from '../pages/login-pages'
import { renderPage, TENANT_NOTE } from '../pages/page'
import type { TenantState } from '../state'
import { doorFor, type Endpoint, type TenantParts } from '../tenant-parts'

/**
 * Ends the browser's session, and redirects to `returnTo` if that is an allowed logout URL of the client, or of any client
 * if there is no `client_id`. Query and fragment are not compared. Responds with 400 if the URL is not allowed.
 *
 * @see https://auth0.com/docs/api/authentication#logout
 * @see https://auth0.com/docs/authenticate/login/logout/redirect-users-after-logout
 */
export function logout(parts: TenantParts): Endpoint {
  return (context) => {
    const { client_id: clientId, returnTo } = context.req.query()
    endSession(parts.state, context, doorFor(parts, context))
    return redirectAfterLogout(context, parts.state, { clientId, target: returnTo, isQueryCompared: false })
  }
}

/**
 * Ends the browser's session, and redirects to `post_logout_redirect_uri` if that URL is allowed. Unlike {@link logout}, it
 * compares the query too.
 *
 * @see {@link https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout OpenID Connect RP-Initiated Logout section 2}
 */
export function oidcLogout(parts: TenantParts): Endpoint {
  return async (context) => {
    const form = context.req.method === 'POST' ? await context.req.parseBody() : {}
    const parameters: Record<string, unknown> = { ...context.req.query(), ...form }
    const { post_logout_redirect_uri: target, state } = parameters
    const clientId = parameters.client_id ?? audienceOf(parameters.id_token_hint)
    endSession(parts.state, context, doorFor(parts, context))
    const url = typeof target === 'string' ? target : undefined
    return redirectAfterLogout(context, parts.state, {
      clientId,
      target: url,
      isQueryCompared: true,
      applicationState: typeof state === 'string' ? state : undefined,
    })
  }
}

/** The redirect that a logout request asks for. */
interface LogoutRedirect {
  clientId: unknown
  target: string | undefined
  /** Whether the URL must be registered together with its query. */
  isQueryCompared: boolean
  applicationState?: string | undefined
}

function redirectAfterLogout(
  context: Context,
  state: TenantState,
  { clientId, target, isQueryCompared, applicationState }: LogoutRedirect,
): Response | Promise<Response> {
  context.header('cache-control', 'no-store')
  if (target === undefined) {
    return context.html(renderPage('You are signed out', html`<p>You can close this page.</p>`, TENANT_NOTE))
  }
  const clients = [...state.clients.values()].filter(({ client_id: id }) => (clientId ?? id) === id)
  const compared = (address: string) => (isQueryCompared ? address : address.replace(/[?#].*$/s, ''))
  const allowed = clients.flatMap((client) => client.allowed_logout_urls.map(compared))
  if (!allowed.includes(compared(target))) {
    return context.html(
      errorPage('invalid_request', 'The address to return to is not in the list of allowed logout URLs.'),
      400,
    )
  }
  return context.redirect(
    applicationState === undefined ? target : appendParameter(target, 'state', applicationState),
    302,
  )
}

// Does not verify the ID token, because it is only a hint and may have expired. Its audience only selects the client whose
// list of logout URLs applies.
function audienceOf(idToken: unknown): unknown {
  try {
    return [decodeJwt(String(idToken)).aud].flat()[0]
  } catch {
    return undefined
  }
}
