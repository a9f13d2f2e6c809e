/**
 * An application of somebody else: a small OpenID Connect client on an origin of its own, which signs users in at the
 * tenant and knows nothing of account linking.
 * @module
 */
import { Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { html } from 'hono/html'
import * as client from 'openid-client'
import { page } from './pages/page'
import type { TenantState } from './state'

const NOTE = 'This is an application of another company. It knows nothing of account linking.'
// A cookie for each login, so that two tabs do not disturb each other.
const cookieOf = (state: string) => `login_${state}`
const CLIENT_ID = 'demo-other'

/** Parameters of `/login` that are passed on to the tenant. */
const PASSED_ON = ['connection', 'prompt', 'max_age', 'login_hint']

/**
 * Builds the application.
 *
 * `/` has a button "Sign in"; `/login` starts at once, and `?callback=native` comes back to the custom-scheme callback of a
 * native app instead; `/callback` shows the claims of the ID token, or the error.
 *
 * @param state - The tenant, for the addresses and the client's secret only.
 */
export function otherApplication(state: TenantState): Hono {
  const { loginOrigin, otherOrigin } = state.settings
  let discovered: Promise<client.Configuration> | undefined
  const configuration = () => {
    discovered ??= client
      .discovery(new URL(loginOrigin), CLIENT_ID, state.clients.get(CLIENT_ID)?.client_secret, undefined, {
        // The tenant's login door is plain http on loopback.
        execute: [client.allowInsecureRequests],
      })
      .catch((error) => {
        discovered = undefined
        throw error
      })
    return discovered
  }

  const app = new Hono()
  app.get('/', (context) =>
    context.html(page('Other Company', html`<form action="/login"><button>Sign in</button></form>`, NOTE)),
  )

  app.get('/login', async (context) => {
    const login = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
    }
    const isNative = context.req.query('callback') === 'native'
    const passedOn = Object.entries(context.req.query()).filter(([name]) => PASSED_ON.includes(name))
    const url = client.buildAuthorizationUrl(await configuration(), {
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
      const tokens = await client.authorizationCodeGrant(await configuration(), new URL(context.req.url), {
        expectedState: login.state,
        expectedNonce: login.nonce,
        pkceCodeVerifier: login.verifier,
      })
      return context.html(result('You are signed in', tokens.claims() ?? {}))
    } catch (error) {
      const { code, message } = error as { code?: string; message: string }
      return context.html(result('Sign-in failed', { error: code, error_description: message }), 400)
    }
  })
  return app
}

function result(title: string, shown: Record<string, unknown>) {
  return page(
    title,
    html`<pre tabindex="0">${JSON.stringify(shown, null, 2)}</pre><p><a href="/">Back</a></p>`,
    NOTE,
  )
}
