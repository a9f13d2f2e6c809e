/**
 * One sign-in in a window of its own.
 * @module
 */
import type { Auth0Callback, Auth0Error, WebAuth } from 'auth0-js'
import { type Auth0, type BrowserLinkingClient, webAuthOptions } from './client'
import type { BrowserLinkingCode } from './code'
import { parseAnswer, type SignInResult } from './proven-account'

/** A sign-in that was begun. */
export interface OpenSignIn {
  result: Promise<SignInResult>
  /** Closes the window; the result is then `popup_closed`. */
  close: () => void
}

/** How long a sign-in may take, in milliseconds. */
const DEADLINE = 10 * 60_000

/** The real type of `popup.authorize`; the published one lacks `max_age` and its return value. */
type Authorize = (
  parameters: Record<string, string | number>,
  callback: Auth0Callback<unknown>,
) => { originalPopup: Window | null; close: () => void }

/**
 * Opens a window in which a person signs in again. Call it while a click is handled: browsers open no window at other times.
 *
 * @param auth0 - The library.
 * @param client - Of this page.
 * @param wantsToken - Whether it is the account that stays: an access token for its identities is then asked for, too.
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
  // The library would wait for a window that never opened, or that no one uses.
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

/** The account that stays: it may read itself, and link to itself, and nothing else. */
const staying = ({ domain }: BrowserLinkingClient) => ({
  responseType: 'token id_token',
  audience: `https://${domain}/api/v2/`,
  scope: 'openid email read:current_user update:current_user_identities',
})
/** The other one only says who it is. */
const OTHER = { responseType: 'id_token', scope: 'openid email' }

/** 256 random bits. */
function randomText(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}

/** The two texts with which the library says that the window is gone. */
const CLOSED = ['User closed the popup window', 'client closed window']
/** An answer that it did not accept. */
const NOT_ACCEPTED = ['invalid_token', 'invalid_hash']

function toCode({ original, code }: Auth0Error): BrowserLinkingCode {
  if (CLOSED.includes(original)) return 'popup_closed'
  return code && NOT_ACCEPTED.includes(code) ? 'bad_id_token' : 'sign_in_failed'
}

/** The library keeps `state` and `nonce` in a cookie, which it deletes only once an answer has come. */
function forget(state: string): void {
  const name = `com.auth0.auth.${state}`
  // biome-ignore lint/suspicious/noDocumentCookie: CookieStore is not in every browser, and the library does the same
  for (const cookie of [name, `_${name}_compat`]) document.cookie = `${cookie}=; Max-Age=0; Path=/`
}
