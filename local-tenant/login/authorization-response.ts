/**
 * The authorization response, which the browser carries to the application.
 * @module
 */
import type { Context } from 'hono'
import { appendParameter } from '../actions/action-api'
import type { ResponseMode } from '../model'
import { formPostPage, webMessagePage } from '../pages/response-pages'
import type { TenantEnv } from '../tenant-env'
import { doorFor, type TenantParts } from '../tenant-parts'

/**
 * Redirects the browser to the application, or returns an HTML document that passes the response on.
 *
 * @param parts - The tenant. The option `authorization_response_iss_parameter_supported` adds `iss` to the response.
 * @param context - The current request.
 * @param request - The callback URL, the response mode, and the application's `state`.
 * @param parameters - `code`, tokens, or `error` and `error_description`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 RFC 6749 section 4.1.2}
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.2.2 RFC 6749 section 4.2.2}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9207 RFC 9207}
 */
export function authorizationResponse(
  parts: TenantParts,
  context: Context<TenantEnv>,
  request: { redirectUri: string; responseMode: ResponseMode; state?: string },
  parameters: Record<string, string>,
): Response | Promise<Response> {
  const isNamed = parts.state.options.authorization_response_iss_parameter_supported
  const all = Object.entries({
    ...parameters,
    ...(request.state !== undefined && { state: request.state }),
    ...(isNamed && { iss: doorFor(parts, context).issuer }),
  })
  context.header('cache-control', 'no-store')
  const { redirectUri, responseMode } = request
  switch (responseMode) {
    case 'form_post':
      return context.html(formPostPage(redirectUri, all))
    case 'web_message':
      return context.html(webMessagePage(new URL(redirectUri).origin, Object.fromEntries(all)))
    case 'fragment': {
      const fragment = all.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
      return context.redirect(`${redirectUri}#${fragment}`, 302)
    }
    case 'query':
      return context.redirect(
        all.reduce((address, [name, value]) => appendParameter(address, name, value), redirectUri),
        302,
      )
  }
}
