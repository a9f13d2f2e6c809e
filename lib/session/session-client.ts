/**
 * The session library, set up for this application.
 * @module
 */
import 'server-only'
import { Auth0Client, filterDefaultIdTokenClaims } from '@auth0/nextjs-auth0/server'
import type { SessionData } from '@auth0/nextjs-auth0/types'
import { NextResponse } from 'next/server'
import type { Config } from '@/lib/config/config'
import { isLoopback } from '@/lib/config/tenant-domain'
import { logEvent } from '@/lib/observability/log'
import { parseUrl } from '../../core/parse-url'
import { type SignInFailure, toSignInFailure } from './sign-in-failure'

/** The page a person lands on after signing in, unless the sign-in was started for another. */
const HOME = '/settings/connected-accounts'
const MINUTE = 60
const HOUR = 60 * MINUTE
/** Scopes of the person's own token, if that is what links. */
const CURRENT_USER_SCOPES = 'read:current_user update:current_user_identities'
/** Longer than any session of a tenant, so it never makes people sign in again; but it makes the tenant say when they signed in. */
const MAX_SIGN_IN_AGE_SECONDS = 366 * 24 * HOUR

/** Longest claim that a session keeps besides the account's id, in bytes of JSON. */
const MAX_CLAIM_BYTES = 120

/** What sessions need to know of this installation. */
export type SessionSettings = Pick<
  Config,
  | 'appBaseUrl'
  | 'auth0Domain'
  | 'auth0Secret'
  | 'isSecure'
  | 'linkingAuthority'
  | 'managementDomain'
  | 'sessionClient'
>

/** Makes the client of the session library for one installation. */
export function createSessionClient(settings: SessionSettings): Auth0Client {
  const { appBaseUrl, auth0Domain, sessionClient, auth0Secret } = settings
  // The library keeps a port, and accepts `localhost`, only if plain http is allowed. With an https origin it still calls
  // that origin over TLS. For every tenant that is not on this machine plain http is off.
  const isLocal = isLoopback(auth0Domain.origin)
  return new Auth0Client({
    domain: isLocal ? auth0Domain.origin : auth0Domain.host,
    allowInsecureRequests: isLocal,
    appBaseUrl,
    clientId: sessionClient.id,
    clientSecret: sessionClient.secret,
    secret: auth0Secret,
    signInReturnToPath: HOME,
    authorizationParameters: { ...requestedAccess(settings), max_age: MAX_SIGN_IN_AGE_SECONDS },
    beforeSessionSaved: async (session) => withTimes(session, settings),
    enableAccessTokenEndpoint: false,
    // The OpenID Connect way puts the ID token, and with it the address, into a URL.
    logoutStrategy: 'v2',
    session: {
      rolling: true,
      inactivityDuration: 30 * MINUTE,
      absoluteDuration: 8 * HOUR,
      cookie: { name: sessionCookieName(settings), sameSite: 'lax', path: '/' },
    },
    // Another host can write a cookie without the prefix, and so make a person finish another person's sign-in.
    transactionCookie: {
      prefix: hostOnly(settings, '__txn_', '__Host-txn_'),
      maxAge: 15 * MINUTE,
      sameSite: 'lax',
      path: '/',
    },
    onCallback: async (error, { returnTo }) => {
      if (!error) return NextResponse.redirect(ownAddress(appBaseUrl, returnTo), 303)
      const code = toSignInFailure(error)
      logEvent('sign_in_failed', { code, cause: error.code })
      return NextResponse.redirect(failurePage(appBaseUrl, code, returnTo), 303)
    },
  })
}

/**
 * The page that a sign-in comes back to. The library shortens the given address to a path, and a path that begins with two slashes
 * is the address of another host: `/.//evil.example` becomes one.
 */
function ownAddress(appBaseUrl: string, returnTo: string | undefined): URL {
  const target = returnTo ? parseUrl(returnTo, appBaseUrl) : undefined
  return target?.origin === appBaseUrl ? target : new URL(HOME, appBaseUrl)
}

/** No offline_access: nothing here acts for a person who is absent. */
function requestedAccess({ linkingAuthority, managementDomain }: SessionSettings): {
  scope: string
  audience?: string
} {
  const scope = 'openid profile email'
  if (linkingAuthority !== 'user') return { scope }
  return {
    scope: `${scope} ${CURRENT_USER_SCOPES}`,
    audience: `${managementDomain.origin}/api/v2/`,
  }
}

/** The session that the library stores, with the time of the sign-in and whether a second factor was used. */
function withTimes(session: SessionData, { linkingAuthority }: SessionSettings): SessionData {
  const { auth_time, amr } = session.user
  const { accessToken, expiresAt } = session.tokenSet
  return {
    ...session,
    // The cookie leaves out what is not needed: the ID token, and an access token that no call uses.
    tokenSet: { accessToken: linkingAuthority === 'user' ? accessToken : '', expiresAt },
    user: briefClaims(session.user),
    authTime: typeof auth_time === 'number' ? auth_time : undefined,
    hasUsedMfa: Array.isArray(amr) && amr.includes('mfa'),
    since: session.internal.createdAt,
  }
}

/** The short claims about the person: they can make a name or the address of a picture as long as they like. */
function briefClaims(claims: SessionData['user']): SessionData['user'] {
  const { sub, picture: _picture, ...others } = filterDefaultIdTokenClaims(claims)
  const short = Object.entries(others).filter(
    ([, value]) => Buffer.byteLength(JSON.stringify(value)) <= MAX_CLAIM_BYTES,
  )
  return { ...Object.fromEntries(short), sub }
}

/** The name of the session's cookie; a long session has further ones, with a number behind it. */
export const sessionCookieName = (settings: Pick<SessionSettings, 'isSecure'>) =>
  hostOnly(settings, 'session', '__Host-session')

/** Browsers take a name with the prefix `__Host-`, which no other host can write, over TLS only. */
function hostOnly(
  { isSecure }: Pick<SessionSettings, 'isSecure'>,
  plainName: string,
  secureName: string,
): string {
  return isSecure ? secureName : plainName
}

/**
 * The page that says why a sign-in failed.
 *
 * @param returnTo - The address of ours that the sign-in would have come back to: the next one does.
 */
export function failurePage(
  appBaseUrl: string,
  code: SignInFailure,
  returnTo: string | undefined = HOME,
): URL {
  const url = new URL(`/sign-in-failed?code=${code}`, appBaseUrl)
  if (returnTo !== HOME) url.searchParams.set('returnTo', returnTo)
  return url
}
