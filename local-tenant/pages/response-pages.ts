/**
 * HTML documents that pass an authorization response on to the application. As at Auth0, they need a script; no other page
 * of the tenant has one.
 * @module
 */
import { html, raw } from 'hono/html'
import { type Markup, renderPage, TENANT_NOTE } from './page'

/**
 * A form that a script submits to the callback URL. If scripts are off, the user clicks its button.
 *
 * @param redirectUri - The callback URL.
 * @param parameters - Names and values of the authorization response.
 * @see {@link https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html#FormPostResponseMode OAuth 2.0 Form Post Response Mode section 2}
 */
export function formPostPage(redirectUri: string, parameters: [string, string][]): Markup {
  return renderPage(
    'Back to the application',
    html`<form method="post" action="${redirectUri}">
${parameters.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<button>Continue</button>
</form>
<script>document.forms[0].submit()</script>`,
    TENANT_NOTE,
  )
}

/**
 * A document that posts a message to the window that opened it, or to the page that embeds it.
 *
 * @param origin - The only origin that may read the message.
 * @param response - The authorization response, by parameter name.
 * @see https://auth0.com/docs/authenticate/protocols/oauth
 */
export function webMessagePage(origin: string, response: Record<string, string>): Markup {
  const message = inScript({ type: 'authorization_response', response })
  return renderPage(
    'Back to the application',
    html`<p>You can close this window.</p>
<script>(window.opener ?? window.parent).postMessage(${message}, ${inScript(origin)})</script>`,
    TENANT_NOTE,
  )
}

/** Returns a value as a script literal that cannot close the script element. */
function inScript(value: unknown): Markup {
  return raw(
    JSON.stringify(value).replace(
      /[<>\u2028\u2029]/g,
      (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  )
}
