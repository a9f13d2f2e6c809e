/**
 * Documents that hand the answer to an authorization request over to the application. They are the only ones of the login
 * side with a script, as on Auth0.
 * @module
 */
import { html, raw } from 'hono/html'
import { type Markup, page, TENANT_NOTE } from './page'

/**
 * A form that sends itself to the callback; without scripts, its button does.
 *
 * @param redirectUri - The callback.
 * @param parameters - Names and values of the answer.
 * @see {@link https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html#FormPostResponseMode OAuth 2.0 Form Post Response Mode section 2}
 */
export function formPostPage(redirectUri: string, parameters: [string, string][]): Markup {
  return page(
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
 * A message to the window that opened this one, or to the page that this frame is in.
 *
 * @param origin - The only origin that may read it.
 * @param response - The answer, by name.
 * @see https://auth0.com/docs/authenticate/protocols/oauth
 */
export function webMessagePage(origin: string, response: Record<string, string>): Markup {
  const message = inScript({ type: 'authorization_response', response })
  return page(
    'Back to the application',
    html`<p>This window can be closed.</p>
<script>(window.opener ?? window.parent).postMessage(${message}, ${inScript(origin)})</script>`,
    TENANT_NOTE,
  )
}

/** A value as a script takes it, which cannot end the script. */
function inScript(value: unknown): Markup {
  return raw(
    JSON.stringify(value).replace(
      /[<>\u2028\u2029]/g,
      (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  )
}
