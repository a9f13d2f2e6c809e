/**
 * Configures the session library, nextjs-auth0, for this application.
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

/** The page to which a sign-in returns, unless it was started for another page. */
const HOME = '/settings/connected-accounts'
const MINUTE = 60
const HOUR = 60 * MINUTE
/** Scopes of the person's own token with `LINKING_AUTHORITY=user`. */
const CURRENT_USER_SCOPES = 'read:current_user update:current_user_identities'
/**
 * `max_age` of every sign-in, which makes the tenant put `auth_time` into the ID token. It is longer than any session of a
 * tenant, so it never makes people sign in again.
 */
const MAX_SIGN_IN_AGE_SECONDS = 366 * 24 * HOUR

/** Longest claim other than `sub` that a session keeps, in bytes of JSON. */
const MAX_CLAIM_BYTES = 120

/** The settings that sessions need. */
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

/** Makes the session library's client for this installation. */
export function createSessionClient(settings: SessionSettings): Auth0Client {
  const { appBaseUrl, auth0Domain, sessionClient, auth0Secret } = settings
  // The library accepts a port and `localhost` only if plain http is allowed. It still uses TLS if the origin is https. We allow
  // plain http only for a tenant on this machine.
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
    // Logout by OpenID Connect would put the ID token, and with it the email address, into a URL.
    logoutStrategy: 'v2',
    session: {
      rolling: true,
      inactivityDuration: 30 * MINUTE,
      absoluteDuration: 8 * HOUR,
      cookie: { name: sessionCookieName(settings), sameSite: 'lax', path: '/' },
    },
    // Without the prefix `__Host-`, another host could write this cookie and make a person finish someone else's sign-in.
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
 * The URL of the page to which a sign-in returns. The library shortens `returnTo` to a path. A path that begins with two slashes
 * would lead to another host, and the library turns `/.//evil.example` into such a path. So check the origin.
 */
function ownAddress(appBaseUrl: string, returnTo: string | undefined): URL {
  const target = returnTo ? parseUrl(returnTo, appBaseUrl) : undefined
  return target?.origin === appBaseUrl ? target : new URL(HOME, appBaseUrl)
}

/** The scope and audience to ask for. There is no `offline_access`, because we never act for a person who is not present. */
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

/** The session to store: with the time of the sign-in and whether a second factor was used, and without what we do not need. */
function withTimes(session: SessionData, { linkingAuthority }: SessionSettings): SessionData {
  const { auth_time, amr } = session.user
  const { accessToken, expiresAt } = session.tokenSet
  return {
    ...session,
    // Leave out what would only make the cookie larger: the ID token, and an access token that we never use.
    tokenSet: { accessToken: linkingAuthority === 'user' ? accessToken : '', expiresAt },
    user: briefClaims(session.user),
    authTime: typeof auth_time === 'number' ? auth_time : undefined,
    hasUsedMfa: Array.isArray(amr) && amr.includes('mfa'),
    since: session.internal.createdAt,
  }
}

/** Keeps only short claims, because people can make their name or other claims as long as they like. */
function briefClaims(claims: SessionData['user']): SessionData['user'] {
  const { sub, picture: _picture, ...others } = filterDefaultIdTokenClaims(claims)
  const short = Object.entries(others).filter(
    ([, value]) => Buffer.byteLength(JSON.stringify(value)) <= MAX_CLAIM_BYTES,
  )
  return { ...Object.fromEntries(short), sub }
}

/** The name of the session cookie. A long session is split into further cookies, whose names end in a number. */
export const sessionCookieName = (settings: Pick<SessionSettings, 'isSecure'>) =>
  hostOnly(settings, 'session', '__Host-session')

/** Chooses the name with the prefix `__Host-`, which no other host can write. Browsers accept the prefix only over TLS. */
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
 * @param returnTo - The path or URL to which the sign-in would have returned. A new sign-in from the page returns to it.
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
