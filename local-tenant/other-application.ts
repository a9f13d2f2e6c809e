/**
 * A third-party application: a small OpenID Connect client on its own origin that signs users in at the tenant and does not
 * know about account linking.
 * @module
 */
import { Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { html } from 'hono/html'
import * as client from 'openid-client'
import { atHost } from './door'
import type { SimpleFetch } from './fetch-trusting'
import { type Markup, renderPage } from './pages/page'
import type { TenantState } from './state'

const NOTE =
  'This is another application. It does not know about account linking; its account menu only has an address.'
// One cookie per login, so that two tabs do not disturb each other.
const cookieOf = (state: string) => `login_${state}`
const CLIENT_ID = 'demo-other'

/** Parameters of `/login` that the application passes on to the tenant. */
const PASSED_ON = ['connection', 'prompt', 'max_age', 'login_hint', 'organization']

/**
 * Builds the application.
 *
 * - `/` has a button "Sign in", and the account menu.
 * - `/login` starts a sign-in at once. With `?callback=native` it returns to the custom-scheme callback of a native app;
 *   with `?host=` it signs in at one of the tenant's custom hosts.
 * - `/callback` shows the claims of the ID token and the account menu, or the error.
 *
 * The account menu links to the page "Sign-in methods" of the linking service. The link's `return_to` asks that page to
 * offer a link back to this application's `/`.
 *
 * @param state - The tenant. Only its origins, its options and the client's secret are read.
 * @param fetchTenant - Sends requests to the login domain, which may use TLS.
 */
export function otherApplication(state: TenantState, fetchTenant: SimpleFetch): Hono {
  const { appOrigin, loginOrigin, otherOrigin } = state.settings
  const menu = accountMenu(appOrigin, `${otherOrigin}/`)
  const discovered = new Map<string, Promise<client.Configuration>>()
  const configuration = (host: unknown) => {
    const custom = state.options.custom_hosts.find((each) => each === host)
    const issuer = custom ? atHost(loginOrigin, custom) : loginOrigin
    // The discovery document depends on this option, so the option is part of the key.
    const key = `${issuer} ${state.options.authorization_response_iss_parameter_supported}`
    const kept = discovered.get(key)
    if (kept) return kept
    const found = client
      .discovery(new URL(issuer), CLIENT_ID, state.clients.get(CLIENT_ID)?.client_secret, undefined, {
        // The login domain uses plain http on loopback, or a certificate that only this process trusts.
        execute: [client.allowInsecureRequests],
        [client.customFetch]: fetchTenant,
      })
      .catch((error) => {
        discovered.delete(key)
        throw error
      })
    discovered.set(key, found)
    return found
  }

  const app = new Hono()
  app.get('/', (context) =>
    context.html(
      renderPage('Other Company', html`<form action="/login"><button>Sign in</button></form>${menu}`, NOTE),
    ),
  )

  app.get('/login', async (context) => {
    const login = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
      host: context.req.query('host'),
    }
    const isNative = context.req.query('callback') === 'native'
    const passedOn = Object.entries(context.req.query()).filter(([name]) => PASSED_ON.includes(name))
    const url = client.buildAuthorizationUrl(await configuration(login.host), {
      ...Object.fromEntries(passedOn),
      redirect_uri: isNative ? 'com.example.demo://callback' : `${otherOrigin}/callback`,
      scope: 'openid profile email',
      state: login.state,
      nonce: login.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(login.verifier),
      code_challenge_method: 'S256',
    })
    setCookie(context, cookieOf(login.state), JSON.stringify(login), {
      path: '/',
      httpOnly: true,
      sameSite: 'Lax',
    })
    return context.redirect(url.href, 302)
  })

  app.get('/callback', async (context) => {
    const answer = context.req.query()
    if (answer.error !== undefined) {
      return context.html(
        result('Sign-in failed', { error: answer.error, error_description: answer.error_description }),
      )
    }
    const login = JSON.parse(getCookie(context, cookieOf(answer.state ?? '')) ?? '{}') as Partial<
      Record<string, string>
    >
    deleteCookie(context, cookieOf(answer.state ?? ''), { path: '/' })
    try {
      const tokens = await client.authorizationCodeGrant(
        await configuration(login.host),
        new URL(context.req.url),
        {
          expectedState: login.state,
          expectedNonce: login.nonce,
          pkceCodeVerifier: login.verifier,
        },
      )
      return context.html(result('You are signed in', tokens.claims() ?? {}, menu))
    } catch (error) {
      const { code, message } = error as { code?: string; message: string }
      return context.html(result('Sign-in failed', { error: code, error_description: message }), 400)
    }
  })
  return app
}

/** Returns a link to the page "Sign-in methods". That page shows a link back to `returnTo`. */
function accountMenu(appOrigin: string, returnTo: string): Markup {
  const query = new URLSearchParams({ client_id: CLIENT_ID, return_to: returnTo })
  const address = `${appOrigin}/settings/connected-accounts?${query}`
  return html`<nav aria-label="Account"><p><a href="${address}">Sign-in methods</a></p></nav>`
}

function result(title: string, shown: Record<string, unknown>, menu: Markup = html``) {
  return renderPage(
    title,
    html`<pre tabindex="0">${JSON.stringify(shown, null, 2)}</pre>${menu}<p><a href="/">Back</a></p>`,
    NOTE,
  )
}
