/**
 * Loads auth0.js, the library that opens the sign-in windows and calls the tenant. Only the pages that need it load it.
 * @module
 */
import type { AuthOptions } from 'auth0-js'

/** The public client of the page that links in the browser, and the domain of its tenant. */
export interface BrowserLinkingClient {
  clientId: string
  /** Host of the canonical domain, with the port if there is one. No other domain serves the Management API. */
  domain: string
  /** URL of the page at which sign-in windows end. */
  redirectUri: string
}

/** The module of auth0.js. */
export type Auth0 = typeof import('auth0-js')

/** Loads auth0.js. */
export const loadAuth0 = (): Promise<Auth0> => import('auth0-js')

/** The options for auth0.js's `WebAuth`, both on the page and in its sign-in windows. */
export function webAuthOptions({ clientId, domain, redirectUri }: BrowserLinkingClient): AuthOptions {
  return {
    clientID: clientId,
    domain,
    redirectUri,
    // Without this, auth0.js would fetch the key from the issuer that the token itself names.
    overrides: { __jwks_uri: `https://${domain}/.well-known/jwks.json` },
  }
}
