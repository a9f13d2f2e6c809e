/**
 * Opens a sign-in in a separate window.
 * @module
 */
import type { Auth0Callback, Auth0Error, WebAuth } from 'auth0-js'
import { type Auth0, type BrowserLinkingClient, webAuthOptions } from './client'
import type { BrowserLinkingCode } from './code'
import { parseAnswer, type SignInResult } from './proven-account'

/** A sign-in that was started. */
export interface OpenSignIn {
  result: Promise<SignInResult>
  /** Closes the window; the result is then `popup_closed`. */
  close: () => void
}

/** How long a sign-in may take, in milliseconds. */
const DEADLINE = 10 * 60_000

/** The actual type of `popup.authorize`. The type in auth0.js's declarations lacks `max_age` and the return value. */
type Authorize = (
  parameters: Record<string, string | number>,
  callback: Auth0Callback<unknown>,
) => { originalPopup: Window | null; close: () => void }

/**
 * Opens a window in which the person signs in again. Call this only in a click handler, because browsers block windows at other
 * times.
 *
 * @param auth0 - The module of auth0.js.
 * @param client - The public client of this page.
 * @param wantsToken - True for the account that stays: the sign-in then also requests an access token, to read and link its
 *   identities.
 * @see {@link https://auth0.com/docs/libraries/auth0js auth0.js}
 */
export function openSignIn(auth0: Auth0, client: BrowserLinkingClient, wantsToken: boolean): OpenSignIn {
  const state = randomText()
  const nonce = randomText()
  const startedAt = Date.now()
  let end: (result: SignInResult) => void = () => {}
  const ended = new Promise<SignInResult>((resolve) => {
    end = resolve
  })
  const opened = authorizeIn(new auth0.WebAuth(webAuthOptions(client)))(
    { ...(wantsToken ? staying(client) : OTHER), state, nonce, prompt: 'login', max_age: 0 },
    (error, answer) => {
      const tookSeconds = (Date.now() - startedAt) / 1000
      end(error ? { code: toCode(error) } : parseAnswer(answer, { state, nonce, wantsToken, tookSeconds }))
    },
  )
  // auth0.js itself would wait forever for a window that was blocked, or in which no one signs in.
  if (!opened.originalPopup) end({ code: 'popup_blocked' })
  const deadline = setTimeout(end, DEADLINE, { code: 'popup_timeout' })
  const result = ended.finally(() => {
    clearTimeout(deadline)
    opened.close()
    forget(state)
  })
  return { result, close: () => end({ code: 'popup_closed' }) }
}

const authorizeIn = ({ popup }: WebAuth): Authorize =>
  (popup as unknown as { authorize: Authorize }).authorize.bind(popup)

/** The request for the account that stays. Its access token can only read this account and link identities to it. */
const staying = ({ domain }: BrowserLinkingClient) => ({
  responseType: 'token id_token',
  audience: `https://${domain}/api/v2/`,
  scope: 'openid email read:current_user update:current_user_identities',
})
/** The request for the other account. It gets only an ID token. */
const OTHER = { responseType: 'id_token', scope: 'openid email' }

/** 256 random bits, in hexadecimal digits. */
function randomText(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}

/** The two texts with which auth0.js reports that the window was closed. */
const CLOSED = ['User closed the popup window', 'client closed window']
/** The error codes with which auth0.js reports a response that it did not accept. */
const NOT_ACCEPTED = ['invalid_token', 'invalid_hash']

function toCode({ original, code }: Auth0Error): BrowserLinkingCode {
  if (CLOSED.includes(original)) return 'popup_closed'
  return code && NOT_ACCEPTED.includes(code) ? 'bad_id_token' : 'sign_in_failed'
}

/** Deletes the cookies in which auth0.js keeps `state` and `nonce`. It deletes them itself only after a response. */
function forget(state: string): void {
  const name = `com.auth0.auth.${state}`
  // biome-ignore lint/suspicious/noDocumentCookie: CookieStore is not in every browser, and the library does the same
  for (const cookie of [name, `_${name}_compat`]) document.cookie = `${cookie}=; Max-Age=0; Path=/`
}
